import { extendsList, folderFile, packageName } from "./folder-file.ts";
import { entity, listOf, text } from "./shapes.ts";

const houseAt = entity("Where a house package lies.", {
  name: packageName("Name of the package."),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a path variable is written in a file.
  path: text("Its folder: relative to this file, or below a variable of settings.local.jsonc such as ${houses}."),
});

export const Project = folderFile(
  "project",
  "What a mix/ folder is, and what it builds on.",
  {
    name: text("For people."),
    extends: extendsList,
    houses: listOf(houseAt, "House packages that lie neither in house/ nor in node_modules.", 64),
    documents: listOf(text("A path or pattern relative to this file."), "Where the mix documents are.", 256),
  },
  ["extends", "houses", "documents"],
);
