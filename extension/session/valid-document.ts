import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { validateDocument } from "../../schema/validate.ts";

/** Stops with what is wrong when a sequence gives a document that nobody could open again (overlapping clips, for one). */
export const requireValid = (document: MixDocument): void => {
  const checked = validateDocument(document);
  if (checked.ok) return;
  const problems = checked.problems.map((problem): Problem => {
    const message = `The sequence "${document.sequence.name}" cannot be mixed as it lies. ${problem.message}`;
    return { ...problem, code: "meaning", message };
  });
  throw new ProblemError(...problems);
};
