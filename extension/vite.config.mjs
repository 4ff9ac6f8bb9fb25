/** The builds: the command line (Node 20), and the panel (Chromium 99, classic scripts that run from file://). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const define = { PREMIX_VERSION: JSON.stringify(version) };
const quiet = { configFile: false, root, logLevel: "warn", define, publicDir: false };

/** Two entries side by side: the program and the thread that renders tracks. Packages are bundled; nothing is installed to run it. */
export const cliConfig = () => ({
  ...quiet,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(root, "dist/cli"),
    emptyOutDir: true,
    target: "node20",
    minify: true,
    rollupOptions: {
      input: {
        premix: join(root, "extension/cli/main.ts"),
        "render-worker": join(root, "engine/node/render-worker.ts"),
      },
      output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs", format: "es" },
    },
  },
});

const WASM_FILES = ["engine.wasm", "rnnoise.wasm", "rnnoise-layers.wasm", "gtcrn.wasm"];

/** Gives the engine worker its wasm as text: a Blob worker on file:// can fetch nothing. */
const engineWasm = {
  name: "premix-engine-wasm",
  resolveId: (id) => (id === "virtual:engine-wasm" ? `\0${id}` : null),
  load: (id) => {
    if (id !== "\0virtual:engine-wasm") return null;
    const read = (name) => [name, readFileSync(join(root, "dist/engine", name)).toString("base64")];
    return `export default ${JSON.stringify(Object.fromEntries(WASM_FILES.map(read)))};`;
  },
};

const panelEntry = (name, input) => ({
  ...quiet,
  plugins: [engineWasm],
  build: {
    outDir: join(root, "dist/panel"),
    emptyOutDir: false,
    target: "chrome99",
    minify: true,
    lib: {
      entry: join(root, input),
      formats: ["iife"],
      name: "premix",
      fileName: () => `${name}.js`,
      cssFileName: name,
    },
  },
});

/** The panel's page and its engine worker. */
export const panelConfigs = () => [
  panelEntry("engine-worker", "engine/browser/engine-worker.ts"),
  panelEntry("panel", "extension/panel/main.tsx"),
];
