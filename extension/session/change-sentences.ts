import type { Change } from "../../schema/diff/change.ts";
import { nameOfEntity } from "../../schema/diff/change.ts";
import { type Entity, type EntityTable, entityKey, entityTable, homeParts } from "../../schema/diff/entity-table.ts";
import { wordsOfName } from "../../schema/diff/units.ts";
import type { Automation, MixDocument } from "../../schema/generated/mix-document.ts";
import { formatTimecode } from "./timecode.ts";
import { lengthWords, pairWords, withUnit } from "./value-words.ts";

/** One change in words, and what it belongs to. */
export type Sentence = {
  readonly op: Change["op"];
  /** Track, bus or part of the document: "track DX 1". */
  readonly group: string;
  /** Groups stand by it: tracks in their order, then buses, then the rest. */
  readonly rank: number;
  /** What of it: a clip, a processor; "" for the track or bus itself. */
  readonly subject: string;
  readonly what: string;
};

/** Higher than any track's place. */
const MAX_TRACK_ORDER = 10_000_000;

/** In the order in which people read a mix. */
const groupTitles: Readonly<Record<string, string>> = {
  Track: "track",
  Bus: "bus",
  Cue: "cues",
  Crossfade: "cross-fades",
  Ducker: "duckers",
  Stem: "stems",
  Media: "media",
  Decision: "decisions",
  MixDocument: "document",
};

/** Two documents, looked up while their differences are told. */
export class ChangeWriter {
  private readonly before: EntityTable;
  private readonly after: EntityTable;
  readonly sequence: MixDocument["sequence"];

  constructor(before: MixDocument, after: MixDocument) {
    this.before = entityTable(before);
    this.after = entityTable(after);
    this.sequence = after.sequence;
  }

  sentence(change: Change): Sentence {
    const entity = this.entity(change)!;
    return {
      op: change.op,
      group: this.group(entity),
      rank: this.rank(entity),
      subject: this.subject(entity),
      what: this.what(change, entity),
    };
  }

  entity({ kind, id }: Pick<Change, "kind" | "id">): Entity | undefined {
    const key = entityKey(kind, id ?? "");
    return this.after.entities.get(key) ?? this.before.entities.get(key);
  }

  owner(entity: Entity): Entity | undefined {
    const { owner } = homeParts(entity.home);
    return this.after.entities.get(owner) ?? this.before.entities.get(owner);
  }

  /** The track, bus or other top entity that holds this one. */
  top(entity: Entity): Entity {
    const owner = this.owner(entity);
    return owner === undefined || owner.kind === "MixDocument" ? entity : this.top(owner);
  }

  private group(entity: Entity): string {
    const top = this.top(entity);
    const title = groupTitles[top.kind] ?? top.kind.toLowerCase();
    return top.kind === "Track" || top.kind === "Bus" ? `${title} ${nameOfEntity(top) ?? top.id}` : title;
  }

  private rank(entity: Entity): number {
    const { kind, value } = this.top(entity);
    const order = kind === "Track" ? Number(value["order"]) / MAX_TRACK_ORDER : 0;
    return Object.keys(groupTitles).indexOf(kind) + order;
  }

  private subject(entity: Entity): string {
    const name = nameOfEntity(entity);
    const { kind, id, value } = entity;
    if (kind === "Track" || kind === "Bus" || kind === "MixDocument") return "";
    if (kind === "Clip" || kind === "Cue") return `"${name ?? id}" at ${this.place(String(value["startTicks"]))}`;
    if (kind === "Crossfade") return `cross-fade at ${this.place(String(value["startTicks"]))}`;
    if (kind === "Send") return `send to ${this.busName(String(value["to"]))}`;
    const own = kind === "Processor" || kind === "Ducker" ? (name ?? id) : `"${name ?? id}"`;
    const owner = this.owner(entity);
    return owner?.kind === "Clip" ? `${own} on ${this.subject(owner)}` : own;
  }

  private busName(id: string): string {
    const bus = this.entity({ kind: "Bus", id });
    return (bus && nameOfEntity(bus)) ?? id;
  }

  place(ticks: string | bigint): string {
    return formatTimecode(String(ticks), this.sequence);
  }

  private what(change: Change, entity: Entity): string {
    const { op, field, before, after, unit } = change;
    if (op === "move" && unit === "owner") return `moved from ${this.named(before)} to ${this.named(after)}`;
    if (op === "move" && unit === "position") return `moved from place ${Number(before) + 1} to ${Number(after) + 1}`;
    if (op === "move") return this.shift(change);
    if (field === "") return this.whole(op, entity);
    const label = this.label(change, entity);
    const name = this.valueName(change);
    if (op === "add") return `${label} ${withUnit(name, after, this.sequence)} added`;
    if (op === "remove") return `${label} ${withUnit(name, before, this.sequence)} removed`;
    return `${label} ${pairWords(name, before, after, this.sequence)}`;
  }

  private shift({ before, after }: Change): string {
    const by = BigInt(String(after)) - BigInt(String(before));
    const way = lengthWords(by, this.sequence);
    return /[1-9]/.test(way) ? `moved by ${way}` : `moved by ${(Number(by) / 254_016_000).toFixed(3)} ms`;
  }

  private named(id: unknown): string {
    const entities = [...this.after.entities.values(), ...this.before.entities.values()];
    const entity = entities.find((one) => one.id === id);
    return (entity && nameOfEntity(entity)) ?? String(id);
  }

  private whole(op: Change["op"], { kind, value }: Entity): string {
    const verb = op === "add" ? "added" : "removed";
    if (kind === "Clip") return `${verb}, ${lengthWords(String(value["durationTicks"]), this.sequence)} long`;
    if (kind === "Decision") return `${verb}: ${String(value["change"])}`;
    return verb;
  }

  /** The name that decides about unit and form of the values. */
  private valueName({ field }: Change): string {
    const parts = field.split("/");
    return parts[0] === "automation" && parts[2] === "points" ? (parts[1] ?? "") : (parts.at(-1) ?? "");
  }

  private label({ field }: Change, entity: Entity): string {
    const [first = "", key = "", third, at] = field.split("/");
    if (first === "automation" && third === "points" && at !== undefined)
      return `${wordsOfName(key)} at ${this.place(this.pointTicks(entity, key, at))}`;
    const words = field.split("/").map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : wordsOfName(part)));
    return words.join(" ");
  }

  /** Place of a point on the sequence; points of clips count from the clip's start. */
  pointTicks({ value }: Entity, param: string, at: string): bigint {
    const automation = (value["automation"] as readonly Automation[] | undefined)?.find((one) => one.param === param);
    const start = automation?.timebase === "clip" ? BigInt(String(value["startTicks"] ?? "0")) : 0n;
    return start + BigInt(at.split("#")[0] ?? "0");
  }
}
