import { type ChannelLayout, channelCount } from "../../schema/channel-layout.ts";
import type { Media, MixDocument, Processor } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { namedFiles } from "./chain-files.ts";
import { unknownFingerprint } from "./fingerprint.ts";

/** Where a chain stands in its document; problems of a chain file are told without it. */
export const chainPointer = "/buses/0/processors";

/** Id of the one stem. */
export const chainStemId = "stm_out";
/** Id of the one medium. */
export const chainMediaId = "med_in";

/** Id of the medium that the n-th named file of a chain becomes. */
export const chainFileId = (index: number): string => `med_file_${index + 1}`;

export type ChainFacts = {
  readonly processors: readonly Processor[];
  /** Name of the file that is processed. */
  readonly name: string;
  readonly sampleRate: number;
  /** Of the file, in the order of its layout. */
  readonly channels: readonly number[];
  readonly layout: ChannelLayout;
  /** Of what is written: the chain works in the wider of the two. */
  readonly outputLayout: ChannelLayout;
  readonly frames: number;
  /** Frames since midnight of the first frame. */
  readonly timeReferenceFrames: number;
  readonly bitDepth: 16 | 24 | 32;
};

const unknownMedia = (path: string): Media => ({
  path,
  name: mediaNameOf(path),
  ...unknownFingerprint,
});

/** In a chain file `file` is a path; in a document it is the id of a medium. */
const withMediaIds = (processors: readonly Processor[]): Processor[] => {
  const files = namedFiles(processors);
  return processors.map((processor) =>
    typeof processor.file === "string" ? { ...processor, file: chainFileId(files.indexOf(processor.file)) } : processor,
  );
};

/** One file through one chain, as a mix of one track: the chain stands on the master, so its reductions are reported. */
export const chainDocument = (facts: ChainFacts): MixDocument => {
  const { processors, name, sampleRate, channels, frames, timeReferenceFrames, bitDepth, layout, outputLayout } = facts;
  const chainLayout = channelCount(outputLayout) > channelCount(layout) ? outputLayout : layout;
  const durationTicks = framesToTicks(frames, sampleRate);
  const plain = { volumeDb: 0, sends: [] };
  const clip = {
    id: "clp_in",
    name,
    media: chainMediaId,
    enabled: true,
    startTicks: "0",
    durationTicks,
    sourceInTicks: "0",
    speed: "1/1",
    reversed: false,
    role: null,
    roleSource: "",
    channels: [...channels],
    gainDb: 0,
    volumeDb: 0,
    fadeIn: null,
    fadeOut: null,
    processors: [],
    automation: [],
  };
  const track = { id: "trk_in", order: 0, name, role: null, layout, output: "bus_out", muted: false, ...plain };
  return {
    format: "mix",
    formatVersion: "1.0",
    minReader: "1.0",
    extensionsUsed: [],
    extensionsRequired: [],
    sequence: {
      id: "seq_process",
      name,
      tickRate: "254016000000",
      frameRate: "25",
      dropFrame: false,
      startTicks: framesToTicks(timeReferenceFrames, sampleRate),
      durationTicks,
      sampleRate,
      layout: outputLayout,
    },
    media: {
      [chainMediaId]: { ...unknownMedia(name), sampleRate, channels: channels.length, frames },
      ...Object.fromEntries(namedFiles(processors).map((path, index) => [chainFileId(index), unknownMedia(path)])),
    },
    tracks: [{ ...track, processors: [], automation: [], clips: [clip] }],
    crossfades: [],
    buses: [
      {
        id: "bus_out",
        name: "Out",
        kind: "master",
        role: null,
        layout: chainLayout,
        output: null,
        ...plain,
        processors: withMediaIds(processors),
      },
    ],
    duckers: [],
    targets: { programme: { profile: null, integratedLufs: -23, toleranceLu: 20, truePeakDbtp: 0 } },
    stems: [{ id: chainStemId, name, role: null, from: "bus_out", layout: outputLayout, sampleRate, bitDepth }],
    decisions: [],
  };
};
