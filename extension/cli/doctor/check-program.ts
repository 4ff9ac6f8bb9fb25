import fs from "node:fs";
import { dirname, join } from "node:path";
import { type Check, fine, type Patient, problem, warning } from "./check.ts";

const LEAST_NODE = [20, 19] as const;

const checkNode = ({ nodeVersion }: Patient): Check => {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, "").split(".").map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isEnough
    ? fine("node", `Node ${nodeVersion}`)
    : problem("node", `Node ${nodeVersion} is too old.`, `Install Node ${LEAST_NODE.join(".")} or newer.`);
};

const built = ["cli/premix.mjs", "cli/render-worker.mjs", "panel/panel.js", "host-scripts/host.jsx"];

const checkBuild = ({ checkout }: Patient): Check => {
  const missing = built.filter((file) => !fs.existsSync(join(checkout, "dist", file)));
  return missing.length === 0
    ? fine("build", "command line, panel and host scripts are built")
    : problem("build", `The build lacks ${missing.join(", ")}.`, "Run npm run build.");
};

/** The smallest module that needs SIMD: a function that gives a v128 of zeros. */
const simdModule = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // header
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // a type: () -> v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b], // i32.const 0, i8x16.splat
);

const checkEngine = ({ checkout }: Patient): Check => {
  if (!WebAssembly.validate(simdModule))
    return problem(
      "engine",
      "This Node runs no WebAssembly SIMD.",
      "Use a 64-bit Node without flags that take it away.",
    );
  const file = join(checkout, "dist/engine/engine.wasm");
  const isWhole = fs.existsSync(file) && WebAssembly.validate(fs.readFileSync(file));
  return isWhole
    ? fine("engine", "WebAssembly SIMD runs, and engine.wasm is whole")
    : problem("engine", `${file} is missing or damaged.`, "Run npm run build.");
};

/** The folder itself, or where it would be made. */
const nearestFolder = (folder: string): string =>
  fs.existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));

const canWrite = (folder: string): boolean => {
  try {
    const nearest = nearestFolder(folder);
    fs.accessSync(nearest, fs.constants.W_OK | fs.constants.X_OK);
    return fs.statSync(nearest).isDirectory();
  } catch {
    // Why it cannot be written does not matter here: the user sees to the folder either way.
    return false;
  }
};

const checkFolders = ({ cacheFolder, machine }: Patient): Check[] => {
  const folders = [
    ["cache", "decoded media", cacheFolder],
    ["temporary", "temporary files", machine.temporaryFolder],
    ["settings", "the signing certificate", machine.configFolder],
  ] as const;
  return folders.map(([name, what, folder]) => {
    const id = `folder-${name}`;
    if (canWrite(folder)) return fine(id, `${folder} (${what})`);
    return problem(id, `${folder} (${what}) cannot be written.`, "Change its permissions, or free the path.");
  });
};

const checkFfmpeg = async ({ findFfmpeg }: Patient): Promise<Check> => {
  const name = await findFfmpeg();
  if (name !== null) return fine("ffmpeg", name);
  const message = "There is no ffmpeg: AAC and some other codecs cannot be read by the command line.";
  return warning("ffmpeg", message, "Install ffmpeg, or name one in PREMIX_FFMPEG. All else works without.");
};

/** The command line's own ground: Node, build, engine, folders, ffmpeg. */
export const checkProgram = async (patient: Patient): Promise<Check[]> => [
  checkNode(patient),
  checkBuild(patient),
  checkEngine(patient),
  ...checkFolders(patient),
  await checkFfmpeg(patient),
];
