import { channelCount } from "../../../schema/channel-layout.ts";
import { formatCarried } from "../carried.ts";
import type { FidelityTally } from "../fidelity.ts";
import { sourceTicks, ticksOfFrame } from "../frame-rate.ts";
import { speakersOf } from "../layout.ts";
import type { Carried, TimelineClip, TimelineTrack } from "../timeline.ts";
import { element, leaves, possibleText, type XmlPart } from "../xml-write.ts";
import type { WrittenFiles } from "./write-file.ts";
import type { FrameClip, FrameTransition } from "./write-frames.ts";
import { filtersOf, levelsOf, type WrittenLevels } from "./write-levels.ts";
import { frameAtOrAfter, frameOf, rateElement, type WrittenRate } from "./write-rate.ts";

/** What the tracks of one file share. */
export type WriteContext = {
  readonly rate: WrittenRate;
  readonly files: WrittenFiles;
  readonly tally: FidelityTally;
  /** Numbers of the clip items and of the exploded tracks that were written so far. */
  readonly counts: { clips: number; tracks: number };
};

/** One clip item: a speaker's share of a clip. */
export type Share = {
  readonly placed: FrameClip;
  readonly levels: WrittenLevels;
  readonly id: string;
  /** Source channel from 0. */
  readonly channel: number;
  /** Exploded track, from 0 among those of its track; place among the clip items there, from 1. */
  readonly speaker: number;
  clipIndex: number;
};

/** The name as the file can hold it; what it cannot is counted. */
export const writtenName = (name: string, tally: FidelityTally): string => {
  const possible = possibleText(name);
  if (possible !== name) tally.add("character that XML cannot hold", "dropped", 1, "stands as U+FFFD in a name");
  return possible;
};

/** A log note is the one free text that Premiere's own files have on every clip. */
export const carriedElement = (carried: Carried): XmlPart[] => {
  const lognote = formatCarried(carried);
  return lognote === "" ? [] : [element("logginginfo", leaves({ lognote }))];
};

/** The shares of every clip, one row a clip. */
export const sharesOf = (clips: readonly FrameClip[], track: TimelineTrack, context: WriteContext): Share[][] => {
  const filled = Array.from({ length: channelCount(track.layout) }, () => 0);
  return clips.map((placed) => {
    const levels = levelsOf(placed, track.volumeDb, context.rate.rate, context.tally);
    return speakersOf(placed.clip.channels, track.layout).flatMap((channel, speaker): Share[] => {
      if (channel === null) return [];
      context.counts.clips += 1;
      filled[speaker] = (filled[speaker] ?? 0) + 1;
      const id = `clipitem-${context.counts.clips}`;
      return [{ placed, levels, id, channel, speaker, clipIndex: filled[speaker] }];
    });
  });
};

const linksOf = (row: readonly Share[], firstTrack: number): XmlPart[] =>
  row.length < 2
    ? []
    : row.map(({ id, speaker, clipIndex }) =>
        element(
          "link",
          leaves({
            linkclipref: id,
            mediatype: "audio",
            trackindex: firstTrack + speaker,
            clipindex: clipIndex,
            groupindex: 1,
          }),
        ),
      );

const sourceEnd = ({ clip, start, end, inTicks }: FrameClip, { rate }: WrittenRate): bigint => {
  const length = ticksOfFrame(end, rate) - ticksOfFrame(start, rate);
  return inTicks + sourceTicks(length, clip.speed);
};

/** Where a clip lies; an edge under a transition is -1. */
const placeOf = (placed: FrameClip, written: WrittenRate): XmlPart[] => {
  const { start, end, inTicks, before, after, clip } = placed;
  const outTicks = sourceEnd(placed, written);
  const out = frameAtOrAfter(outTicks, written.rate);
  const media = clip.mediaDurationTicks === null ? 0 : frameAtOrAfter(BigInt(clip.mediaDurationTicks), written.rate);
  return [
    ...leaves({ duration: Math.max(media, out) }),
    rateElement(written),
    ...leaves({
      start: before === null ? start : -1,
      end: after === null ? end : -1,
      in: frameOf(inTicks, written.rate),
      out,
      pproTicksIn: inTicks,
      pproTicksOut: outTicks,
    }),
  ];
};

const channelTypes: Readonly<Record<TimelineTrack["layout"], string>> = {
  mono: "mono",
  stereo: "stereo",
  "5.1": "5.1",
  "7.1": "7.1",
};

/** The clip with names that the file can hold. */
export const writtenClip = (clip: TimelineClip, tally: FidelityTally): TimelineClip => {
  if (clip.mediaPath === "") tally.dropNamed("clip without a file", clip.name, "stands as an offline item");
  if (clip.speed === 0) tally.dropNamed("clip that stands still", clip.name, "stands disabled at normal speed");
  const named = { ...clip, name: writtenName(clip.name, tally), mediaName: possibleText(clip.mediaName) };
  return clip.speed === 0 ? { ...named, speed: 1, enabled: false } : named;
};

/** One clip item with everything that the format can say of it. */
export const clipElement = (
  share: Share,
  row: readonly Share[],
  track: TimelineTrack,
  firstTrack: number,
  context: WriteContext,
): XmlPart => {
  const { placed, levels, id, channel } = share;
  const { clip } = placed;
  const { part, number } = context.files.of(clip);
  return element(
    "clipitem",
    [
      ...leaves({ masterclipid: `masterclip-${number}`, name: clip.name }),
      ...leaves({ enabled: clip.enabled }),
      ...placeOf(placed, context.rate),
      part,
      ...filtersOf(clip, levels),
      element("sourcetrack", leaves({ mediatype: "audio", trackindex: channel + 1 })),
      ...linksOf(row, firstTrack),
      ...carriedElement(clip.carried ?? {}),
    ],
    { id, premiereChannelType: channelTypes[track.layout] },
  );
};

const effects = {
  constantPower: { name: "Cross Fade (+3dB)", effectid: "KGAudioTransCrossFade3dB" },
  constantGain: { name: "Cross Fade ( 0dB)", effectid: "KGAudioTransCrossFade0dB" },
};

/** A transition item; a curve that the format has no name for is written as constant power. */
export const transitionElement = (
  { transition, alignment, from, to, cut }: FrameTransition,
  { rate }: WriteContext,
): XmlPart => {
  const effect = effects[transition.curve === "constantGain" ? "constantGain" : "constantPower"];
  const cutPointTicks = ticksOfFrame(cut, rate.rate) - ticksOfFrame(from, rate.rate);
  return element("transitionitem", [
    ...leaves({ start: from, end: to, alignment, cutPointTicks }),
    rateElement(rate),
    element("effect", leaves({ ...effect, effecttype: "transition", mediatype: "audio" })),
  ]);
};
