import { folderFile, layerFile } from "./folder-file.ts";
import { text } from "./shapes.ts";

export const Settings = layerFile(
  "settings",
  "The project's layer: goes over its house and workspace, and under its documents.",
);

export const LocalSettings = folderFile("localSettings", "What holds on this machine alone; never anything audible.", {
  variables: {
    type: "object",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a path variable is written in a document.
    description: "Path variables by name (letters): media is written ${media} in documents.",
    additionalProperties: true,
    patternProperties: { "^[A-Za-z]{1,40}$": text("A folder of this machine.") },
  },
});
