import { nameOfEntity } from "../diff/change.ts";
import { entityKey, entityPointer, entityTable, ROOT_KEY } from "../diff/entity-table.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import { getAt, pointerOf } from "../pointer.ts";
import type { Problem } from "../problem.ts";
import { printable } from "../shown.ts";
import { validateDocument } from "../validate.ts";
import { type Conflict, conflictOf } from "./conflict.ts";
import { Fitting } from "./fitting.ts";
import { type Attempt, EntityMerger, type Together } from "./merge-entities.ts";
import { choiceAt, failPolicy, type Policy } from "./policy.ts";

/** A merged document, and everything about it that somebody should look at. */
export type Merge = {
  /** Always valid. Where both sides collide it has the side that the policy names, else ours. */
  readonly document: MixDocument;
  readonly conflicts: readonly Conflict[];
  /** What did not fit together (overlaps, ids of nothing, circles of buses ...) until one side was taken there. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
};

/** More rounds than ways to give in: a place, an entity, its owner, the document's own fields. */
const MOST_ROUNDS = 8;

const problemsOf = ({ document }: Attempt): readonly Problem[] => {
  const checked = validateDocument(document);
  return checked.ok ? [] : checked.problems;
};

const togetherWarning = (attempt: Attempt, { owner, keys }: Together): Problem => {
  const { entities } = entityTable(attempt.document);
  const named = keys.map((key) => `${nameOfEntity(entities.get(key)!) ?? ""} ${entities.get(key)!.id}`);
  const message = `Both sides added to one place of the chain of ${nameOfEntity(owner) ?? owner.id}: ${named.join(", ")}. They stand by id; change the order if it matters.`;
  return { code: "meaning", message: printable(message) };
};

/** The conflicts with their pointers into what was merged. */
const pointed = (document: MixDocument, conflicts: readonly Conflict[]): readonly Conflict[] => {
  const table = entityTable(document);
  return conflicts.map((conflict) => {
    const key = entityKey(conflict.kind, conflict.id ?? "");
    if (!table.entities.has(key)) return conflict;
    const entity = entityPointer(table, key);
    const value = entity + pointerOf(conflict.field === "" ? [] : conflict.field.split("/"));
    return { ...conflict, pointer: getAt(document, value).ok ? value : entity };
  });
};

/**
 * Three-way merge by id: every entity, field, keyframe and unknown key that one side changed is taken, order is merged, and both
 * sides may change one clip, chain or list. The result does not depend on who is ours, except in its conflicts. `base` is null when
 * the sides have no common ancestor.
 */
export const mergeDocuments = (
  base: MixDocument | null,
  ours: MixDocument,
  theirs: MixDocument,
  policy: Policy = failPolicy,
): Merge => {
  const tables = { base: entityTable(base ?? undefined), ours: entityTable(ours), theirs: entityTable(theirs) };
  const fitting = new Fitting(tables, policy);
  const tryAgain = () => new EntityMerger(tables, policy, fitting.pins).merge();
  let attempt = tryAgain();
  const problems = problemsOf(attempt);
  let left = problems;
  for (let round = 0; left.length > 0 && round < MOST_ROUNDS; round += 1) {
    fitting.fit(attempt.document, left);
    attempt = tryAgain();
    left = problemsOf(attempt);
  }
  const conflicts = [...attempt.conflicts, ...fitting.conflicts];
  const warnings = attempt.together.map((together) => togetherWarning(attempt, together));
  const { document } = attempt;
  if (left.length === 0) return { document, conflicts: pointed(document, conflicts), problems, warnings };
  const choice = choiceAt(policy, "");
  const taken = choice === "fail" || (choice === "base" && base === null) ? "ours" : choice;
  const values = { base, ours, theirs };
  const clash = { reason: "meaning", path: "", fields: [], values, message: left[0]!.message } as const;
  const whole = conflictOf(tables.ours.entities.get(ROOT_KEY)!, clash, taken, choice !== "fail");
  return { document: values[taken]!, conflicts: [...conflicts, whole], problems, warnings: [] };
};
