import { exitCodeOf } from "../../../schema/problem.ts";
import { openDocument } from "../../session/open-document.ts";
import { absolute } from "../arguments.ts";
import type { Command } from "../command.ts";
import { failure, problemJson } from "../failure.ts";
import { createGround } from "../ports.ts";
import { problemText } from "../text.ts";

export const validateCommand: Command = {
  name: "validate",
  summary: "checks a document's schema and meaning",
  usage: "<doc>",
  options: [],
  examples: ["premix validate mix/documents/episode.mix.json", "premix validate episode.mixb --json"],
  positionals: [1, 1],
  run: async (call) => {
    const path = absolute(call, call.positionals[0]!);
    const checked = await openDocument(createGround().files, path);
    if (checked.ok) {
      const warnings = checked.warnings.map(problemJson);
      const json = { ok: true, exitCode: 0, errors: [], warnings };
      const text = `${checked.warnings.map((warning) => `warning: ${problemText(warning)}`).join("")}${path} is valid.\n`;
      return { exitCode: 0, json, text };
    }
    const { problems, total = problems.length } = checked;
    const text = `${problems.map(problemText).join("")}${total} problem${total === 1 ? "" : "s"} in ${path}\n`;
    const exitCode = exitCodeOf(problems);
    return { exitCode, json: { ...failure(checked).json, warnings: [], total }, text };
  },
};
