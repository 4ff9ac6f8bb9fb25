// What `premix measure` says of whole files: levels known from ITU-R BS.1770, whatever the container, the channels or the decoder.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { FilePort } from "../../engine/files.ts";
import { measureFile } from "../../engine/measure-file.ts";
import type { Measures } from "../../engine/measures.ts";
import type { DecodedStream, ExternalDecoder, MediaInfo } from "../../engine/media/media.ts";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import type { WaveBitDepth } from "../../engine/wave-header.ts";
import { createWaveWriter } from "../../engine/wave-writer.ts";
import type { Problem } from "../../schema/problem.ts";
import { noise, sine } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const folder = mkdtempSync(path.join(tmpdir(), "premix-measure-"));
afterAll(() => rmSync(folder, { recursive: true }));

const files = createNodeFiles();
const RATE = 48_000;
const SECONDS = 5;

/** Interleaves one signal per channel. */
const interleave = (signals: readonly Float32Array[]): Float32Array => {
  const frames = signals[0]!.length;
  return Float32Array.from(
    { length: frames * signals.length },
    (_, at) => signals[at % signals.length]![Math.floor(at / signals.length)]!,
  );
};

const encode = (samples: Float32Array, bitDepth: WaveBitDepth): Uint8Array => {
  const bytes = Buffer.alloc((samples.length * bitDepth) / 8);
  samples.forEach((sample, at) => {
    if (bitDepth === 32) bytes.writeFloatLE(sample, at * 4);
    else bytes.writeIntLE(Math.round(sample * (2 ** (bitDepth - 1) - 1)), (at * bitDepth) / 8, bitDepth / 8);
  });
  return bytes;
};

const writeWave = async (
  name: string,
  samples: Float32Array,
  channels: number,
  bitDepth: WaveBitDepth = 24,
  sampleRate = RATE,
): Promise<string> => {
  const file = path.join(folder, name);
  const writer = await createWaveWriter(files, file, {
    sampleRate,
    channels,
    bitDepth,
    timeReferenceFrames: 0n,
    description: "",
    originator: "",
  });
  await writer.write(encode(samples, bitDepth));
  await writer.finish();
  return file;
};

const measured = async (file: string, external?: ExternalDecoder): Promise<Measures> => {
  const result = await measureFile(files, await openEngine(), file, external);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.value;
};

const refusal = async (file: string, signal?: AbortSignal): Promise<Problem> => {
  const result = await measureFile(files, await openEngine(), file, undefined, signal);
  if (result.ok) throw new Error(`${file} was measured`);
  return result.problems[0]!;
};

const tone = sine(1000, -23, SECONDS * RATE);
const silence = new Float32Array(SECONDS * RATE);

describe("a 1 kHz tone of -23 dBFS", () => {
  test.each([16, 24, 32] as const)("in both channels of a %i bit file is -23 LUFS", async (bitDepth) => {
    const found = await measured(await writeWave(`${bitDepth}.wav`, interleave([tone, tone]), 2, bitDepth));
    expect(found).toMatchObject({ sampleRate: RATE, channels: 2, durationSeconds: SECONDS });
    expect(found.integratedLufs).toBeCloseTo(-22.993, 2);
    expect(found.samplePeakDbfs).toBeCloseTo(-23, 2);
    expect(found.truePeakDbtp).toBeCloseTo(-23, 1);
  });

  test("in a mono file counts once", async () => {
    expect((await measured(await writeWave("mono.wav", tone, 1))).integratedLufs).toBeCloseTo(-26.003, 2);
  });

  test.each([
    ["L", 0, -26.003],
    ["LFE", 3, null],
    ["back left", 4, -26.003],
    ["side right", 7, -26.003 + 1.5],
  ] as const)("in %s of a 7.1 WAV has that speaker's weight", async (name, channel, expected) => {
    const signals = Array.from({ length: 8 }, (_, at) => (at === channel ? tone : silence));
    const { integratedLufs } = await measured(await writeWave(`${name}.wav`, interleave(signals), 8));
    if (expected === null) expect(integratedLufs).toBeNull();
    else expect(integratedLufs).toBeCloseTo(expected, 1);
  });

  test("is the same in a big-endian AIFF, which has no kernel of its own", async () => {
    const body = encode(interleave([tone, tone]), 16);
    const bytes = Buffer.concat([
      Buffer.from("FORM....AIFFCOMM"),
      Buffer.alloc(4 + 18),
      Buffer.from("SSND"),
      Buffer.alloc(12),
    ]);
    bytes.writeUInt32BE(bytes.length + body.length - 8, 4);
    bytes.writeUInt32BE(18, 16);
    bytes.writeUInt16BE(2, 20);
    bytes.writeUInt32BE(tone.length, 22);
    bytes.writeUInt16BE(16, 26);
    // 48,000 as an 80-bit float.
    bytes.writeUInt16BE(0x400e, 28);
    bytes.writeUInt16BE(0xbb80, 30);
    bytes.writeUInt32BE(body.length + 8, 42);
    const file = path.join(folder, "tone.aiff");
    await files.writeAtomic(file, Buffer.concat([bytes, Buffer.from(body).swap16()]));
    expect((await measured(file)).integratedLufs).toBeCloseTo(-22.993, 2);
  });
});

