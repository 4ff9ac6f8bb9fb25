import { folderFile, layerIn, packageName } from "./folder-file.ts";
import { entity, listOf, text } from "./shapes.ts";
import { Programme } from "./targets.ts";

const { profile: _, ...programme } = Programme.properties!;

const Profile = entity(
  "A delivery specification of the house.",
  {
    title: text("For people."),
    citation: text("Where it is written down."),
    programme: entity("What the whole mix must measure.", programme, ["maxShortTermLufs"]),
  },
  ["citation"],
);

export const House = folderFile(
  "house",
  "A house package: settings, presets and delivery specifications for many projects. Plain data, never code.",
  {
    name: packageName("Name of the package."),
    version: {
      type: "string",
      pattern: "^(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})(-[0-9A-Za-z.-]{1,40})?$",
      description: 'Version of the package: "2.1.0".',
    },
    title: text("For people."),
    description: text("What it is for, in one sentence."),
    layer: layerIn("The house's layer, or the name of the file that holds it (a settings file).", "fileName"),
    presets: text("Folder of its presets, relative to this file."),
    profiles: {
      type: "object",
      description: "Delivery specifications, by name.",
      additionalProperties: Profile,
    },
    locked: listOf(
      text(
        "A JSON pointer into the layer, list items by id: /targets/programme/integratedLufs, /[dialogue]/track/processors/prc_limiter.",
      ),
      "What no workspace, project or document may change.",
      256,
    ),
  },
  ["description", "layer", "presets", "profiles", "locked"],
);

const lockedFile = entity("A file of the package.", {
  path: text("Relative to the package, `/` separators."),
  integrity: {
    type: "string",
    pattern: "^sha256-[A-Za-z0-9+/=]{43,64}$",
    description: '"sha256-" and the digest of its bytes.',
  },
});

const lockedHouse = entity("A house package as it was when it was accepted.", {
  name: packageName("Name of the package."),
  version: text("Version of the package."),
  source: text("Where it was found, as the project names it."),
  files: listOf(lockedFile, "Every file that was read.", 4096),
});

export const HouseLock = folderFile(
  "houseLock",
  "The house packages of this project, file by file, so that the mix sounds the same next year. Written by premix house update.",
  { houses: listOf(lockedHouse, "By name.", 64) },
);
