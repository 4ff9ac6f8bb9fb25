import { channelCount } from "../../../schema/channel-layout.ts";
import { ok, type Result } from "../../../schema/problem.ts";
import type { FidelityTally } from "../fidelity.ts";
import type { Timeline } from "../timeline.ts";
import { asResult } from "../xml-text.ts";
import { element, leaves, writeXml, type XmlPart } from "../xml-write.ts";
import { carriedElement, type WriteContext, writtenName } from "./write-clips.ts";
import { WrittenFiles } from "./write-file.ts";
import { nearestFrame, rateElement, type WrittenRate, writtenRate } from "./write-rate.ts";
import { trackElements } from "./write-tracks.ts";

export type XmemlWriteOptions = {
  /** Timecode of the first frame, as people read it: "01:00:00;00". */
  readonly startTimecode: string;
  /** Counts what the format cannot hold as it is. */
  readonly tally: FidelityTally;
};

/** Premiere's own version of the format. */
const version = "4";

const outputs = (channels: number): XmlPart =>
  element("outputs", [
    element("group", [
      ...leaves({ index: 1, numchannels: channels, downmix: 0 }),
      ...Array.from({ length: channels }, (_, channel) => element("channel", leaves({ index: channel + 1 }))),
    ]),
  ]);

const audioElement = (timeline: Timeline, context: WriteContext): XmlPart => {
  const channels = channelCount(timeline.layout);
  const format = element("samplecharacteristics", leaves({ samplerate: timeline.sampleRate }));
  return element("audio", [
    ...leaves({ numOutputChannels: channels }),
    element("format", [format]),
    outputs(channels),
    ...timeline.tracks.flatMap((track) => trackElements(track, context)),
  ]);
};

const timecodeElement = (timeline: Timeline, rate: WrittenRate, startTimecode: string): XmlPart =>
  element("timecode", [
    rateElement(rate),
    ...leaves({
      string: startTimecode,
      frame: nearestFrame(BigInt(timeline.zeroPointTicks), rate.rate),
      displayformat: timeline.dropFrame ? "DF" : "NDF",
    }),
  ]);

/** A start before zero has no attribute of its own; the timecode's frame says it. */
const sequenceAttributes = ({ zeroPointTicks }: Timeline): Record<string, string> => ({
  id: "sequence-1",
  ...(zeroPointTicks.startsWith("-") ? {} : { "MZ.ZeroPoint": zeroPointTicks }),
  explodedTracks: "true",
});

/**
 * Writes a sequence as a Final Cut Pro 7 XML in the form that Premiere itself writes: stereo and surround exploded into linked
 * mono tracks, exact source ticks beside the frames. The same timeline always gives the same bytes.
 */
export const writeXmeml = (timeline: Timeline, { startTimecode, tally }: XmemlWriteOptions): Result<Uint8Array> =>
  asResult(() => {
    const rate = writtenRate(timeline.frameRate);
    const clips = timeline.tracks.flatMap((track) => track.clips);
    const context = { rate, files: new WrittenFiles(rate, clips), tally, counts: { clips: 0, tracks: 0 } };
    const sequence = element(
      "sequence",
      [
        ...leaves({ duration: nearestFrame(BigInt(timeline.durationTicks), rate.rate) }),
        rateElement(rate),
        ...leaves({ name: writtenName(timeline.name, tally) }),
        element("media", [audioElement(timeline, context)]),
        timecodeElement(timeline, rate, startTimecode),
        ...carriedElement(timeline.carriedId === undefined ? {} : { id: timeline.carriedId }),
      ],
      sequenceAttributes(timeline),
    );
    return ok(writeXml(element("xmeml", [sequence], { version })));
  });
