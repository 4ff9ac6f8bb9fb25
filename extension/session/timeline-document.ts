import { byCodePoint } from "../../schema/canonical.ts";
import type { Automation, Clip, Media, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import type { Timeline, TimelineClip, TimelineTrack, TimelineTransition } from "../interchange/timeline.ts";

const BUS = "sequence";

/** The file's name alone: folders of a person's disk are nobody else's business. */
const mediaName = ({ mediaName: told, mediaPath }: TimelineClip): string =>
  (told || mediaPath).split(/[\\/]/).at(-1) ?? "";

const mediaId = (clip: TimelineClip): string => stableId("med", clip.mediaPath, clip.mediaName);

const mediumOf = (clip: TimelineClip): Media => ({
  path: mediaName(clip),
  name: mediaName(clip),
  sizeBytes: null,
  quickHash: null,
  sampleRate: clip.mediaSampleRate,
  channels: clip.mediaChannels,
  frames: null,
});

const volumeOf = ({ volumeKeys, inTicks }: TimelineClip): Automation[] => {
  const points = volumeKeys.map(({ mediaTicks, levelDb }): [string, number, "linear"] => [
    String(BigInt(mediaTicks) - BigInt(inTicks)),
    levelDb,
    "linear",
  ]);
  return points.length === 0 ? [] : [{ param: "volumeDb", timebase: "clip", points }];
};

/** Effects are known by name only; two of one name on a clip are told apart by their number. */
const effectsOf = (clip: TimelineClip): Clip["processors"] =>
  clip.effects.map((hostMatchName, index) => {
    const earlier = clip.effects.slice(0, index).filter((name) => name === hostMatchName).length;
    const id = stableId("prc", clip.id, hostMatchName, earlier);
    return { id, type: "external", enabled: true, mixPercent: 100, hostMatchName };
  });

const clipOf = (clip: TimelineClip): Clip => ({
  id: clip.id,
  name: clip.name,
  media: clip.kind === "media" ? mediaId(clip) : null,
  enabled: clip.enabled,
  startTicks: clip.startTicks,
  durationTicks: String(BigInt(clip.endTicks) - BigInt(clip.startTicks)),
  sourceInTicks: clip.inTicks,
  speed: clip.speed === 1 ? "1/1" : String(clip.speed),
  reversed: clip.reversed,
  role: clip.essentialSound,
  roleSource: "",
  channels: [...clip.channels],
  gainDb: clip.gainDb,
  volumeDb: clip.volumeDb,
  fadeIn: null,
  fadeOut: null,
  processors: effectsOf(clip),
  automation: volumeOf(clip),
  ...(clip.kind === "media" ? {} : { kind: clip.kind }),
  ...(clip.pan === 0 ? {} : { pan: clip.pan }),
});

const transitionOf = ({ name, startTicks, endTicks }: TimelineTransition) => ({ name, startTicks, endTicks });

const trackOf = (track: TimelineTrack, order: number): Track => ({
  id: track.id,
  order,
  name: track.name,
  role: null,
  layout: track.layout,
  output: BUS,
  muted: track.muted,
  volumeDb: track.volumeDb,
  sends: [],
  processors: [],
  automation: [],
  clips: track.clips.map(clipOf),
  ...(track.pan === 0 ? {} : { pan: track.pan }),
  ...(track.transitions.length === 0 ? {} : { transitions: track.transitions.map(transitionOf) }),
});

/**
 * A project's sequence in the words of a mix document, for comparing and showing: the audio items by the ids that the file gives them,
 * names instead of paths. It is no document to render: it has no bus, and clips overlap as the project lets them.
 */
export const timelineDocument = (timeline: Timeline): MixDocument => {
  const clips = timeline.tracks.flatMap((track) => track.clips).filter(({ kind }) => kind === "media");
  const media = new Map(clips.map((clip) => [mediaId(clip), mediumOf(clip)]));
  return {
    format: "mix",
    formatVersion: "1.0",
    minReader: "1.0",
    extensionsUsed: [],
    extensionsRequired: [],
    sequence: {
      id: timeline.id,
      name: timeline.name,
      tickRate: "254016000000",
      frameRate: timeline.frameRate,
      dropFrame: timeline.dropFrame,
      startTicks: timeline.zeroPointTicks,
      durationTicks: timeline.durationTicks,
      sampleRate: timeline.sampleRate,
      layout: timeline.layout,
    },
    media: Object.fromEntries([...media].sort(([a], [b]) => byCodePoint(a, b))),
    tracks: timeline.tracks.map(trackOf),
    crossfades: [],
    buses: [],
    duckers: [],
    targets: { programme: { profile: null, integratedLufs: -23, toleranceLu: 0, truePeakDbtp: 0 } },
    stems: [],
    decisions: [],
  };
};
