import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const compiler = path.join(root, "node_modules/assemblyscript/bin/asc.js");
const { options } = JSON.parse(readFileSync(path.join(root, "engine/asconfig.json"), "utf8")) as {
  options: { readonly runtime: string; readonly enable: readonly string[]; readonly initialMemory: number };
};

/** Compiles one AssemblyScript file of the tests by itself, to reach functions that the engine does not export. */
export const compileAssembly = (
  entry: string,
): {
  readonly exports: Readonly<Record<string, (...args: number[]) => number>>;
  readonly memory: WebAssembly.Memory;
} => {
  const folder = mkdtempSync(path.join(tmpdir(), "premix-assembly-"));
  const outFile = path.join(folder, "out.wasm");
  const flags = [
    "-O3",
    "--noAssert",
    "--runtime",
    options.runtime,
    "--enable",
    options.enable.join(","),
    "--importMemory",
  ];
  execFileSync(
    process.execPath,
    [compiler, entry, ...flags, "--disableWarning", "112", "--config", "none", "--outFile", outFile],
    { cwd: root },
  );
  const module = new WebAssembly.Module(readFileSync(outFile));
  rmSync(folder, { recursive: true });
  const memory = new WebAssembly.Memory({ initial: options.initialMemory });
  const abort = () => {
    throw new Error(`${entry} stopped`);
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  return { exports: instance.exports as Readonly<Record<string, (...args: number[]) => number>>, memory };
};
