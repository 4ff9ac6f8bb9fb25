import { basename } from "node:path";
import { initProject } from "../../session/init-project.ts";
import { absolute } from "../arguments.ts";
import type { Command } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns } from "../text.ts";

const codeSettings = ".vscode/settings.json";

export const initCommand: Command = {
  name: "init",
  summary: "makes the mix/ folder of a project, with schemas for editors",
  usage: "[<dir>]",
  options: [],
  examples: ["premix init", "premix init ~/films/harbour"],
  positionals: [0, 1],
  run: async (call) => {
    const folder = absolute(call, call.positionals[0] ?? ".");
    const { files } = createGround();
    const { written, kept } = await initProject(files, folder, { name: basename(folder), houses: [] });
    const isNew = written.includes("mix/project.jsonc");
    const warnings =
      isNew && kept.includes(codeSettings)
        ? [`${codeSettings} was there and stays as it is; files that name their $schema are checked all the same.`]
        : [];
    const rows = [...written.map((path) => ["wrote", path]), ...kept.map((path) => ["kept", path])];
    return { exitCode: 0, json: { ok: true, exitCode: 0, folder, written, kept }, text: columns(rows), warnings };
  },
};
