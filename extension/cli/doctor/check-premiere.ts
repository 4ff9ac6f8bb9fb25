import fs from "node:fs";
import { join } from "node:path";
import { CEP_VERSION, debugModeCommand, readDebugMode } from "../../packaging/debug-mode.ts";
import { PANEL_ID, type PanelManifest, readFolder, readManifest } from "../../packaging/panel-files.ts";
import { verifyFiles } from "../../packaging/verify-files.ts";
import { type Check, fine, type Patient, problem, warning } from "./check.ts";

const REINSTALL = "Run npm run install-panel.";
const LOG_TAIL_BYTES = 256 * 1024;

/** A copy of the panel in one of the extensions folders. */
type Installed = {
  readonly place: string;
  readonly manifest: PanelManifest | null;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
};

const inspect = (place: string): Installed => {
  const files = readFolder(fs.realpathSync(place));
  const { problems, warnings } = verifyFiles(files);
  return {
    place,
    manifest: readManifest(files),
    faults: problems.map(({ message }) => message),
    notes: warnings,
  };
};

const inspectSafely = (place: string): Installed => {
  try {
    return inspect(place);
  } catch (error) {
    // A panel that cannot be read is a finding, not a failure of the check.
    return { place, manifest: null, faults: [error instanceof Error ? error.message : String(error)], notes: [] };
  }
};

const checkPanels = (panels: readonly Installed[]): Check => {
  const [first, second] = panels;
  if (!first) return warning("panel", "The panel is not installed for this user.", REINSTALL);
  const shown = panels.map(({ place, manifest }) => `${place} (${manifest?.version ?? "no manifest"})`).join(", ");
  if (!second) return fine("panel", shown);
  return warning("panel", `The panel is there twice: ${shown}. CEP takes the higher version.`, "Remove one of them.");
};

const checkSignature = ({ place, faults, notes }: Installed): Check => {
  if (faults.length === 0) return fine("signature", `${place} is as signed. ${notes.join(" ")}`);
  const shown = faults.slice(0, 5).join(" ");
  return problem("signature", `${place}: ${shown}${faults.length > 5 ? ` (${faults.length} faults)` : ""}`, REINSTALL);
};

/** Premiere 26 lists no panel whose range is a bare version; 25.0 is the first with CEP 12. */
const checkManifest = ({ place, manifest }: Installed): Check => {
  if (manifest === null) return problem("manifest", `${place} has no manifest that names a panel.`, REINSTALL);
  const isRange = /^[[(]\d+(\.\d+)*,\d+(\.\d+)*[\])]$/.test(manifest.hostRange);
  const isCep = Number.parseFloat(manifest.cepVersion) === CEP_VERSION;
  return isRange && isCep
    ? fine(
        "manifest",
        `${PANEL_ID} ${manifest.version} asks for Premiere ${manifest.hostRange} and CEP ${manifest.cepVersion}`,
      )
    : problem("manifest", `It asks for Premiere "${manifest.hostRange}" and CEP "${manifest.cepVersion}".`, REINSTALL);
};

const checkDebugMode = ({ machine, run }: Patient, panels: readonly Installed[]): Check => {
  if (readDebugMode(machine.platform, run)) return fine("debug-mode", "CEP's debug mode is on");
  const isSigned = panels.length > 0 && panels.every(({ faults }) => faults.length === 0);
  if (isSigned) return fine("debug-mode", "CEP's debug mode is off, which a signed panel can do with");
  const action = `For a panel that is changed in place, run: ${debugModeCommand(machine.platform)}`;
  return warning("debug-mode", "CEP's debug mode is off: a panel without a good signature does not load.", action);
};

const logVersion = (name: string): number => Number(/^CEP(\d+)-PPRO\.log$/.exec(name)?.[1] ?? 0);

const listLogs = (folder: string): readonly string[] =>
  fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => logVersion(name) > 0) : [];

const checkCep = (names: readonly string[]): Check => {
  const newest = Math.max(0, ...names.map(logVersion));
  if (newest >= CEP_VERSION) return fine("cep", `Premiere ran with CEP ${newest}`);
  if (newest === 0)
    return warning(
      "cep",
      "There is no CEP log: Premiere never ran here, or not since logs were cleared.",
      "Start Premiere once.",
    );
  return problem(
    "cep",
    `Premiere ran with CEP ${newest}; the panel needs CEP ${CEP_VERSION}.`,
    "Update Premiere to 25.0 or newer.",
  );
};

const tailOf = (file: string): string => {
  const descriptor = fs.openSync(file, "r");
  try {
    const { size } = fs.fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    const read = fs.readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8", 0, read);
  } finally {
    fs.closeSync(descriptor);
  }
};

const checkLog = (file: string): Check => {
  const lines = tailOf(file)
    .split(/\r?\n/)
    .filter((line) => line.toLowerCase().includes(PANEL_ID));
  const last = lines.filter((line) => /verification failed|error|not loaded|invalid/i.test(line)).at(-1);
  if (last === undefined) return fine("log", `${file}: no complaint about the panel in its last part`);
  return warning(
    "log",
    `${file} complains: ${last.trim().slice(0, 300)}`,
    `If it is from the last start: ${REINSTALL}`,
  );
};

const checkLogs = ({ logFolder }: Patient["machine"]): Check[] => {
  if (logFolder === null) return [];
  const names = listLogs(logFolder);
  const current = names.find((name) => logVersion(name) === CEP_VERSION);
  return [checkCep(names), ...(current ? [checkLog(join(logFolder, current))] : [])];
};

/** Premiere's side: the installed panel, its manifest and signature, CEP's version, debug flag and log. */
export const checkPremiere = (patient: Patient): Check[] => {
  const { extensionFolders, platform } = patient.machine;
  if (extensionFolders.length === 0)
    return [fine("premiere", `Premiere Pro does not run on this system (${platform}); the command line needs none`)];
  const places = extensionFolders.map((folder) => join(folder, PANEL_ID)).filter((place) => fs.existsSync(place));
  const panels = places.map(inspectSafely);
  const debugMode = debugModeCommand(platform) === null ? [] : [checkDebugMode(patient, panels)];
  return [
    checkPanels(panels),
    ...panels.flatMap((panel) => [checkManifest(panel), checkSignature(panel)]),
    ...debugMode,
    ...checkLogs(patient.machine),
  ];
};
