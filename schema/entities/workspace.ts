import { extendsList, folderFile, layerIn } from "./folder-file.ts";
import { entity, listOf, text } from "./shapes.ts";

const folder = entity("A project of the workspace.", { path: text("Its mix/ folder, relative to this file.") });

export const Workspace = folderFile(
  "workspace",
  "Several projects that share settings, such as the episodes of a season.",
  {
    name: text("For people."),
    folders: listOf(folder, "The projects.", 1024),
    extends: extendsList,
    settings: layerIn("The workspace's layer: goes over the house and under the projects."),
  },
  ["name", "extends", "settings"],
);
