/** The builds: the command line (Node 20), and the panel (Chromium 99, classic scripts that run from file://). */
import { existsSync, readFileSync } from "node:fs";
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

const panelEntry = (name, input, more = {}) => ({
  ...quiet,
  build: {
    outDir: join(root, "dist/panel"),
    emptyOutDir: false,
    target: "chrome99",
    minify: true,
    lib: { entry: join(root, input), formats: ["iife"], name: "premix", fileName: () => `${name}.js` },
    ...more,
  },
});

/** The panel and its engine worker; none until the panel's sources are there. */
export const panelConfigs = () =>
  existsSync(join(root, "extension/panel/main.tsx"))
    ? [panelEntry("engine-worker", "engine/browser/engine-worker.ts"), panelEntry("panel", "extension/panel/main.tsx")]
    : [];
