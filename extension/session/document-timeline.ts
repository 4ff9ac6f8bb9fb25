import { channelCount } from "../../schema/channel-layout.ts";
import type { Clip, Media, MixDocument, Processor, Track } from "../../schema/generated/mix-document.ts";
import { FidelityTally } from "../interchange/fidelity.ts";
import { sourceTicks } from "../interchange/frame-rate.ts";
import { addDb } from "../interchange/levels.ts";
import type { Carried, Timeline, TimelineClip, TimelineTrack } from "../interchange/timeline.ts";
import { mediaTicks, speedOf } from "./build-clip.ts";
import { type Cut, cutsOf } from "./timeline-cuts.ts";
import { hostLanes, isAnchored, type Lane } from "./timeline-lanes.ts";
import { type LevelLane, volumeKeys } from "./volume-keys.ts";

export type DocumentTimelineOptions = {
  /** The path under which the host will look for a medium; without it the document's own. */
  readonly mediaPathOf?: (id: string, medium: Media) => string;
  /** Counts what a timeline cannot hold as it is. */
  readonly tally?: FidelityTally;
};

/** What the tracks of one lane share on the host track, and what each clip has to take instead. */
type LaneContext = {
  readonly document: MixDocument;
  readonly shared: { readonly volumeDb: number; readonly pan: number; readonly muted: boolean };
  readonly mediaPathOf: (id: string, medium: Media) => string;
};

/** The pan of a chain as a host's track or clip has it, -1 left .. 1 right: that of the panner that it begins with. */
export const panOf = (processors: readonly Processor[]): number | null => {
  const [first] = processors;
  const azimuth = first?.["azimuthDegrees"] ?? 0;
  if (first?.type !== "panner" || !first.enabled || typeof azimuth !== "number" || Math.abs(azimuth) > 90) return null;
  return azimuth / 90;
};

/** A track that moves has no one volume: its lane goes into the keys of its clips. */
const stillVolumeDb = ({ automation, volumeDb }: Track): number => (automation.length > 0 ? 0 : volumeDb);

/** Keys count from the cut as the timeline does, whatever the speed of the clip. */
const keysOf = ({ clip, start, sourceIn }: Cut, track: Track): TimelineClip["volumeKeys"] => {
  const from = BigInt(clip.startTicks);
  const lanes: LevelLane[] = [
    { origin: from, points: clip.automation[0]?.points ?? [] },
    { origin: 0n, points: track.automation[0]?.points ?? [] },
  ];
  return volumeKeys(lanes, from, from + BigInt(clip.durationTicks)).map(({ ticks, levelDb }) => ({
    mediaTicks: String(sourceIn + ticks - start),
    levelDb,
  }));
};

/** A note of the importer is written again by the next one. */
const carriedOf = (clip: Clip, track: Track): Carried => {
  const role = clip.role ?? track.role;
  return {
    id: clip.id,
    ...(role === null ? {} : { role, roleSource: clip.roleSource }),
    ...(clip.media === null ? {} : { media: clip.media }),
    ...(clip.note === undefined || isAnchored(clip, "silenced") ? {} : { note: clip.note }),
  };
};

