import { fileURLToPath } from "node:url";

/** The bundled demo: from the sources and from the bundle alike, dist/ is two folders up. */
export const demoProject = fileURLToPath(new URL("../../dist/demo/demo.xml", import.meta.url));

/** Folder of the demo's media. */
export const demoMedia = fileURLToPath(new URL("../../dist/demo/media", import.meta.url));
