import { fileURLToPath } from "node:url";

/** The checkout's top folder: from the sources and from the bundle alike, it is two folders up. */
export const checkoutFolder = fileURLToPath(new URL("../../", import.meta.url));

/** The script that starts this command line. */
export const programFile = fileURLToPath(new URL("../../extension/cli/premix.mjs", import.meta.url));
