import { fileURLToPath } from "node:url";

/** The script that starts this command line: from the sources and from the bundle alike, the checkout is two folders up. */
export const programFile = fileURLToPath(new URL("../../extension/cli/premix.mjs", import.meta.url));
