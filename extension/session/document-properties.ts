import type { Clip, Fade, MixDocument, Processor, Track } from "../../schema/generated/mix-document.ts";
import type { FidelityTally } from "../interchange/fidelity.ts";
import type { FidelityEntry } from "../interchange/timeline.ts";
import { panOf } from "./document-timeline.ts";

type Outcome = FidelityEntry["outcome"];
type Fate = readonly [Outcome, note?: string];
type Entity = Readonly<Record<string, unknown>>;

const madeAgain = "made again by the next import";
const asLevel = "added up into the level of the clips";
const rendered = "its sound is in the rendered stems";
const carried = "in the clip's log note";

/** What becomes of each property of a document in a file that holds tracks, clips, levels and transitions; what is not named here is dropped. */
const fates: Readonly<Record<string, Fate>> = {
  "sequence/id": ["carried", "in the sequence's log note"],
  "sequence/name": ["mapped"],
  "sequence/frameRate": ["mapped"],
  "sequence/dropFrame": ["mapped"],
  "sequence/startTicks": ["mapped"],
  "sequence/durationTicks": ["mapped"],
  "sequence/sampleRate": ["mapped"],
  "sequence/layout": ["mapped"],
  "sequence/host": ["dropped", madeAgain],
  "media/id": ["carried", carried],
  "media/path": ["mapped"],
  "media/name": ["mapped"],
  "media/sampleRate": ["mapped"],
  "media/channels": ["mapped"],
  "media/frames": ["mapped"],
  "media/sizeBytes": ["dropped", "measured again where the file is"],
  "media/quickHash": ["dropped", "measured again where the file is"],
  "media/bextTimeReference": ["dropped", "read again where the file is"],
  "media/umid": ["dropped", "read again where the file is"],
  "track/id": ["dropped", madeAgain],
  "track/order": ["mapped"],
  "track/name": ["mapped"],
  "track/role": ["carried", carried],
  "track/layout": ["mapped"],
  "track/output": ["dropped", "the next import takes the bus of the role"],
  "track/muted": ["mapped"],
  "track/volumeDb": ["mapped", asLevel],
  "track/automation": ["mapped", asLevel],
  "track/host": ["mapped", "place among the host's tracks, and whether it is locked"],
  "track/pan": ["mapped"],
  "clip/id": ["carried", carried],
  "clip/name": ["mapped"],
  "clip/media": ["mapped"],
  "clip/enabled": ["mapped"],
  "clip/startTicks": ["mapped"],
  "clip/durationTicks": ["mapped"],
  "clip/sourceInTicks": ["mapped"],
  "clip/speed": ["mapped"],
  "clip/reversed": ["mapped"],
  "clip/role": ["carried", carried],
  "clip/roleSource": ["carried", carried],
  "clip/channels": ["mapped"],
  "clip/gainDb": ["mapped", asLevel],
  "clip/volumeDb": ["mapped"],
  "clip/automation": ["mapped"],
  "clip/fadeIn": ["mapped"],
  "clip/fadeOut": ["mapped"],
  "clip/note": ["carried", carried],
  "clip/host": ["dropped", madeAgain],
  "crossfade/id": ["dropped", madeAgain],
  "crossfade/from": ["mapped"],
  "crossfade/to": ["mapped"],
  "crossfade/startTicks": ["mapped"],
  "crossfade/durationTicks": ["mapped"],
  "crossfade/curve": ["mapped"],
};

/** What the container says of itself; every document has its own. */
const ofTheContainer: ReadonlySet<string> = new Set([
  "$schema",
  "format",
  "formatVersion",
  "minReader",
  "sequence/tickRate",
]);

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (typeof value === "object" && Object.keys(value as object).length === 0);

const nameOf = (entity: Entity): string => String(entity["name"] ?? entity["id"] ?? "");

/** Counts the properties of one document. */
class PropertyCounter {
  private readonly tally: FidelityTally;

  constructor(tally: FidelityTally) {
    this.tally = tally;
  }

  property(name: string, count = 1): void {
    if (ofTheContainer.has(name)) return;
    const [outcome, note] = fates[name] ?? ["dropped"];
    this.tally.add(name, outcome, count, note);
  }

