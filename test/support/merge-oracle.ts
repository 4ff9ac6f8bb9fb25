import { canonicalText } from "../../schema/canonical.ts";
import { diffDocuments } from "../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import type { Conflict } from "../../schema/merge/conflict.ts";
import { mergeDocuments } from "../../schema/merge/merge-documents.ts";
import { parsePolicy } from "../../schema/merge/policy.ts";
import { validateDocument } from "../../schema/validate.ts";
import { collide, type Edit, editedDocument, randomEdits, withEdits } from "./concurrent-edits.ts";
import { randomFrom } from "./random.ts";

/** What became of one pair of concurrent edits. */
export type PairOutcome = {
  readonly isColliding: boolean;
  readonly isUnfit: boolean;
  readonly edits: number;
  /** What the merge got wrong; empty when nothing. */
  readonly complaints: readonly string[];
};

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

/** Lists whose order nobody hears are compared as sets; so are chains whose order both sides may have changed. */
const comparable = (document: MixDocument, freeChains: ReadonlySet<string>): MixDocument => {
  const copy = structuredClone(document);
  for (const list of [copy.buses, copy.stems, copy.decisions, copy.duckers]) (list as { id: string }[]).sort(byId);
  for (const { targets } of copy.duckers) targets.sort();
  for (const owner of [...copy.tracks.flatMap((track) => [track, ...track.clips]), ...copy.buses]) {
    if (freeChains.has(owner.id)) owner.processors.sort(byId);
    for (const { bands } of owner.processors as { bands?: { frequencyHz: number }[] }[])
      bands?.sort((a, b) => a.frequencyHz - b.frequencyHz);
  }
  return copy;
};

const freeChainsOf = (edits: readonly Edit[]) =>
  new Set(
    edits
      .filter(({ reorders, what }) => reorders !== undefined || what.startsWith("delete prc"))
      .map(({ chain }) => chain!),
  );

/** Ids that the conflicts name, and the ids of all that stands in those entities. */
const namedIds = (conflicts: readonly Conflict[]): ReadonlySet<string> =>
  new Set(
    conflicts.flatMap(({ id, path, base, ours, theirs }) => [
      id ?? "",
      ...path.split("/"),
      ...[base, ours, theirs]
        .flatMap((value) => JSON.stringify(value).match(/"id":"[^"]+"/g) ?? [])
        .map((text) => text.slice(6, -1)),
    ]),
  );

const swapped = ({ ours, theirs, taken, ...rest }: Conflict) => ({
  ...rest,
  ours: theirs,
  theirs: ours,
  taken: taken === "ours" ? "theirs" : taken === "theirs" ? "ours" : taken,
});

const sorted = (conflicts: readonly object[]) =>
  conflicts.map((conflict) => JSON.stringify(conflict, Object.keys(conflict).sort())).sort();

const policyOf = (word: string) => {
  const policy = parsePolicy([word]);
  if (!policy.ok) throw new Error(word);
  return policy.value;
};

/** Merges two random sets of edits and holds the result to what applying both one after the other gives. */
export const tryPair = (seed: number, editsPerSide: number): PairOutcome => {
  const random = randomFrom(seed);
  const base = editedDocument();
  const ourEdits = randomEdits(base, random, editsPerSide, "o");
  const theirEdits = randomEdits(base, random, editsPerSide, "t");
  const [ours, theirs] = [withEdits(base, ourEdits), withEdits(base, theirEdits)];
  const edits = [...ourEdits, ...theirEdits];
  const complaints: string[] = [];
  const merge = mergeDocuments(base, ours, theirs);
  const kept = theirEdits.filter((edit) => !ourEdits.some((own) => collide(own, edit)));
  const isColliding = kept.length < theirEdits.length;
  const isCoarse = ourEdits.some((own) =>
    theirEdits.some((edit) => collide(own, edit) && (own.isCoarse || edit.isCoarse)),
  );
  const expected = withEdits(base, [...ourEdits, ...kept]);
  const isUnfit = !validateDocument(expected).ok;
  const free = freeChainsOf(edits);
  const [is, wanted] = [comparable(merge.document, free), comparable(expected, free)];

  if (!validateDocument(merge.document).ok) complaints.push("the merged document is invalid");
  if (!isCoarse && isUnfit !== merge.problems.length > 0)
    complaints.push(
      `problems ${merge.problems.map(({ message }) => message).join()} but expected ${isUnfit ? "some" : "none"}`,
    );
  const hasConflicts = isColliding || isUnfit;
  if (hasConflicts ? merge.conflicts.length === 0 : merge.conflicts.length > 0)
    complaints.push(`${merge.conflicts.length} conflicts: ${JSON.stringify(merge.conflicts)}`);
  if (merge.conflicts.some(({ path }) => path === "")) complaints.push("one side was taken as a whole");
  const named = isUnfit ? namedIds(merge.conflicts) : new Set<string>();
  const lost = diffDocuments(wanted, is).filter(({ path }) => !path.split("/").some((part) => named.has(part)));
  if (!isCoarse && lost.length > 0) complaints.push(`edits lost: ${JSON.stringify(lost)}`);

  const mirror = mergeDocuments(base, theirs, ours, policyOf("theirs"));
  const straight = mergeDocuments(base, ours, theirs, policyOf("ours"));
  if (canonicalText(straight.document) !== canonicalText(merge.document))
    complaints.push("ours by policy is not ours by default");
  if (canonicalText(mirror.document) !== canonicalText(straight.document))
    complaints.push(`not commutative: ${JSON.stringify(diffDocuments(straight.document, mirror.document))}`);
  if (String(sorted(mirror.conflicts.map(swapped))) !== String(sorted(straight.conflicts)))
    complaints.push("conflicts are not mirrored");
  return {
    isColliding,
    isUnfit,
    edits: edits.length,
    complaints: complaints.map(
      (complaint) => `seed ${seed}: ${complaint}\n  ${edits.map(({ what }) => what).join("\n  ")}`,
    ),
  };
};

/** How many edits each side of a pair makes: from one to a day's work. */
export const editsOfPair = (pair: number): number => [1, 2, 5, 10, 20][pair % 5]!;