const timelineClip = (cut: Cut, track: Track, context: LaneContext): TimelineClip => {
  const { clip, start, end, sourceIn } = cut;
  const { document, shared, mediaPathOf } = context;
  const medium = clip.media === null ? undefined : document.media[clip.media];
  const volumeKeys = keysOf(cut, track);
  const speed = speedOf(clip);
  // Where only the track moves, the clip's own still level adds to it.
  const ownDb = clip.automation.length > 0 ? 0 : clip.volumeDb;
  const besideKeysDb = volumeKeys.length > 0 ? ownDb : 0;
  const trackDb = stillVolumeDb(track);
  return {
    id: clip.id,
    name: clip.name,
    kind: medium ? "media" : "synthetic",
    mediaPath: medium ? mediaPathOf(clip.media!, medium) : "",
    mediaName: medium?.name ?? "",
    mediaChannels: medium?.channels ?? null,
    mediaSampleRate: medium?.sampleRate ?? null,
    mediaDurationTicks: medium ? mediaTicks(medium) : null,
    startTicks: String(start),
    endTicks: String(end),
    inTicks: String(sourceIn),
    outTicks: String(sourceIn + sourceTicks(end - start, speed)),
    speed,
    reversed: clip.reversed,
    enabled: (clip.enabled || isAnchored(clip, "silenced")) && (!track.muted || shared.muted),
    gainDb: addDb(addDb(clip.gainDb, besideKeysDb), trackDb === shared.volumeDb ? 0 : trackDb),
    volumeDb: volumeKeys.length > 0 ? 0 : ownDb,
    volumeKeys,
    pan: Math.max(-1, Math.min(1, (panOf(track.processors) ?? 0) - shared.pan + (panOf(clip.processors) ?? 0))),
    channels: clip.channels,
    essentialSound: clip.role,
    effects: [],
    carried: carriedOf(clip, track),
  };
};

/** The one value that all tracks of a lane have, else `otherwise`. */
const agreed = <T>(members: readonly Track[], read: (track: Track) => T, otherwise: T): T => {
  const first = read(members[0]!);
  return members.every((track) => read(track) === first) ? first : otherwise;
};

/** One host track: the tracks into which a document split it by role come together again. */
const timelineTrack = (
  { members, crossfades }: Lane,
  document: MixDocument,
  { mediaPathOf = (_, { path }) => path, tally = new FidelityTally() }: DocumentTimelineOptions,
): TimelineTrack => {
  const owner = new Map(members.flatMap((track) => track.clips.map((clip) => [clip.id, track])));
  const { cuts, transitions } = cutsOf([...members.flatMap(({ clips }) => clips)], crossfades, tally);
  const shared = {
    volumeDb: agreed(members, stillVolumeDb, 0),
    pan: agreed(members, ({ processors }) => panOf(processors) ?? 0, 0),
    muted: members.every(({ muted }) => muted),
  };
  const { id, name } = members[0]!;
  const widest = members.reduce((a, b) => (channelCount(b.layout) > channelCount(a.layout) ? b : a));
  return {
    id,
    name,
    layout: widest.layout,
    ...shared,
    locked: members.some((track) => isAnchored(track, "locked")),
    clips: cuts.map((cut) => timelineClip(cut, owner.get(cut.clip.id)!, { document, shared, mediaPathOf })),
    transitions,
  };
};

/** Index of the audio track in the host's sequence, as the document was told; else its order. */
export const hostTrackOf = (track: Track): number => {
  const premiere = track.host?.["premiere"];
  const told =
    typeof premiere === "object" && premiere !== null && "trackIndex" in premiere ? premiere.trackIndex : null;
  return typeof told === "number" ? told : track.order;
};

/** A host track of which the document says nothing: it keeps the others at their places. */
const emptyTrack = (index: number): TimelineTrack => ({
  id: `empty-${index}`,
  name: "",
  layout: "stereo",
  muted: false,
  locked: false,
  volumeDb: 0,
  pan: 0,
  clips: [],
  transitions: [],
});

/** The sequence of a document as a project file would hold it: for a host without that project, and for writers of such files. */
export const documentTimeline = (document: MixDocument, options: DocumentTimelineOptions = {}): Timeline => {
  const { sequence } = document;
  return {
    format: "prproj",
    formatVersion: document.formatVersion,
    id: sequence.id,
    name: sequence.name,
    frameRate: sequence.frameRate,
    dropFrame: sequence.dropFrame,
    zeroPointTicks: sequence.startTicks,
    durationTicks: sequence.durationTicks,
    sampleRate: sequence.sampleRate,
    layout: sequence.layout,
    carriedId: sequence.id,
    tracks: hostLanes(document).map((lane, index) =>
      lane === null ? emptyTrack(index) : timelineTrack(lane, document, options),
    ),
    fidelity: [],
  };
};
