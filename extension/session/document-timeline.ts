import type { Clip, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import type { Timeline, TimelineClip, TimelineTrack, TimelineTransition } from "../interchange/timeline.ts";

type Cut = { start: bigint; end: bigint; sourceIn: bigint };

const cutOf = ({ startTicks, durationTicks, sourceInTicks }: Clip): Cut => ({
  start: BigInt(startTicks),
  end: BigInt(startTicks) + BigInt(durationTicks),
  sourceIn: BigInt(sourceInTicks),
});

const speedOf = (fraction: string): number => {
  const [over, under] = fraction.split("/").map(Number);
  return (over ?? 1) / (under ?? 1);
};

const timelineClip = (document: MixDocument, clip: Clip, cut: Cut): TimelineClip => {
  const medium = clip.media === null ? undefined : document.media[clip.media];
  const keys = clip.automation[0]?.points ?? [];
  return {
    id: clip.id,
    name: clip.name,
    kind: medium ? "media" : "synthetic",
    mediaPath: medium?.path ?? "",
    mediaName: medium?.name ?? "",
    mediaChannels: medium?.channels ?? null,
    mediaSampleRate: medium?.sampleRate ?? null,
    mediaDurationTicks: null,
    startTicks: String(cut.start),
    endTicks: String(cut.end),
    inTicks: String(cut.sourceIn),
    outTicks: String(cut.sourceIn + cut.end - cut.start),
    speed: speedOf(clip.speed),
    reversed: clip.reversed,
    enabled: clip.enabled,
    gainDb: clip.gainDb,
    volumeDb: clip.volumeDb,
    volumeKeys: keys.map(([ticks, levelDb]) => ({
      mediaTicks: String(BigInt(clip.sourceInTicks) + BigInt(ticks)),
      levelDb,
    })),
    pan: 0,
    channels: clip.channels,
    essentialSound: clip.role,
    effects: [],
  };
};

/** One host track: the tracks into which a document split it by role come together again. */
const timelineTrack = (document: MixDocument, members: readonly Track[]): TimelineTrack => {
  const clips = members.flatMap((track) => track.clips);
  const cuts = new Map(clips.map((clip) => [clip.id, cutOf(clip)]));
  const transitions: TimelineTransition[] = [];
  for (const { from, to, startTicks, durationTicks, curve } of document.crossfades) {
    const [left, right] = [cuts.get(from), cuts.get(to)];
    if (!left || !right) continue;
    const cut = BigInt(startTicks) + BigInt(durationTicks) / 2n;
    right.sourceIn += cut - right.start;
    left.end = cut;
    right.start = cut;
    const endTicks = String(BigInt(startTicks) + BigInt(durationTicks));
    const name = curve === "constantPower" ? "Constant Power" : "Constant Gain";
    transitions.push({ name, matchName: name, curve, startTicks, endTicks });
  }
  const { id, name, layout, muted, volumeDb } = members[0]!;
  const placed = clips.map((clip) => timelineClip(document, clip, cuts.get(clip.id)!));
  const byStart = placed.sort((a, b) => Number(BigInt(a.startTicks) - BigInt(b.startTicks)));
  return { id, name, layout, muted, locked: false, volumeDb, pan: 0, clips: byStart, transitions };
};

/** Index of the audio track in the host's sequence, as the document was told; else its order. */
export const hostTrackOf = (track: Track): number => {
  const premiere = track.host?.["premiere"];
  const told =
    typeof premiere === "object" && premiere !== null && "trackIndex" in premiere ? premiere.trackIndex : null;
  return typeof told === "number" ? told : track.order;
};

/** The sequence of a document as a project file would hold it, so that a host without that project can be given one. */
export const documentTimeline = (document: MixDocument): Timeline => {
  const { sequence } = document;
  const byHostTrack = new Map<number, Track[]>();
  for (const track of [...document.tracks].sort((a, b) => a.order - b.order)) {
    const index = hostTrackOf(track);
    byHostTrack.set(index, [...(byHostTrack.get(index) ?? []), track]);
  }
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
    tracks: [...byHostTrack.values()].map((members) => timelineTrack(document, members)),
    fidelity: [],
  };
};
