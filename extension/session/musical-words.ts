import { type Change, nameOfEntity } from "../../schema/diff/change.ts";
import type { Entity } from "../../schema/diff/entity-table.ts";
import type { Automation, AutomationPoint, Ducker, MixDocument } from "../../schema/generated/mix-document.ts";
import { changeGroups } from "./change-groups.ts";
import { ChangeWriter } from "./change-sentences.ts";

const amount = (value: number, unit: string) => `${Number(Math.abs(value).toFixed(1))} ${unit}`;

const levelFields = ["volumeDb", "gainDb", "levelDb"];

/** How much louder, in dB; null for what is no single level. */
const louder = ({ kind, field, before, after }: Change): number | null =>
  levelFields.includes(field) && kind !== "Processor" && typeof before === "number" && typeof after === "number"
    ? after - before
    : null;

const nameOf = (entity: Entity): string => nameOfEntity(entity) ?? entity.id;

/** "Dialogue 2 dB louder", "3 clips on DX 1 1.5 dB quieter". */
const levelLines = (writer: ChangeWriter, changes: readonly Change[]): readonly string[] => {
  const alike = new Map<string, { readonly names: string[]; readonly where: string; readonly by: number }>();
  for (const change of changes) {
    const by = louder(change)!;
    const entity = writer.entity(change)!;
    const top = writer.top(entity);
    const where = top === entity ? "" : ` on ${nameOf(top)}`;
    const key = where === "" ? change.path : `${where} ${by.toFixed(1)}`;
    const line = alike.get(key) ?? { names: [], where, by };
    line.names.push(where === "" ? nameOf(entity) : `"${nameOf(entity)}"`);
    alike.set(key, line);
  }
  return [...alike.values()].map(({ names, where, by }) => {
    const who = names.length === 1 ? names[0]! : `${names.length} clips`;
    return `${who}${where} ${amount(by, "dB")} ${by > 0 ? "louder" : "quieter"}`;
  });
};

const isPoint = ({ field }: Change): boolean => /^automation\/volumeDb\/points\//.test(field);

const pointsOf = (entity: Entity | undefined): readonly AutomationPoint[] =>
  (entity?.value["automation"] as readonly Automation[] | undefined)?.[0]?.points ?? [];

/** What an automation says at a time, straight in dB between its points; null without points. */
const levelAt = (points: readonly AutomationPoint[], ticks: bigint): number | null => {
  const next = points.findIndex(([at]) => BigInt(at) > ticks);
  const [a, b] = [points[next < 0 ? points.length - 1 : Math.max(0, next - 1)], points[Math.max(0, next)]];
  if (!a || !b || next <= 0) return a?.[1] ?? null;
  const share = Number(ticks - BigInt(a[0])) / Number(BigInt(b[0]) - BigInt(a[0]));
  return a[1] + (b[1] - a[1]) * share;
};

/** "Music ducked deeper by up to 6 dB on 00:01:10:00-00:01:40:00". */
const automationLine = (
  writer: ChangeWriter,
  changes: readonly Change[],
  versions: readonly [Entity | undefined, Entity | undefined],
): string => {
  const entity = writer.entity(changes[0]!)!;
  const times = changes.map(({ field }) => field.split("/")[3]!.split("#")[0]!);
  const steps = times.map((at) => {
    const [was, is] = versions.map((version) => levelAt(pointsOf(version), BigInt(at)));
    return (is ?? 0) - (was ?? 0);
  });
  const most = steps.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const places = times
    .map((at) => writer.pointTicks(entity, "volumeDb", at))
    .sort((a, b) => (a < b ? -1 : Number(a > b)));
  const top = writer.top(entity);
  const isBed = ["music", "ambience"].includes(String(top.value["role"]));
  const way = most < 0 ? (isBed ? "ducked deeper" : "lowered") : isBed ? "ducked less" : "raised";
  const who = top === entity ? nameOf(top) : `"${nameOf(entity)}" on ${nameOf(top)}`;
  const range = `${writer.place(places[0]!)}-${writer.place(places.at(-1)!)}`;
  return `${who} ${way} by up to ${amount(most, "dB")} on ${range}`;
};

/** "music ducked deeper (10 -> 12 LU)". */
const duckerLine = (writer: ChangeWriter, { id, kind, before, after, unit }: Change): string => {
  const ducker = writer.entity({ id, kind })!.value as Ducker;
  const names = ducker.targets.map((target) => {
    const bus = writer.entity({ kind: "Bus", id: target });
    return bus ? nameOf(bus) : target.replace("role:", "");
  });
  const way = Number(after) > Number(before) ? "ducked deeper" : "ducked less";
  return `${names.join(", ")} ${way} (${Number(before)} -> ${Number(after)} ${unit})`;
};

const isDepth = ({ kind, field, op }: Change) =>
  kind === "Ducker" && op === "change" && ["targetDifferenceLu", "maxDepthDb"].includes(field);

const otherLines = (before: MixDocument, after: MixDocument, changes: readonly Change[]): readonly string[] =>
  changeGroups(before, after, changes).flatMap(({ title, lines }) => {
    const name = title.replace(/^(track|bus) /, "");
    const isStrip = name !== title;
    return lines.map(({ text, subject }) => (isStrip && subject !== "" ? `${text} on ${name}` : `${name}: ${text}`));
  });

/** The changes as somebody at the desk would tell them: louder, quieter, ducked deeper, added, moved. */
export const musicalLines = (
  before: MixDocument,
  after: MixDocument,
  changes: readonly Change[],
): readonly string[] => {
  const writer = new ChangeWriter(before, after);
  const old = new ChangeWriter(before, before);
  const now = new ChangeWriter(after, after);
  const points = new Map<string, Change[]>();
  for (const change of changes.filter(isPoint)) {
    const key = `${change.kind} ${change.id}`;
    points.set(key, [...(points.get(key) ?? []), change]);
  }
  const rest = changes.filter((change) => louder(change) === null && !isPoint(change) && !isDepth(change));
  return [
    ...levelLines(
      writer,
      changes.filter((change) => louder(change) !== null),
    ),
    ...[...points.values()].map((own) => automationLine(writer, own, [old.entity(own[0]!), now.entity(own[0]!)])),
    ...changes.filter(isDepth).map((change) => duckerLine(writer, change)),
    ...otherLines(before, after, rest),
  ];
};