describe("a decoder that hands out pieces of any length", () => {
  const programme = interleave([noise(-12, SECONDS * RATE, 1), noise(-20, SECONDS * RATE, 2)]);
  const info: MediaInfo = {
    container: "mp4",
    codec: "aac",
    sampleRate: RATE,
    channels: 2,
    frames: null,
    bitDepth: null,
    timeReference: null,
    pcm: null,
  };
  let closed = 0;
  const external: ExternalDecoder = {
    name: "pieces",
    probe: async () => info,
    decode: async (): Promise<DecodedStream> => {
      let at = 0;
      return {
        info,
        next: async () => {
          if (at >= programme.length) return null;
          const piece = programme.subarray(at, at + 2 * (1 + ((at * 7) % 50_000)));
          at += piece.length;
          return piece;
        },
        close: () => {
          closed += 1;
        },
      };
    },
  };

  test("measures like the same sound in a float WAV, and is closed", async () => {
    const foreign = path.join(folder, "clip.wma");
    const asfHeader = [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c];
    await files.writeAtomic(foreign, Uint8Array.from([...asfHeader, ...new Array<number>(64).fill(0)]));
    const wave = await measured(await writeWave("noise.wav", programme, 2, 32));
    expect(await measured(foreign, external)).toEqual(wave);
    expect(wave.integratedLufs).toBeLessThan(-10);
    expect(closed).toBe(1);
  });
});

describe("other facts", () => {
  test("silence and an empty file measure null", async () => {
    for (const [name, samples] of [
      ["silence.wav", silence],
      ["empty.wav", new Float32Array(0)],
    ] as const) {
      expect(await measured(await writeWave(name, samples, 1))).toEqual({
        integratedLufs: null,
        maxMomentaryLufs: null,
        maxShortTermLufs: null,
        loudnessRangeLu: null,
        truePeakDbtp: null,
        samplePeakDbfs: null,
        durationSeconds: samples.length / RATE,
        sampleRate: RATE,
        channels: 1,
      });
    }
  });

  test("a real-world judge agrees to 0.1 LU where it is installed", async () => {
    const swelling = noise(-6, 20 * RATE).map((value, at) => value * Math.abs(Math.sin(at / 100_000)));
    const file = await writeWave("judge.wav", interleave([swelling, swelling]), 2);
    const found = await measured(file);
    expect(found.integratedLufs).toBeGreaterThan(-20);
    const judge = spawnSync("ffmpeg", ["-hide_banner", "-i", file, "-af", "ebur128", "-f", "null", "-"], {
      encoding: "utf8",
    });
    if (judge.error !== undefined) return;
    const said = [...judge.stderr.matchAll(/I: +(-?[\d.]+) LUFS/g)].at(-1)?.[1];
    expect(Math.abs(found.integratedLufs! - Number(said))).toBeLessThan(0.1);
  });

  test("what cannot be measured is refused with the reason", async () => {
    expect(await refusal(path.join(folder, "none.wav"))).toMatchObject({ code: "missing-file" });
    await files.writeAtomic(path.join(folder, "text.wav"), new TextEncoder().encode("hello"));
    expect(await refusal(path.join(folder, "text.wav"))).toMatchObject({ code: "not-audio" });
    const many = await refusal(await writeWave("12.wav", new Float32Array(1200), 12));
    expect(many).toMatchObject({ code: "unsupported" });
    expect(many.message).toContain(
      "12 channels at 48000 Hz. Loudness is measured of 1 to 8 channels at 8000 to 192000 Hz",
    );
  });

  test("a stop is heard before the first chunk and, on a disk that never waits, between chunks", async () => {
    const file = await writeWave("long.wav", new Float32Array(65 * 16_384), 1, 16);
    expect(await refusal(file, AbortSignal.abort())).toMatchObject({ code: "cancelled", file });
    const stopping = new AbortController();
    const port: FilePort = {
      ...files,
      open: async (wanted) => {
        setTimeout(() => stopping.abort(), 0);
        return files.open(wanted);
      },
    };
    const result = await measureFile(port, await openEngine(), file, undefined, stopping.signal);
    expect(result).toMatchObject({ ok: false, problems: [{ code: "cancelled", file }] });
  });

  test("one broken float sample does not silence the figures", async () => {
    const broken = interleave([tone, tone]);
    broken[100_000] = Number.NaN;
    const { integratedLufs } = await measured(await writeWave("nan.wav", broken, 2, 32));
    expect(integratedLufs).toBeCloseTo(-22.99, 1);
  });
});
