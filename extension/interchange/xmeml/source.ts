import { type FrameRate, ticksOfFrame } from "../frame-rate.ts";
import { decodeMediaPath, mediaNameOf } from "../media-path.ts";
import type { TimelineClip } from "../timeline.ts";
import { child, children, find, integerAt, numberAt, textAt, type XmlElement } from "../xml-tree.ts";
import { audioOf, definitionOf, nameOf, type XmemlDocument } from "./document.ts";
import { rateOf } from "./rate.ts";

/** What a clip item plays. */
export type ClipSource = Pick<
  TimelineClip,
  "kind" | "mediaPath" | "mediaName" | "mediaChannels" | "mediaSampleRate" | "mediaDurationTicks"
> & {
  /** Same text for the same source, to pair the two sides of a stereo clip. */
  readonly key: string;
};

const durationTicks = (element: XmlElement, rate: FrameRate): string | null => {
  const frames = integerAt(element, "duration");
  return frames === null || frames <= 0 ? null : String(ticksOfFrame(frames, rate));
};

/** Premiere writes one audio element with a channel count, Final Cut one element a channel. */
const channelsOf = (file: XmlElement): number | null => {
  const audio = children(child(file, "media") ?? file, "audio");
  const channels = audio.reduce((sum, one) => sum + (integerAt(one, "channelcount") ?? 0), 0);
  return channels > 0 ? channels : null;
};

const fromFile = (file: XmlElement, rate: FrameRate): ClipSource => {
  const url = textAt(file, "pathurl");
  const mediaPath = url === null ? "" : decodeMediaPath(url);
  const generated = url === null && child(file, "mediaSource") !== undefined;
  return {
    key: `file ${file.attributes["id"] ?? mediaPath}`,
    kind: generated ? "synthetic" : "media",
    mediaPath,
    mediaName: mediaPath === "" ? nameOf(file) : mediaNameOf(mediaPath),
    mediaChannels: channelsOf(file),
    mediaSampleRate: numberAt(find(file, "media/audio"), "samplecharacteristics/samplerate"),
    mediaDurationTicks: durationTicks(file, rateOf(file, rate)),
  };
};

const fromSequence = (sequence: XmlElement, rate: FrameRate): ClipSource => ({
  key: `sequence ${sequence.attributes["id"] ?? nameOf(sequence)}`,
  kind: "sequence",
  mediaPath: "",
  mediaName: nameOf(sequence),
  mediaChannels: integerAt(audioOf(sequence), "numOutputChannels"),
  mediaSampleRate: numberAt(audioOf(sequence), "format/samplecharacteristics/samplerate"),
  mediaDurationTicks: durationTicks(sequence, rateOf(sequence, rate)),
});

const withoutFile = (clip: XmlElement, kind: ClipSource["kind"]): ClipSource => ({
  key: `${kind} ${nameOf(clip)}`,
  kind,
  mediaPath: "",
  mediaName: nameOf(clip),
  mediaChannels: null,
  mediaSampleRate: null,
  mediaDurationTicks: null,
});

/** Finds what a clip item or generator item plays, wherever in the file it is defined. */
export const sourceOf = (clip: XmlElement, document: XmemlDocument, rate: FrameRate): ClipSource => {
  const sequence = child(clip, "sequence");
  if (sequence !== undefined) return fromSequence(definitionOf(sequence, document.sequencesById), rate);
  if (child(clip, "multiclip") !== undefined) return withoutFile(clip, "multicam");
  const file = child(clip, "file");
  if (file !== undefined) return fromFile(definitionOf(file, document.files), rate);
  return withoutFile(
    clip,
    clip.name === "generatoritem" || child(clip, "effect") !== undefined ? "synthetic" : "media",
  );
};
