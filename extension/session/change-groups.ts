import type { Change } from "../../schema/diff/change.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ChangeWriter, type Sentence } from "./change-sentences.ts";

export type ChangeLine = {
  readonly op: Change["op"];
  /** What changed on the track or bus: a clip, a processor; "" = the track or bus itself. */
  readonly subject: string;
  readonly text: string;
};

/** The changes of one track, bus or part of the document. */
export type ChangeGroup = { readonly title: string; readonly lines: readonly ChangeLine[] };

const plurals: Readonly<Record<string, string>> = { Clip: "clips", Cue: "cues", Decision: "decisions" };

const isPoint = ({ field }: Change): boolean => field.startsWith("automation/") && field.includes("/points/");

/** "gain +1.5 dB", or null for what is no change of a figure. */
const step = ({ op, before, after, unit }: Change, what: string): string | null => {
  if (op !== "change" || typeof before !== "number" || typeof after !== "number" || unit === null) return null;
  const by = Number((after - before).toFixed(4));
  return `${what.slice(0, what.indexOf(" -> ")).replace(/ \S+$/, "")} ${by > 0 ? "+" : ""}${by.toFixed(1)} ${unit}`;
};

/** Changes that say the same of several things share a key. */
const foldKey = (change: Change, { group, what }: Sentence): string => {
  if (isPoint(change)) return `${group} points ${change.kind} ${change.id} ${change.field.split("/")[1]}`;
  if (change.kind === "Decision") return `${group} ${change.op}`;
  return change.kind in plurals && change.field !== ""
    ? `${group} ${change.kind} ${what}`
    : `${group} ${change.path} ${what}`;
};

const counted = (count: number, words: string) => (count === 0 ? [] : [`${count} ${words}`]);

const pointsText = (writer: ChangeWriter, changes: readonly Change[], { subject }: Sentence): string => {
  const entity = writer.entity(changes[0]!)!;
  const [, param = ""] = changes[0]!.field.split("/");
  const places = changes.map(({ field }) => writer.pointTicks(entity, param, field.split("/")[3]!));
  const inOrder = places.sort((a, b) => (a < b ? -1 : Number(a > b)));
  const [first, last] = [inOrder[0]!, inOrder.at(-1)!];
  const tally = (["add", "remove", "change"] as const).flatMap((op) =>
    counted(changes.filter((change) => change.op === op).length, `${op}${op === "add" ? "ed" : "d"}`),
  );
  return `${subject === "" ? "" : `${subject}: `}volume automation ${writer.place(first)}-${writer.place(last)}: ${tally.join(", ")}`;
};

const textOf = (writer: ChangeWriter, changes: readonly Change[], sentence: Sentence): string => {
  const { subject, what } = sentence;
  const [first] = changes;
  if (changes.length > 1 && isPoint(first!)) return pointsText(writer, changes, sentence);
  if (changes.length > 1 && first!.kind === "Decision")
    return `${changes.length} ${first!.op === "add" ? "added" : `${first!.op}d`}`;
  if (changes.length > 1) return `${changes.length} ${plurals[first!.kind]} ${step(first!, what) ?? what}`;
  return subject === "" ? what : `${subject} ${what}`;
};

type Lines = Map<string, { readonly sentence: Sentence; readonly changes: Change[] }>;

/** The changes as lines for people, by track and bus in document order; what happened alike to many clips is one line. */
export const changeGroups = (
  before: MixDocument,
  after: MixDocument,
  changes: readonly Change[],
): readonly ChangeGroup[] => {
  const writer = new ChangeWriter(before, after);
  const groups = new Map<string, Lines>();
  for (const change of changes) {
    const sentence = writer.sentence(change);
    const lines: Lines = groups.get(sentence.group) ?? new Map();
    groups.set(sentence.group, lines);
    const key = foldKey(change, sentence);
    const line = lines.get(key) ?? { sentence, changes: [] };
    lines.set(key, line);
    line.changes.push(change);
  }
  const rankOf = (lines: Lines) => [...lines.values()][0]!.sentence.rank;
  const inOrder = [...groups].sort(([, a], [, b]) => rankOf(a) - rankOf(b));
  return inOrder.map(([title, lines]) => ({
    title,
    lines: [...lines.values()].map((line) => ({
      op: line.changes.every(({ op }) => op === line.changes[0]!.op) ? line.changes[0]!.op : "change",
      subject: line.sentence.subject,
      text: textOf(writer, line.changes, line.sentence),
    })),
  }));
};
