import type { Clip, MixDocument, Track } from "../../schema/generated/mix-document.ts";

const plus = (ticks: string, more: bigint): string => String(BigInt(ticks) + more);

/** A cut with every clip changed; clips for which nothing is given are taken out. */
export const recut = (document: MixDocument, change: (clip: Clip, track: Track) => readonly Clip[]): MixDocument => ({
  ...document,
  tracks: document.tracks.map((track) => ({ ...track, clips: track.clips.flatMap((clip) => change(clip, track)) })),
});

/** What a new import would know: the cut without anything that a mix says of its sound. */
export const bareCut = (document: MixDocument): MixDocument => {
  const { note: _, extensions: __, extras: ___, cues: ____, ...plain } = document;
  const bare = recut(document, (clip) => {
    const { note: ____, channelGainsDb: _____, ...rest } = clip;
    return [{ ...rest, gainDb: 0, volumeDb: 0, fadeIn: null, fadeOut: null, processors: [], automation: [] }];
  });
  const tracks = bare.tracks.map((track) => ({ ...track, volumeDb: 0, sends: [], processors: [], automation: [] }));
  return { ...plain, tracks, decisions: [], duckers: [] };
};

/** Everything on the timeline `ticks` later. */
export const shiftedCut = (document: MixDocument, ticks: bigint): MixDocument => ({
  ...recut(document, (clip) => [{ ...clip, startTicks: plus(clip.startTicks, ticks) }]),
  crossfades: document.crossfades.map((fade) => ({ ...fade, startTicks: plus(fade.startTicks, ticks) })),
  sequence: { ...document.sequence, durationTicks: plus(document.sequence.durationTicks, ticks) },
});

/** A clip razored `ticks` after its start; the second piece gets a new id. */
export const razored = (clip: Clip, ticks: bigint, id = `${clip.id}_b`): readonly Clip[] => {
  const { host: _, ...rest } = clip;
  return [
    { ...clip, durationTicks: String(ticks), fadeOut: null },
    {
      ...rest,
      id,
      startTicks: plus(clip.startTicks, ticks),
      sourceInTicks: plus(clip.sourceInTicks, ticks),
      durationTicks: String(BigInt(clip.durationTicks) - ticks),
      fadeIn: null,
    },
  ];
};
