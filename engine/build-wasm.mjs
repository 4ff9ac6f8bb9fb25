// Compiles engine/assembly to dist/engine/engine.wasm and its types to engine/generated/engine.d.ts, and the layers of RNNoise to
// rnnoise-layers.wasm beside it, unless all are up to date.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";
import { buildNeural } from "./build-neural.mjs";
import { exists, replaceFile } from "./replace-file.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const wasmPath = path.join(root, "dist/engine/engine.wasm");
const layersPath = path.join(root, "dist/engine/rnnoise-layers.wasm");
const layersEntry = "engine/assembly/neural/rnnoise-layers.ts";
const stampPath = path.join(root, "dist/engine/engine.sources.sha256");
const lockPath = path.join(root, "dist/engine/building.lock");
const typesPath = path.join(root, "engine/generated/engine.d.ts");
const STALE_LOCK_MS = 180_000;

const sourceFiles = async () => {
  const folder = path.join(root, "engine/assembly");
  const entries = await readdir(folder, { recursive: true });
  const sources = entries.filter((name) => name.endsWith(".ts")).map((name) => path.join(folder, name));
  return [...sources.sort(), path.join(root, "engine/asconfig.json"), path.join(root, "engine/build-wasm.mjs")];
};

const hashSources = async () => {
  const hash = createHash("sha256").update(asc.version);
  for (const file of await sourceFiles()) hash.update(path.relative(root, file)).update(await readFile(file));
  return hash.digest("hex");
};

const readOrEmpty = (file) =>
  readFile(file, "utf8").catch((error) => (error.code === "ENOENT" ? "" : Promise.reject(error)));
/** asc's raw bindings speak of one memory export and of usize as number; kept as asc writes them. */
const compile = async (entry) => {
  const { options, entries } = JSON.parse(await readFile(path.join(root, "engine/asconfig.json"), "utf8"));
  const flags = Object.entries(options).flatMap(([name, value]) =>
    name === "textFile" || value === false ? [] : value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
  const outputs = new Map();
  const result = await asc.main(
    [...(entry ? [entry] : entries), ...flags, "--bindings", "raw", "--config", "none", "--baseDir", root],
    {
      readFile: (name, base) =>
        readFile(path.resolve(base, name), "utf8").catch((error) =>
          error.code === "ENOENT" ? null : Promise.reject(error),
        ),
      writeFile: (name, content) => void outputs.set(path.extname(name), content),
      listFiles: () => [],
      stdout: asc.createMemoryStream(),
      stderr: asc.createMemoryStream(),
    },
  );
  return {
    error: result.error,
    messages: result.stderr.toString(),
    wasm: outputs.get(".wasm"),
    types: outputs.get(".ts"),
  };
};

/** Files that asc names under an error (not under a warning). */
const brokenFiles = (messages) => {
  const errors = messages.split(/^(?=ERROR|WARNING|INFO)/m).filter((message) => message.startsWith("ERROR"));
  return [...new Set(errors.flatMap((message) => message.match(/engine\/assembly\/[\w/.-]+\.ts/)?.[0] ?? []))];
};

const failure = async (messages) =>
  [
    messages.trim(),
    `engine.wasm was not rebuilt: asc refuses ${brokenFiles(messages).join(", ") || "the sources"} (above).`,
    (await exists(wasmPath))
      ? "The last good dist/engine/engine.wasm stays in place and tests go on with it; whoever changed these files mends them."
      : "There is no earlier engine.wasm to fall back to.",
  ].join("\n");

const acquireLock = async () => {
  for (;;) {
    try {
      await mkdir(lockPath);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const age = await stat(lockPath).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_LOCK_MS) await rm(lockPath, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const isFresh = async (hash) =>
  (await exists(wasmPath)) &&
  (await exists(layersPath)) &&
  (await exists(typesPath)) &&
  (await readOrEmpty(stampPath)) === hash;

/** Builds when a source has changed; gives { built, wasmPath }, throws with asc's messages when it cannot. */
export const buildWasm = async () => {
  await mkdir(path.dirname(wasmPath), { recursive: true });
  await mkdir(path.dirname(typesPath), { recursive: true });
  await buildNeural();
  if (await isFresh(await hashSources())) return { built: false, wasmPath };
  await acquireLock();
  try {
    const hash = await hashSources();
    if (await isFresh(hash)) return { built: false, wasmPath };
    const { error, messages, wasm, types } = await compile();
    if (error) throw new Error(await failure(messages || error.message));
    const layers = await compile(layersEntry);
    if (layers.error) throw new Error(await failure(layers.messages || layers.error.message));
    await replaceFile(layersPath, layers.wasm);
    await replaceFile(wasmPath, wasm);
    await replaceFile(typesPath, types);
    await replaceFile(stampPath, hash);
    return { built: true, wasmPath, sizeBytes: wasm.length };
  } finally {
    await rm(lockPath, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const started = performance.now();
  try {
    const { built, sizeBytes } = await buildWasm();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(built ? `engine.wasm: ${sizeBytes} bytes in ${seconds} s` : "engine.wasm is up to date");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
