// The doctor on machines that are not this one: folders, logs and programs are made up, the checks are the real ones.
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Check, Patient } from "../../../extension/cli/doctor/check.ts";
import { checkPremiere } from "../../../extension/cli/doctor/check-premiere.ts";
import { checkProgram } from "../../../extension/cli/doctor/check-program.ts";
import { installPanel } from "../../../extension/packaging/install-panel.ts";
import { machineOf } from "../../../extension/packaging/machine.ts";
import { signFiles } from "../../../extension/packaging/package-signature.ts";
import { runJson } from "../../support/run-main.ts";
import { panelFiles, signedPanel, testIdentity, withChanged } from "../../support/signed-panel.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const root = join(import.meta.dirname, "../../..");
const folder = temporaryFolders();

const patient = (changes: Partial<Patient> = {}, platform: NodeJS.Platform = "darwin"): Patient => ({
  machine: machineOf({ APPDATA: folder(), TEMP: folder() }, platform, folder()),
  checkout: root,
  cacheFolder: join(folder(), "cache/premix"),
  nodeVersion: "v20.19.0",
  run: () => null,
  findFfmpeg: async () => "ffmpeg 5.1 (ffmpeg)",
  ...changes,
});

/** Premiere on a Mac, with the panel installed for the user. */
const withPanel = (changes: Partial<Patient> = {}, files = signedPanel()) => {
  const one = patient(changes);
  const [extensions] = one.machine.extensionFolders;
  const place = installPanel(extensions!, { files });
  return { patient: { ...one, machine: { ...one.machine, extensionFolders: [extensions!, folder()] } }, place };
};

const writeLog = ({ machine }: Patient, name: string, text: string) => {
  mkdirSync(machine.logFolder!, { recursive: true });
  writeFileSync(join(machine.logFolder!, name), text);
};

const statuses = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ id, status }) => [id, status]));
const find = (checks: readonly Check[], id: string) => checks.find((check) => check.id === id)!;

describe("the ground of the command line", () => {
  test("a sound one is ok throughout", async () => {
    expect(statuses(await checkProgram(patient()))).toEqual({
      node: "ok",
      build: "ok",
      engine: "ok",
      "folder-cache": "ok",
      "folder-temporary": "ok",
      "folder-settings": "ok",
      ffmpeg: "ok",
    });
  });

  test("an old Node, no ffmpeg, no build and a damaged engine are named with what to do", async () => {
    const checkout = folder();
    mkdirSync(join(checkout, "dist/engine"), { recursive: true });
    writeFileSync(
      join(checkout, "dist/engine/engine.wasm"),
      readFileSync(join(root, "dist/engine/engine.wasm")).subarray(1),
    );
    const checks = await checkProgram(patient({ checkout, nodeVersion: "v18.20.1", findFfmpeg: async () => null }));
    expect(statuses(checks)).toMatchObject({ node: "problem", build: "problem", engine: "problem", ffmpeg: "warning" });
    expect(find(checks, "build").message).toContain("panel/panel.js");
    expect(checks.filter(({ status }) => status !== "ok").every(({ action }) => action)).toBe(true);
  });

  test("a folder whose place a file has taken is a problem", async () => {
    const cacheFolder = join(folder(), "taken");
    writeFileSync(cacheFolder, "");
    const checks = await checkProgram(patient({ cacheFolder: join(cacheFolder, "premix") }));
    expect(find(checks, "folder-cache")).toMatchObject({ status: "problem", action: expect.stringContaining("free") });
  });

  test("looking changes nothing", async () => {
    const home = folder();
    const machine = machineOf({}, "darwin", home);
    await checkProgram(patient({ machine, cacheFolder: join(home, "cache") }));
    checkPremiere(patient({ machine }));
    expect(readdirSync(home)).toEqual([]);
  });
});

