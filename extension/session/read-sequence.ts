import type { AudioClipReply, SequenceSnapshot, TrackReply, TransitionReply } from "../../schema/host-protocol.ts";
import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { readTimelines } from "../interchange/read-timeline.ts";
import type { Timeline, TimelineClip, TimelineTrack, TimelineTransition } from "../interchange/timeline.ts";
import type { SessionPorts } from "./ports.ts";
import { isOurTrack } from "./track-names.ts";

/** One clip as the host told it, with what only the saved project file knows (null when the two could not be matched). */
export type ClipFacts = { readonly reply: AudioClipReply; readonly saved: TimelineClip | null };

/** A transition as the host told it; `side` stands only in a saved file. */
export type TransitionFacts = TransitionReply & Pick<TimelineTransition, "side">;

export type TrackFacts = {
  readonly reply: TrackReply;
  readonly saved: TimelineTrack | null;
  readonly clips: readonly ClipFacts[];
  readonly transitions: readonly TransitionFacts[];
};

/** One sequence, read and enriched. Tracks that an earlier mix placed are left out. */
export type SequenceFacts = {
  readonly sequence: SequenceSnapshot["sequence"];
  readonly saved: Timeline | null;
  readonly tracks: readonly TrackFacts[];
  /** True when the sequence carries stems of an earlier mix. */
  readonly mixedBefore: boolean;
};

const MAX_PROJECT_BYTES = 256 * 1024 * 1024;

const warning = (message: string): Problem => ({ code: "host", message });

/** Reads the active sequence through the host and adds Essential Sound, Audio Gain, faders and layouts from the saved project file. */
export const readSequence = async (ports: SessionPorts, projectFile: string | null): Promise<Result<SequenceFacts>> => {
  const read = await ports.host.readSequence(
    (done, total) => ports.onProgress?.({ phase: "read", done, total }),
    ports.signal,
  );
  if (!read.ok) return read;
  const saved = await readSaved(ports, projectFile ?? read.value.sequence.projectPath, read.value);
  const facts = enrich(read.value, saved.timeline);
  return ok(facts.value, [...read.warnings, ...saved.warnings, ...facts.warnings]);
};

type Saved = { readonly timeline: Timeline | null; readonly warnings: readonly Problem[] };

const lost = "Audio Gain, Essential Sound types, track faders and pans stay unknown";

/** The saved project's view of the sequence. Not having one is a warning: the mix works without, it only knows less. */
const readSaved = async (ports: SessionPorts, path: string, snapshot: SequenceSnapshot): Promise<Saved> => {
  if (path === "") return { timeline: null, warnings: [warning(`The project was never saved; ${lost}.`)] };
  const facts = await ports.files.facts(path);
  const name = mediaNameOf(path);
  if (facts?.kind !== "file") return { timeline: null, warnings: [warning(`"${name}" cannot be read; ${lost}.`)] };
  const parsed = await readTimelines(await ports.files.readBytes(path, MAX_PROJECT_BYTES), name);
  if (!parsed.ok) {
    const why = parsed.problems[0]?.message ?? "";
    return { timeline: null, warnings: [warning(`"${name}" could not be understood; ${lost}. ${why}`)] };
  }
  const timeline = chooseTimeline(parsed.value, snapshot);
  if (timeline) return { timeline, warnings: [] };
  const message = `"${name}" does not hold the sequence "${snapshot.sequence.name}" as it is now; ${lost}. Save the project first.`;
  return { timeline: null, warnings: [warning(message)] };
};

const chooseTimeline = (timelines: readonly Timeline[], { sequence }: SequenceSnapshot): Timeline | null =>
  timelines.find(({ id }) => id === sequence.sequenceId) ??
  timelines.find(({ name }) => name === sequence.name) ??
  null;

const sameClip = (reply: AudioClipReply, saved: TimelineClip) =>
  reply.startTicks === saved.startTicks && reply.endTicks === saved.endTicks && reply.name === saved.name;

/** Where an editor copied a clip, its carried id came along: the first one keeps it. */
const withOwnId = (clip: TimelineClip, taken: Set<string>): TimelineClip => {
  const { id, ...rest } = clip.carried ?? {};
  if (id === undefined) return clip;
  if (taken.has(id)) return { ...clip, carried: rest };
  taken.add(id);
  return clip;
};

const sideOf = (transition: TransitionReply, saved: TimelineTrack | null): Pick<TimelineTransition, "side"> => {
  const { startTicks, endTicks } = transition;
  const side = saved?.transitions.find((one) => one.startTicks === startTicks && one.endTicks === endTicks)?.side;
  return side === undefined ? {} : { side };
};

const enrichTrack = (
  track: SequenceSnapshot["tracks"][number],
  saved: TimelineTrack | null,
  takenIds: Set<string>,
): { readonly facts: TrackFacts; readonly unmatched: readonly AudioClipReply[] } => {
  const left = new Set(saved?.clips ?? []);
  const clips = track.clips.map((reply): ClipFacts => {
    const match = [...left].find((clip) => sameClip(reply, clip)) ?? null;
    if (match) left.delete(match);
    return { reply, saved: match && withOwnId(match, takenIds) };
  });
  const unmatched = saved ? clips.filter((clip) => clip.saved === null).map(({ reply }) => reply) : [];
  const transitions = track.transitions.map((one) => ({ ...one, ...sideOf(one, saved) }));
  return { facts: { reply: track, saved, clips, transitions }, unmatched };
};

/** Joins what the host said with the saved file, by track order and each clip's start, end and name. */
export const enrich = (
  snapshot: SequenceSnapshot,
  saved: Timeline | null,
): { readonly value: SequenceFacts; readonly warnings: readonly Problem[] } => {
  const warnings: Problem[] = [];
  const tracks: TrackFacts[] = [];
  const takenIds = new Set<string>();
  for (const track of snapshot.tracks) {
    if (isOurTrack(track.name)) continue;
    const { facts, unmatched } = enrichTrack(track, saved?.tracks[track.index] ?? null, takenIds);
    tracks.push(facts);
    for (const { name } of unmatched) {
      const message = `Clip "${name}" on track ${track.index + 1} is not in the saved project as it lies now; ${lost} for it.`;
      warnings.push(warning(message));
    }
    if (saved && !facts.saved)
      warnings.push(warning(`Track ${track.index + 1} is not in the saved project; ${lost} for it.`));
  }
  const mixedBefore = snapshot.tracks.some(({ name }) => isOurTrack(name));
  return { value: { sequence: snapshot.sequence, saved, tracks, mixedBefore }, warnings };
};

/** A sequence without any audio clip cannot be mixed. */
export const requireClips = (facts: SequenceFacts): Result<SequenceFacts> =>
  facts.tracks.some(({ clips }) => clips.length > 0)
    ? ok(facts)
    : fail({
        code: "meaning",
        message: `Sequence "${facts.sequence.name}" has no audio clip. Put at least one audio clip on its timeline.`,
      });
