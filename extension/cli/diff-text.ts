import type { Change } from "../../schema/diff/change.ts";
import { diffDocuments } from "../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { type ChangeLine, changeGroups } from "../session/change-groups.ts";
import type { Paint } from "./colours.ts";
import type { Mixes } from "./open-mixes.ts";
import { printable } from "./text.ts";

const signs = { add: "+", remove: "-", change: "~", move: ">" } as const;

const lineText = ({ op, text }: ChangeLine, paint: Paint): string => {
  const colour = op === "add" ? paint.added : op === "remove" ? paint.removed : paint.changed;
  return `  ${colour(`${signs[op]} ${printable(text)}`)}\n`;
};

/** The changes of two documents, grouped by track and bus. */
export const diffText = (before: MixDocument, after: MixDocument, changes: readonly Change[], paint: Paint): string =>
  changeGroups(before, after, changes)
    .map(
      ({ title, lines }) => `${paint.title(printable(title))}\n${lines.map((line) => lineText(line, paint)).join("")}`,
    )
    .join("");

/** What differs, and the same in lines; changes of projects name their sequence. */
export type MixDifference = {
  readonly changes: readonly (Change & { readonly sequence?: string })[];
  readonly text: string;
};

type Pair = { readonly before: MixDocument | undefined; readonly after: MixDocument | undefined };

const bySequence = (before: Mixes, after: Mixes): readonly Pair[] => {
  const ids = new Set([...after.documents, ...before.documents].map(({ sequence }) => sequence.id));
  const find = ({ documents }: Mixes, id: string) => documents.find(({ sequence }) => sequence.id === id);
  return [...ids].map((id) => ({ before: find(before, id), after: find(after, id) }));
};

const sequenceChange = (op: "add" | "remove", { sequence }: MixDocument): Change => ({
  op,
  pointer: "/sequence",
  path: "/sequence",
  kind: "MixDocument",
  id: sequence.id,
  name: sequence.name,
  field: "sequence",
  before: op === "add" ? null : sequence,
  after: op === "add" ? sequence : null,
  unit: null,
});

const projectDifference = (pair: Pair, paint: Paint): MixDifference => {
  const { before, after } = pair;
  const one = (after ?? before)!;
  const title = `sequence ${printable(one.sequence.name)}`;
  if (before && after) {
    const changes = diffDocuments(before, after).map((change) => ({ ...change, sequence: one.sequence.name }));
    const text = changes.length === 0 ? "" : `${paint.title(title)}\n${diffText(before, after, changes, paint)}`;
    return { changes, text };
  }
  const change = sequenceChange(after ? "add" : "remove", one);
  const colour = after ? paint.added : paint.removed;
  return { changes: [{ ...change, sequence: one.sequence.name }], text: `${colour(`${signs[change.op]} ${title}`)}\n` };
};

/** The difference of two files: document with document as one mix, anything with a project sequence by sequence. */
export const mixDifference = (before: Mixes, after: Mixes, paint: Paint): MixDifference => {
  const [was, is] = [before.documents[0], after.documents[0]];
  if (!before.isProject && !after.isProject && was && is) {
    const changes = diffDocuments(was, is);
    return { changes, text: diffText(was, is, changes, paint) };
  }
  const parts = bySequence(before, after).map((pair) => projectDifference(pair, paint));
  return { changes: parts.flatMap(({ changes }) => changes), text: parts.map(({ text }) => text).join("") };
};
