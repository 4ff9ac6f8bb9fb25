import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "../support/mix-documents.ts";
import { runPremix } from "../support/premix-process.ts";
import { waveFloats, waveInt24 } from "../support/render-ground.ts";
import { randomSource } from "../support/signals.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const RATE = 48_000;
const FRAMES = 3 * RATE;
/** Where the clip lies, what it takes, and from where in its source. */
const [AT, LENGTH, FROM] = [12_345, 70_001, 777];

const folder = temporaryFolders();

/** A plain stereo WAV: tag 1 = integers, 3 = floats. */
const wave = (data: Uint8Array, tag: 1 | 3, bits: 24 | 32): Uint8Array => {
  const bytes = Buffer.alloc(44 + data.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + data.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(tag, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE((RATE * 2 * bits) / 8, 28);
  bytes.writeUInt16LE((2 * bits) / 8, 32);
  bytes.writeUInt16LE(bits, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(data.length, 40);
  bytes.set(data, 44);
  return bytes;
};

/** Floats of every size, beyond full scale too. */
const floats = (): Float32Array => {
  const random = randomSource(11);
  return Float32Array.from({ length: 2 * RATE * 2 }, (_, index) => (random() - 0.5) * 4 * 10 ** -(index % 9));
};

/** Every step of 24 bits alike, both ends included. */
const integers = (): Int32Array => {
  const random = randomSource(12);
  const samples = Int32Array.from({ length: 2 * RATE * 2 }, () => Math.floor(random() * 2 ** 24) - 2 ** 23);
  samples.set([2 ** 23 - 1, -(2 ** 23), 1, -1], FROM * 2);
  return samples;
};

const packed24 = (samples: Int32Array): Uint8Array => {
  const bytes = Buffer.alloc(samples.length * 3);
  for (const [index, sample] of samples.entries()) bytes.writeIntLE(sample, index * 3, 3);
  return bytes;
};

/** One track a medium, each into its own bus and its own stem; nothing has a level or a processor. */
const nothing = (): MixDocument => {
  const base = minimalDocument();
  const clip = (media: string) =>
    clipFixture({
      id: `clp_${media}`,
      media: `med_${media}`,
      startTicks: framesToTicks(AT, RATE),
      durationTicks: framesToTicks(LENGTH, RATE),
      sourceInTicks: framesToTicks(FROM, RATE),
    });
  const kinds = ["float", "whole"] as const;
  return {
    ...base,
    sequence: { ...base.sequence, durationTicks: framesToTicks(FRAMES, RATE) },
    media: Object.fromEntries(
      kinds.map((kind) => [
        `med_${kind}`,
        {
          path: `${kind}.wav`,
          name: `${kind}.wav`,
          sizeBytes: null,
          quickHash: null,
          sampleRate: RATE,
          channels: 2,
          frames: 2 * RATE,
        },
      ]),
    ),
    tracks: kinds.map((kind, order) =>
      trackFixture({ id: `trk_${kind}`, order, name: kind, output: `bus_${kind}`, clips: [clip(kind)] }),
    ),
    buses: [...kinds.map((kind) => busFixture({ id: `bus_${kind}`, name: kind })), masterFixture()],
    stems: kinds.map((kind) => ({
      ...base.stems[0]!,
      id: `stm_${kind}`,
      name: kind,
      from: `bus_${kind}`,
      bitDepth: kind === "float" ? 32 : 24,
    })),
  };
};

describe("a document that does nothing, through the command line", () => {
  const sources = { float: floats(), whole: integers() };
  let at = "";
  let report: MixReport;

  const render = async (document: string, out: string, more: readonly string[] = []): Promise<MixReport> => {
    const { exitCode, json, stderr } = await runPremix<MixReport>(["render", document, "-o", join(at, out), ...more]);
    expect([0, 5], stderr).toContain(exitCode);
    return json;
  };

  beforeAll(async () => {
    at = folder();
    const { float, whole } = sources;
    writeFileSync(join(at, "float.wav"), wave(new Uint8Array(float.buffer), 3, 32));
    writeFileSync(join(at, "whole.wav"), wave(packed24(whole), 1, 24));
    writeFileSync(join(at, "nothing.mix.json"), canonicalText(nothing()));
    report = await render(join(at, "nothing.mix.json"), "out");
  });

  const stem = (name: string) =>
    new Uint8Array(readFileSync([...report.stems, report.mix].find((one) => one.name === name)!.file));

  test("gives 32-bit floats back bit for bit, and silence around them", () => {
    const samples = waveFloats(stem("float"));
    expect(samples.length).toBe(FRAMES * 2);
    expect(samples.subarray(AT * 2, (AT + LENGTH) * 2)).toEqual(sources.float.subarray(FROM * 2, (FROM + LENGTH) * 2));
    expect(samples.subarray(0, AT * 2).every((sample) => sample === 0)).toBe(true);
    expect(samples.subarray((AT + LENGTH) * 2).every((sample) => sample === 0)).toBe(true);
  });

  test("gives 24-bit samples back to the last bit, both ends of the range included", () => {
    const samples = waveInt24(stem("whole"));
    expect(samples.length).toBe(FRAMES * 2);
    expect(samples.subarray(AT * 2, (AT + LENGTH) * 2)).toEqual(sources.whole.subarray(FROM * 2, (FROM + LENGTH) * 2));
    expect(samples.subarray(0, AT * 2).every((sample) => sample === 0)).toBe(true);
    expect(samples.subarray((AT + LENGTH) * 2).every((sample) => sample === 0)).toBe(true);
  });

  test("does so from MessagePack, on any number of threads and in any block", async () => {
    const binary = join(at, "nothing.mixb");
    const text = join(at, "again.mix.json");
    expect((await runPremix(["convert", join(at, "nothing.mix.json"), "--to", "msgpack", "-o", binary])).exitCode).toBe(
      0,
    );
    expect((await runPremix(["convert", binary, "--to", "json", "-o", text])).exitCode).toBe(0);
    expect(readFileSync(text)).toEqual(readFileSync(join(at, "nothing.mix.json")));
    const hashes = ({ stems, mix }: MixReport) => [...stems, mix].map(({ sha256 }) => sha256);
    const again = await render(binary, "again", ["--threads", "1", "--block", "77"]);
    expect(hashes(again)).toEqual(hashes(report));
    expect(hashes(await render(binary, "more", ["--threads", "3", "--block", "65536"]))).toEqual(hashes(report));
  });
});
