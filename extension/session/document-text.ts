import { inCanonicalOrder } from "../../schema/canonical.ts";
import { nameOfEntity } from "../../schema/diff/change.ts";
import { entityTable } from "../../schema/diff/entity-table.ts";
import { isMembers, type Members } from "../../schema/diff/same.ts";
import { wordsOfName } from "../../schema/diff/units.ts";
import type { Automation, Bus, Clip, MixDocument, Processor, Track } from "../../schema/generated/mix-document.ts";
import { documentRoot, entitySchema, memberSchema } from "../../schema/schema-walk.ts";
import { shown } from "../../schema/shown.ts";
import { formatTimecode } from "./timecode.ts";
import { lengthWords, withUnit } from "./value-words.ts";

/** What stands in other words in a line, and what nobody hears. */
const toldElsewhere = [
  "id",
  "name",
  "media",
  "startTicks",
  "durationTicks",
  "clips",
  "processors",
  "automation",
  "sends",
];
const silent = ["order", "host", "roleSource", "channels", "layout", "state"];

/** Values that say "as usual". */
const isUsual = (name: string, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === (name === "enabled") ||
  (name.endsWith("Db") && value === 0) ||
  (name === "speed" && value === "1/1") ||
  (name === "mixPercent" && value === 100) ||
  (name === "type" && value === "external") ||
  (Array.isArray(value) && value.length === 0);

/** The lines of one document, all names and figures, no ids and no paths. */
class DocumentWriter {
  private readonly document: MixDocument;
  private readonly lines: string[] = [];
  /** By id. */
  private readonly names = new Map<string, string>();

  constructor(document: MixDocument) {
    this.document = document;
    for (const entity of entityTable(document).entities.values())
      this.names.set(entity.id, nameOfEntity(entity) ?? entity.kind.toLowerCase());
  }

  text(): string {
    const { sequence, tracks, buses } = this.document;
    const { name, frameRate, durationTicks, sampleRate, layout } = sequence;
    const start = formatTimecode("0", sequence);
    this.line(
      0,
      `sequence ${shown(name)}  ${frameRate} fps${sequence.dropFrame ? " drop frame" : ""}  start ${start}  length ${lengthWords(durationTicks, sequence)}  ${sampleRate} Hz  ${layout}`,
    );
    for (const track of this.inOrder<Track>("tracks", tracks)) this.track(track);
    for (const bus of buses) this.strip("bus", bus);
    this.others();
    return `${this.lines.join("\n")}\n`;
  }

  private line(depth: number, text: string): void {
    this.lines.push(`${"  ".repeat(depth)}${text}`);
  }

  private inOrder<T>(list: string, items: readonly T[]): readonly T[] {
    const schema = list === "clips" ? entitySchema("Track", undefined) : documentRoot;
    return inCanonicalOrder(items, memberSchema(schema, list, items)) as readonly T[];
  }

  private fields(value: Members, except: readonly string[] = []): string {
    const known = [...toldElsewhere, ...silent, ...except];
    return Object.entries(value)
      .filter(([name, member]) => !known.includes(name) && !isUsual(name, member))
      .map(([name, member]) => `  ${wordsOfName(name)} ${this.value(name, member)}`)
      .join("");
  }

  /** Figures with units, names instead of ids. */
  private value(name: string, value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.value(name, item)).join("; ")}]`;
    if (isMembers(value))
      return Object.entries(value)
        .map(([key, member]) => `${wordsOfName(key)} ${this.value(key, member)}`)
        .join(", ");
    const named = typeof value === "string" ? this.names.get(value) : undefined;
    return named === undefined ? withUnit(name, value, this.document.sequence) : shown(named);
  }

  private track(track: Track): void {
    this.strip("track", track, this.document.buses.length === 0 ? ["output"] : []);
    for (const clip of this.inOrder<Clip>("clips", track.clips)) this.clip(clip);
  }

  private strip(kind: string, strip: Track | Bus, except: readonly string[] = []): void {
    this.line(0, `${kind} ${shown(strip.name)}  ${strip.layout}${this.fields(strip, except)}`);
    for (const send of strip.sends) this.line(1, `send${this.fields(send)}`);
    this.inserts(1, strip.processors);
    this.automation(1, "automation" in strip ? (strip.automation as Automation[]) : [], 0n);
  }

  private clip(clip: Clip): void {
    const { sequence, media } = this.document;
    const start = BigInt(clip.startTicks);
    const range = `${formatTimecode(clip.startTicks, sequence)} - ${formatTimecode(String(start + BigInt(clip.durationTicks)), sequence)}`;
    const file = clip.media === null ? "" : `  of ${shown(media[clip.media]?.name ?? "")}`;
    this.line(1, `${range}  ${shown(clip.name)}${file}  channels ${clip.channels.join(",")}${this.fields(clip)}`);
    this.inserts(2, clip.processors);
    this.automation(2, clip.automation, start);
  }

  private inserts(depth: number, processors: readonly Processor[]): void {
    for (const value of processors)
      this.line(depth, `${nameOfEntity({ kind: "Processor", value })}${this.fields(value, ["type", "hostMatchName"])}`);
  }

  private automation(depth: number, automations: readonly Automation[], clipStart: bigint): void {
    for (const { param, timebase, points } of automations)
      for (const [ticks, value, curve] of points) {
        const at = BigInt(ticks) + (timebase === "clip" ? clipStart : 0n);
        const place = formatTimecode(String(at), this.document.sequence);
        this.line(
          depth,
          `${wordsOfName(param)} at ${place}  ${withUnit(param, value, this.document.sequence)}  ${curve}`,
        );
      }
  }

  private others(): void {
    const { cues = [], crossfades, duckers, stems, targets } = this.document;
    const { sequence } = this.document;
    for (const cue of cues)
      this.line(0, `cue ${formatTimecode(cue.startTicks, sequence)}  ${shown(cue.name)}${this.fields(cue)}`);
    for (const { startTicks, durationTicks, curve } of crossfades)
      this.line(
        0,
        `cross-fade ${formatTimecode(startTicks, sequence)}  ${lengthWords(durationTicks, sequence)}  ${curve}`,
      );
    for (const ducker of duckers) this.line(0, `ducker${this.fields(ducker)}`);
    for (const stem of stems) this.line(0, `stem ${shown(stem.name)}  ${stem.layout}${this.fields(stem)}`);
    if (stems.length > 0) this.line(0, `target${this.fields(targets.programme)}`);
  }
}

/**
 * A document in lines that a text diff can be read in: tracks, clips with timecode, inserts, keyframes, buses, rules. Equal sound gives
 * equal text; it holds names of files, never their folders.
 */
export const documentText = (document: MixDocument): string => new DocumentWriter(document).text();
