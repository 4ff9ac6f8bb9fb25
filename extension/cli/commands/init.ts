import { basename } from "node:path";
import { type ShippedHouse, shippedHouses } from "../../../schema/houses/index.ts";
import { findShippedHouse, initProject } from "../../session/init-project.ts";
import { take } from "../../session/settle.ts";
import { absolute } from "../arguments.ts";
import type { Command } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns } from "../text.ts";

const codeSettings = ".vscode/settings.json";
const projectFile = "mix/project.jsonc";

const codeWarnings = (written: readonly string[], kept: readonly string[]): readonly string[] =>
  written.includes(projectFile) && kept.includes(codeSettings)
    ? [`${codeSettings} was there and stays as it is; files that name their $schema are checked all the same.`]
    : [];

const houseWarnings = (houses: readonly ShippedHouse[], kept: readonly string[]): readonly string[] =>
  houses.length > 0 && kept.includes(projectFile)
    ? [
        `${projectFile} was there and stays as it is; to build on ${houses.map(({ name }) => name).join(", ")}, name it under "extends" there.`,
      ]
    : [];

export const initCommand: Command = {
  name: "init",
  summary: "makes the mix/ folder of a project, with schemas for editors",
  usage: "[<dir>] [--house <name> ...]",
  options: [
    {
      name: "house",
      kind: "list",
      shown: "<name>",
      doc: `copies a house into mix/house and builds on it; may be repeated: ${shippedHouses.map(({ name }) => name).join(", ")}`,
    },
  ],
  examples: ["premix init", "premix init ~/films/harbour --house streaming-drama"],
  positionals: [0, 1],
  run: async (call) => {
    const folder = absolute(call, call.positionals[0] ?? ".");
    const { files } = createGround();
    const houses = (call.lists["house"] ?? []).map((name) => take(findShippedHouse(name)));
    const { written, kept } = take(await initProject(files, folder, { name: basename(folder), houses }));
    const warnings = [...codeWarnings(written, kept), ...houseWarnings(houses, kept)];
    const rows = [...written.map((path) => ["wrote", path]), ...kept.map((path) => ["kept", path])];
    return { exitCode: 0, json: { ok: true, exitCode: 0, folder, written, kept }, text: columns(rows), warnings };
  },
};
