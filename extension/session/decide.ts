import type { Decision, MixDocument } from "../../schema/generated/mix-document.ts";

/** Adds a decision, in the place of an older one of the same id. */
export const decide = (document: MixDocument, decision: Decision): MixDocument => ({
  ...document,
  decisions: [...document.decisions.filter(({ id }) => id !== decision.id), decision],
});
