import type { RenderOptions } from "../../engine/engine.ts";
import type { ByteSource } from "../../engine/files.ts";
import type { PcmEncoding } from "../../engine/media/media.ts";
import type { NetworkModules } from "../../engine/neural/network-modules.ts";
import { planRender } from "../../engine/plan-render.ts";
import { renderPlan } from "../../engine/render.ts";
import type { PlanMedia } from "../../engine/render-plan.ts";
import type { WorkerPort } from "../../engine/track-workers.ts";
import type { Bus, ChannelLayout, Clip, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { createMemoryFiles } from "./memory-files.ts";
import { engineModule, networkModules } from "./wasm.ts";

export const RATE = 48000;

/** A source of raw samples: what a PCM container holds, without the container. */
export type RawSource = {
  readonly encoding: PcmEncoding;
  readonly channels: number;
  readonly sampleRate?: number;
  readonly bytes: Uint8Array;
};

const bytesPerSample = { f32: 4, s24: 3, s16: 2 } as const;

export const floatSource = (samples: Float32Array, channels: number, sampleRate = RATE): RawSource => ({
  encoding: "f32",
  channels,
  sampleRate,
  bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
});

export const int24Source = (samples: Int32Array, channels: number): RawSource => {
  const bytes = new Uint8Array(samples.length * 3);
  samples.forEach((value, index) => {
    bytes.set([value & 255, (value >> 8) & 255, (value >> 16) & 255], index * 3);
  });
  return { encoding: "s24", channels, bytes };
};

const planMedia = (path: string, { encoding, channels, sampleRate = RATE, bytes }: RawSource): PlanMedia => {
  const bytesPerFrame = bytesPerSample[encoding as keyof typeof bytesPerSample] * channels;
  return {
    path,
    sampleRate,
    channels,
    frames: bytes.length / bytesPerFrame,
    pcm: { encoding, bigEndian: false, dataOffset: 0, bytesPerFrame, validBits: (bytesPerFrame / channels) * 8 },
  };
};

export const clip = (
  id: string,
  media: string,
  startFrame: number,
  frames: number,
  more: Partial<Clip> = {},
): Clip => ({
  id,
  name: id,
  media,
  enabled: true,
  startTicks: framesToTicks(startFrame, RATE),
  durationTicks: framesToTicks(frames, RATE),
  sourceInTicks: "0",
  speed: "1/1",
  reversed: false,
  role: null,
  roleSource: "test",
  channels: [0, 1],
  gainDb: 0,
  volumeDb: 0,
  fadeIn: null,
  fadeOut: null,
  processors: [],
  automation: [],
  ...more,
});

export const track = (id: string, output: string, clips: Clip[], more: Partial<Track> = {}): Track => ({
  id,
  order: Number(id.replace(/\D/g, "")),
  name: id,
  role: null,
  layout: "stereo",
  output,
  muted: false,
  volumeDb: 0,
  sends: [],
  processors: [],
  automation: [],
  clips,
  ...more,
});

export const bus = (id: string, output: string | null, more: Partial<Bus> = {}): Bus => ({
  id,
  name: id,
  kind: output === null ? "master" : "submix",
  role: null,
  layout: "stereo",
  output,
  volumeDb: 0,
  sends: [],
  processors: [],
  ...more,
});

/** 32-bit stems of one bus, each named after its layout. */
export const stemsOf = (from: string, layouts: readonly ChannelLayout[]): MixDocument["stems"] =>
  layouts.map((layout) => ({
    id: `stem_${layout}`,
    name: layout,
    role: null,
    from,
    layout,
    sampleRate: RATE,
    bitDepth: 32 as const,
  }));

/** A document over two buses (dx, mx) and a master; a 32-bit stem of each unless told. */
export const renderDocument = (frames: number, tracks: Track[], more: Partial<MixDocument> = {}): MixDocument => ({
  format: "mix",
  formatVersion: "1.0",
  minReader: "1.0",
  extensionsUsed: [],
  extensionsRequired: [],
  sequence: {
    id: "seq_test",
    name: "Test",
    tickRate: "254016000000",
    frameRate: "25",
    dropFrame: false,
    startTicks: "0",
    durationTicks: framesToTicks(frames, RATE),
    sampleRate: RATE,
    layout: "stereo",
  },
  media: {},
  tracks,
  crossfades: [],
  buses: [bus("dx", "main", { role: "dialogue" }), bus("mx", "main", { role: "music" }), bus("main", null)],
  duckers: [],
  targets: { programme: { profile: null, integratedLufs: -23, toleranceLu: 0.5, truePeakDbtp: -1 } },
  stems: (["dx", "mx", "main"] as const).map((from) => ({
    id: `stem_${from}`,
    name: from,
    role: null,
    from,
    layout: "stereo" as const,
    sampleRate: RATE,
    bitDepth: 32 as const,
  })),
  decisions: [],
  ...more,
});

const DATA_ID = [0x64, 0x61, 0x74, 0x61];

/** The bytes behind the `data` header of a WAV that we wrote. */
export const waveData = (wave: Uint8Array): Uint8Array => {
  for (let at = 12; at + 8 <= wave.length; ) {
    const size = new DataView(wave.buffer, wave.byteOffset + at + 4, 4).getUint32(0, true);
    if (DATA_ID.every((value, index) => wave[at + index] === value)) return wave.slice(at + 8, at + 8 + size);
    at += 8 + size + (size & 1);
  }
  throw new TypeError("no data chunk");
};

export const waveFloats = (wave: Uint8Array): Float32Array => new Float32Array(waveData(wave).buffer);

export const waveInt24 = (wave: Uint8Array): Int32Array => {
  const data = waveData(wave);
  return Int32Array.from({ length: data.length / 3 }, (_, index) => {
    const at = index * 3;
    return ((data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)) << 8) >> 8;
  });
};

/** Renders a document over raw sources; gives the files by stem name and the result. */
export const renderSources = async (
  document: MixDocument,
  sources: Readonly<Record<string, RawSource>>,
  options: Partial<RenderOptions> = {},
  startWorker?: (open: (path: string) => Promise<ByteSource>) => WorkerPort,
  networks?: NetworkModules | null,
) => {
  const memory = createMemoryFiles(
    Object.fromEntries(Object.entries(sources).map(([id, { bytes }]) => [`media/${id}`, bytes])),
  );
  const media = new Map(Object.entries(sources).map(([id, source]) => [id, planMedia(`media/${id}`, source)]));
  const plan = planRender(document, media);
  if (!plan.ok) throw new TypeError(plan.problems.map(({ message }) => message).join(" "));
  const workers = startWorker ? { startWorker: () => startWorker((path) => memory.files.open(path)) } : {};
  const result = await renderPlan(
    {
      files: memory.files,
      module: await engineModule(),
      networks: networks === undefined ? await networkModules() : networks,
      ...workers,
    },
    plan.value,
    "Test",
    {
      outputFolder: "out",
      ...options,
    },
  );
  const file = (name: string): Uint8Array => {
    const bytes = memory.stored.get(`out/Test_${name}.wav`);
    if (!bytes) throw new TypeError(`no stem ${name}`);
    return bytes;
  };
  return { result, file };
};