  entity(owner: string, entity: Entity, elsewhere: readonly string[] = []): void {
    for (const [key, value] of Object.entries(entity))
      if (!elsewhere.includes(key) && !isNothing(value)) this.property(`${owner}/${key}`);
  }

  /** Entities that have no place at all, by their names. */
  group(name: string, entities: readonly Entity[], why?: string): void {
    for (const entity of entities) this.tally.dropNamed(name, nameOf(entity), why);
  }

  processors(owner: string, processors: readonly Processor[]): void {
    for (const { type } of processors) this.tally.add(`${owner}/processor ${type}`, "dropped", 1, rendered);
  }
}

/** A panner in front is the pan of a track or clip; what else it says has no place. */
const countProcessors = (
  owner: "track" | "clip",
  { processors }: Pick<Track | Clip, "processors">,
  counter: PropertyCounter,
  tally: FidelityTally,
): void => {
  if (panOf(processors) === null) {
    counter.processors(owner, processors);
    return;
  }
  const [{ id: _, type: __, enabled: ___, azimuthDegrees: ____, ...rest }, ...others] = processors as [
    Processor,
    ...Processor[],
  ];
  tally.add(`${owner}/processor panner/azimuthDegrees`, "mapped", 1, `pan or balance of the ${owner}`);
  for (const name of Object.keys(rest)) tally.add(`${owner}/processor panner/${name}`, "dropped");
  counter.processors(owner, others);
};

const countFade = (name: string, fade: Fade | null, counter: PropertyCounter): void => {
  if (fade !== null) counter.property(name);
};

/** Gains of single channels are one level when they are the same. */
const countClip = (clip: Clip, counter: PropertyCounter, tally: FidelityTally): void => {
  counter.entity("clip", clip, ["fadeIn", "fadeOut", "processors", "automation", "channelGainsDb"]);
  countFade("clip/fadeIn", clip.fadeIn, counter);
  countFade("clip/fadeOut", clip.fadeOut, counter);
  countProcessors("clip", clip, counter, tally);
  for (const { points } of clip.automation) counter.property("clip/automation", points.length);
  if (clip.channelGainsDb?.some((db) => db !== 0))
    tally.add("clip/channelGainsDb", "dropped", 1, "the format has one level a clip");
};

const countTrack = (track: Track, counter: PropertyCounter, tally: FidelityTally): void => {
  if (track.clips.length === 0) {
    tally.dropNamed("track without clips", track.name);
    return;
  }
  counter.entity("track", track, ["clips", "processors", "automation", "sends"]);
  countProcessors("track", track, counter, tally);
  for (const { points } of track.automation) counter.property("track/automation", points.length);
  counter.group("track/send", track.sends, rendered);
  for (const clip of track.clips) countClip(clip, counter, tally);
};

const walked = [
  "sequence",
  "media",
  "tracks",
  "crossfades",
  "buses",
  "duckers",
  "stems",
  "cues",
  "decisions",
  "targets",
];

/** Counts what became of every property of a document that was written as a timeline, by name, so that nothing is dropped silently. */
export const tallyDocument = (document: MixDocument, tally: FidelityTally): void => {
  const counter = new PropertyCounter(tally);
  counter.entity("sequence", document.sequence);
  for (const medium of Object.values(document.media)) {
    counter.property("media/id");
    counter.entity("media", medium);
  }
  for (const track of document.tracks) countTrack(track, counter, tally);
  for (const crossfade of document.crossfades) counter.entity("crossfade", crossfade);
  counter.group("bus", document.buses, rendered);
  for (const { processors, sends } of document.buses) {
    counter.processors("bus", processors);
    counter.group("bus/send", sends, rendered);
  }
  counter.group("ducker", document.duckers, rendered);
  for (const cue of document.cues ?? []) counter.group(`cue ${cue.source.kind}`, [cue], rendered);
  counter.group("stem", document.stems, "what a render writes");
  counter.group("target", [{ name: document.targets.programme.profile ?? "free values" }]);
  counter.group(
    "decision",
    document.decisions.map(({ rule, subject }) => ({ name: `${rule} ${subject}` })),
  );
  counter.entity("document", { ...document }, [...walked, ...ofTheContainer]);
};
