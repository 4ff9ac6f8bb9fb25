import type { Problem } from "../../schema/problem.ts";

/** A command of the contract that this version does not have yet. */
export type LaterCommand = { readonly name: string; readonly does: string };

export const laterCommands: readonly LaterCommand[] = [{ name: "export", does: "writing other formats" }];

/** Says honestly that a command is still to come, and what there is. */
export const laterProblem = ({ name, does }: LaterCommand, available: readonly string[]): Problem => ({
  code: "usage",
  message: `premix ${name} (${does}) comes in a later version; available: ${available.join(", ")}.`,
  allowed: available,
});
