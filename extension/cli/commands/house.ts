import { ProblemError } from "../../../schema/problem.ts";
import { take } from "../../session/settle.ts";
import { updateHouseLock } from "../../session/update-house-lock.ts";
import { absolute, usageProblem } from "../arguments.ts";
import type { Command } from "../command.ts";
import { createGround } from "../ports.ts";

export const houseCommand: Command = {
  name: "house",
  summary: "accepts the houses of a project as they are now (house.lock.json)",
  usage: "update [<mix folder>]",
  options: [],
  examples: ["premix house update", "premix house update MyFilm/mix --json"],
  positionals: [1, 2],
  run: async (call) => {
    const [action, folder = "mix"] = call.positionals;
    if (action !== "update") {
      const message = `There is no premix house ${JSON.stringify(action)}; the form is premix house update [<mix folder>].`;
      throw new ProblemError(usageProblem(message, { allowed: ["update"] }));
    }
    const updated = take(await updateHouseLock(createGround().files, absolute(call, folder)));
    const { file, houses, changes } = updated;
    const text = `${changes.map((change) => `${change}\n`).join("")}${file}: ${houses.length} houses locked\n`;
    return { exitCode: 0, json: { ok: true, exitCode: 0, ...updated }, text };
  },
};
