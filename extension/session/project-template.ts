import { editorAssociations } from "../../schema/editor-schemas.ts";
import { CURRENT_VERSION } from "../../schema/migrations.ts";
import { gitAttributeLines } from "./git-attributes.ts";

/** What a new project says of itself. */
export type NewProject = {
  readonly name: string;
  /** Names of the house packages that it builds on, lowest first. */
  readonly houses: readonly string[];
};

const head = (schema: string, format: string): string =>
  `"$schema": "./schema/${schema}.schema.json",\n  "format": "${format}",\n  "formatVersion": "${CURRENT_VERSION}"`;

const projectText = ({ name, houses }: NewProject): string => `// What this mix/ folder is, and what it builds on.
{
  ${head("project", "project")},
  "name": ${JSON.stringify(name)},

  // House packages and presets, lowest first: names of packages in house/ or node_modules, or relative paths.
  "extends": ${JSON.stringify(houses)},

  // House packages that lie elsewhere: { "name": "@acme/mix-house", "path": "\${houses}/acme" }
  "houses": [],

  "documents": ["documents/*.mix.json"]
}
`;

const settingsText = `// What holds for every document of this project, over its house. A document, its tracks and its clips may say otherwise.
// Editors complete and explain every key; premix explain shows which layer won.
{
  ${head("settings", "settings")},

  // "targets": { "programme": { "integratedLufs": -24 } },

  // What holds for one role. Items of lists are merged by id; repeat the type to have the parameters checked.
  // "[dialogue]": {
  //   "track": { "processors": [{ "id": "prc_low_cut", "type": "equalizer", "bands": [{ "kind": "lowCut", "frequencyHz": 80 }] }] }
  // },

  "note": ""
}
`;

const localText = `// What holds on this machine alone; git leaves this file out. Nothing in it can be heard.
{
  ${head("local-settings", "localSettings")},

  // Where \${media} in a document is on this machine: "media": "/Volumes/Rushes"
  "variables": {}
}
`;

const attributesText = `${gitAttributeLines.join("\n")}
*.jsonc text eol=lf
*.schema.json text eol=lf linguist-generated
*.wav binary
`;

const ignoreText = `# Of this machine alone, or made again from the rest.
/settings.local.jsonc
/analysis/
/renders/**/*.wav
`;

const codeSettings = (): string => `${JSON.stringify({ "json.schemas": editorAssociations() }, null, 2)}\n`;

const codeExtensions = `{
  // Nothing has to be installed: the JSON support that VS Code comes with reads the schemas in mix/schema.
  "recommendations": []
}
`;

/** Folders of a project, seen from the folder that holds `mix/`. */
export const projectFolders = ["documents", "presets", "house", "analysis", "renders", "schema"].map(
  (name) => `mix/${name}`,
);

/** The files that people own, by path: written once, never again. */
export const projectFiles = (project: NewProject): ReadonlyMap<string, string> =>
  new Map([
    ["mix/project.jsonc", projectText(project)],
    ["mix/settings.jsonc", settingsText],
    ["mix/settings.local.jsonc", localText],
    ["mix/.gitattributes", attributesText],
    ["mix/.gitignore", ignoreText],
    [".vscode/settings.json", codeSettings()],
    [".vscode/extensions.json", codeExtensions],
  ]);
