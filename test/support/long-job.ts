import { closeSync, openSync, writeSync } from "node:fs";
import type { Clip, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "./mix-documents.ts";
import { randomSource } from "./signals.ts";

const RATE = 48_000;
const BYTES_PER_SECOND = RATE * 4;

/** Header of a 16-bit stereo WAV at 48 kHz. */
const header = (dataBytes: number): Buffer => {
  const bytes = Buffer.alloc(44);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(BYTES_PER_SECOND, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
};

/** Writes a stereo WAV of noise at -30 dBFS: one second of it, over and over. */
export const writeNoise = (file: string, seconds: number): void => {
  const random = randomSource(3);
  const second = Buffer.alloc(BYTES_PER_SECOND);
  for (let at = 0; at < second.length; at += 2) second.writeInt16LE(Math.round((random() * 2 - 1) * 1000), at);
  const descriptor = openSync(file, "w");
  writeSync(descriptor, header(seconds * BYTES_PER_SECOND));
  for (let done = 0; done < seconds; done += 1) writeSync(descriptor, second);
  closeSync(descriptor);
};

const inserts = (id: string): Track["processors"] => [
  {
    id: `${id}_eq`,
    type: "equalizer",
    enabled: true,
    mixPercent: 100,
    bands: [
      { kind: "lowCut", frequencyHz: 80, slopeDbPerOctave: 12 },
      { kind: "bell", frequencyHz: 3000, gainDb: 3, q: 1 },
    ],
  },
  { id: `${id}_comp`, type: "compressor", enabled: true, mixPercent: 100, thresholdDb: -30, ratio: 3 },
];

const roles = ["dialogue", "music", "effects", "ambience"] as const;

/** Clips of `clipSeconds` side by side until `seconds` are full, each a stretch of noise.wav. */
const clips = (track: string, seconds: number, clipSeconds: number): Clip[] =>
  Array.from({ length: Math.ceil(seconds / clipSeconds) }, (_, index) =>
    clipFixture({
      id: `clp_${track}${index}`,
      media: "med_noise",
      startTicks: secondsToTicks(index * clipSeconds),
      durationTicks: secondsToTicks(Math.min(clipSeconds, seconds - index * clipSeconds)),
    }),
  );

/** Eight tracks with equalizer and compressor into two buses and a limited master; needs noise.wav of `clipSeconds` beside it. */
export const longJob = (seconds: number, clipSeconds = seconds, volumeDb = 0): MixDocument => {
  const tracks = Array.from({ length: 8 }, (_, index) =>
    trackFixture({
      id: `trk_${index}`,
      order: index,
      name: `A${index + 1}`,
      role: roles[index % 4]!,
      output: index % 4 === 0 ? "bus_dx" : "bus_mx",
      volumeDb: volumeDb - index,
      processors: inserts(`prc_${index}`),
      clips: clips(`${index}x`, seconds, clipSeconds),
    }),
  );
  const base = minimalDocument();
  const stem = (name: string, from: string) => ({ ...base.stems[0]!, id: `stm_${name.toLowerCase()}`, name, from });
  const limiter = { id: "prc_limit", type: "limiter", enabled: true, mixPercent: 100, ceilingDbtp: -1.1 };
  return {
    ...base,
    sequence: { ...base.sequence, name: "Job", durationTicks: secondsToTicks(seconds) },
    media: {
      med_noise: {
        path: "noise.wav",
        name: "noise.wav",
        sizeBytes: 44 + clipSeconds * BYTES_PER_SECOND,
        quickHash: null,
        sampleRate: RATE,
        channels: 2,
        frames: clipSeconds * RATE,
      },
    },
    tracks,
    buses: [
      busFixture(),
      busFixture({ id: "bus_mx", name: "Music", role: "music" }),
      masterFixture({ processors: [limiter] }),
    ],
    stems: [stem("DX", "bus_dx"), stem("MX", "bus_mx"), stem("MIX", "bus_main")],
  };
};