describe("Premiere's side", () => {
  test("no panel: a warning that says how to install it", () => {
    const checks = checkPremiere(patient());
    expect(find(checks, "panel")).toMatchObject({ status: "warning", action: "Run npm run install-panel." });
    expect(find(checks, "debug-mode").action).toContain("defaults write com.adobe.CSXS.12 PlayerDebugMode 1");
    expect(find(checkPremiere(patient({}, "win32")), "debug-mode").action).toContain("reg add HKCU");
  });

  test("a signed panel and a log of CEP 12 are ok, with debug mode off", () => {
    const { patient: one } = withPanel();
    writeLog(one, "CEP12-PPRO.log", "INFO app.premix.panel.main loaded\nERROR com.other.panel not loaded\n");
    expect(statuses(checkPremiere(one))).toEqual({
      panel: "ok",
      manifest: "ok",
      signature: "ok",
      "debug-mode": "ok",
      cep: "ok",
      log: "ok",
    });
  });

  test("a changed file is named, and debug mode is advised", () => {
    const { patient: one, place } = withPanel();
    appendFileSync(join(place, "panel/panel.js"), "//");
    const checks = checkPremiere(one);
    expect(find(checks, "signature")).toMatchObject({ status: "problem" });
    expect(find(checks, "signature").message).toContain("panel/panel.js was changed");
    expect(find(checks, "debug-mode").status).toBe("warning");
  });

  test.each([
    ["darwin", "1\n", "on"],
    ["darwin", "0\n", "off"],
    ["win32", "\r\nHKEY_CURRENT_USER\\Software\\Adobe\\CSXS.12\r\n    PlayerDebugMode    REG_SZ    1\r\n\r\n", "on"],
    ["win32", "    PlayerDebugMode    REG_SZ    0\r\n", "off"],
  ] as const)("debug mode on %s, %j, is %s", (platform, printed, state) => {
    const asked: string[] = [];
    const run = (command: string, words: readonly string[]) => {
      asked.push([command, ...words].join(" "));
      return printed;
    };
    expect(find(checkPremiere(patient({ run }, platform)), "debug-mode").message).toContain(`debug mode is ${state}`);
    expect(asked.join()).toMatch(/^(defaults read com\.adobe|reg query HKCU\\Software\\Adobe\\)\.?CSXS\.12/);
  });

  test("a manifest with a bare version, which Premiere 26 does not list", () => {
    const bare = withChanged(panelFiles, "CSXS/manifest.xml", (text) => text.replace("[25.0,99.9]", "25.0"));
    const { patient: one } = withPanel({}, signFiles(bare, testIdentity()));
    expect(find(checkPremiere(one), "manifest").message).toContain('asks for Premiere "25.0"');
  });

  test("two panels", () => {
    const { patient: one, place } = withPanel();
    cpSync(place, join(one.machine.extensionFolders[1]!, "app.premix.panel"), { recursive: true });
    expect(find(checkPremiere(one), "panel").message).toContain("The panel is there twice");
  });

  test("an older CEP alone is a problem; its complaint about the panel is quoted", () => {
    const { patient: one } = withPanel();
    writeLog(one, "CEP11-PPRO.log", "");
    expect(find(checkPremiere(one), "cep")).toMatchObject({
      status: "problem",
      action: expect.stringContaining("25.0"),
    });
    writeLog(
      one,
      "CEP12-PPRO.log",
      `${"x".repeat(300_000)}\nERROR Signature verification failed for extension app.premix.panel.main\n`,
    );
    const checks = checkPremiere(one);
    expect(find(checks, "cep").status).toBe("ok");
    expect(find(checks, "log").message).toContain("Signature verification failed for extension app.premix.panel.main");
  });

  test("a panel that cannot be read is a finding", () => {
    const { patient: one, place } = withPanel();
    writeFileSync(join(place, "META-INF/signatures.xml"), "<");
    expect(statuses(checkPremiere(one))).toMatchObject({ manifest: "ok", signature: "problem" });
    symlinkSync(join(root, "README.md"), join(place, "readme"));
    expect(statuses(checkPremiere(one))).toMatchObject({ manifest: "problem", signature: "problem" });
  });
});

test("premix doctor --json is one object with an entry a check, and 3 when something is wrong", async () => {
  const home = folder();
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, "config") };
  type Told = { readonly ok: boolean; readonly checks: readonly Check[] };
  const sound = await runJson<Told>(["doctor"], { env });
  expect(sound.exitCode).toBe(0);
  expect(sound.json.checks.length).toBeGreaterThan(6);
  installPanel(home, { files: withChanged(signedPanel(), "panel/panel.js", () => "") });
  const ill = await runJson<Told>(["doctor", "--extensions", home], { env });
  expect(ill.exitCode).toBe(3);
  expect(ill.json.ok).toBe(false);
  expect(find(ill.json.checks, "signature").status).toBe("problem");
});
