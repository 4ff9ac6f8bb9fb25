import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { ChunkFileWriter, partOfBytes } from "../../engine/chunk-file-writer.ts";
import { createEngine } from "../../engine/create-engine.ts";
import type { FilePort } from "../../engine/files.ts";
import { contentKey } from "../../engine/media/content-key.ts";
import { sidecarPath } from "../../engine/sidecar/analysis-shelf.ts";
import { decodeArray, encodeArray } from "../../engine/sidecar/sidecar-array.ts";
import { readChunks } from "../../schema/chunk-file.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ProblemError, type Result } from "../../schema/problem.ts";
import { sha256 } from "../../schema/sha256.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { floatWave } from "../support/float-wave.ts";
import { createMemoryFiles } from "../support/memory-files.ts";
import { clipFixture, minimalDocument, trackFixture } from "../support/mix-documents.ts";
import { randomSource } from "../support/signals.ts";
import { engineModule } from "../support/wasm.ts";

const wasmPath = fileURLToPath(new URL("../../dist/engine/engine.wasm", import.meta.url));
const SECONDS = 3;
const RATE = 44_100;
const FOLDER = "mix/analysis";

/** Noise that comes and goes, two different channels. */
const sound = (seed = 5): Float32Array => {
  const random = randomSource(seed);
  const level = (frame: number) => 0.1 + 0.4 * Math.abs(Math.sin(frame / 9000));
  return Float32Array.from({ length: SECONDS * RATE * 2 }, (_, at) => (random() * 2 - 1) * level(at >> 1));
};

const taken = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.value;
};

/** A file port that counts the bytes that are read of each file. */
const counting = (files: FilePort) => {
  const bytes = new Map<string, number>();
  const open: FilePort["open"] = async (path) => {
    const source = await files.open(path);
    return {
      ...source,
      read: async (position, into) => {
        const read = await source.read(position, into);
        bytes.set(path, (bytes.get(path) ?? 0) + read);
        return read;
      },
    };
  };
  return { files: { ...files, open }, bytes };
};

const documentOf = async (files: FilePort, clips: readonly [from: number, to: number][]): Promise<MixDocument> => {
  const quickHash = `sha256:${await contentKey(await files.open("take.wav"))}`;
  return minimalDocument({
    media: {
      med_take: {
        path: "take.wav",
        name: "take.wav",
        sizeBytes: null,
        quickHash,
        sampleRate: RATE,
        channels: 2,
        frames: SECONDS * RATE,
      },
    },
    tracks: [
      trackFixture({
        layout: "stereo",
        clips: clips.map(([from, to], index) =>
          clipFixture({
            id: `clp_${index}`,
            media: "med_take",
            channels: [0, 1],
            startTicks: secondsToTicks(index * 10),
            sourceInTicks: secondsToTicks(from),
            durationTicks: secondsToTicks(to - from),
          }),
        ),
      }),
    ],
  });
};

const CUTS: readonly [number, number][] = [
  [0.5, 1.5],
  [2, 2.9],
];

const stage = async (wasm: Uint8Array<ArrayBuffer> = readFileSync(wasmPath)) => {
  const { files, stored } = createMemoryFiles({ "take.wav": floatWave(sound(), 2, RATE) });
  const counted = counting(files);
  let modifiedMs = 0;
  const facts: FilePort["facts"] = async (path) => {
    const found = await files.facts(path);
    return found && { ...found, modifiedMs };
  };
  const engine = createEngine({
    files: { ...counted.files, facts },
    loadWasm: async () => wasm,
    readNetwork: async () => null,
    findExternalDecoder: async () => null,
    cacheFolder: "cache",
  });
  const path = sidecarPath(files, FOLDER, (await documentOf(files, [])).media["med_take"]!.quickHash!);
  const analyse = async (clips = CUTS, analysisFolder: string | null = FOLDER) => {
    counted.bytes.clear();
    const options = analysisFolder === null ? {} : { analysisFolder };
    return engine.analyse(await documentOf(files, clips), { med_take: "take.wav" }, options);
  };
  const touch = () => {
    modifiedMs += 1000;
  };
  return { files, stored, engine, path, analyse, touch, readOf: (file: string) => counted.bytes.get(file) ?? 0 };
};

const HEADER_READS = 1 << 17;

beforeAll(async () => void (await engineModule()));

describe("analyses that are kept", () => {
  test("are the same as fresh ones, and of what is known no sound is read again", async () => {
    const { analyse, readOf } = await stage();
    const fresh = taken(await analyse(CUTS, null));
    const first = await analyse();
    expect(taken(first)).toEqual(fresh);
    expect(readOf("take.wav")).toBeGreaterThan(1.9 * RATE * 8);
    const second = await analyse();
    expect(JSON.stringify(taken(second))).toBe(JSON.stringify(fresh));
    expect(second).toMatchObject({ warnings: [] });
    expect(readOf("take.wav")).toBeLessThan(HEADER_READS);
  });

  test("hear a stretch once that several clips play", async () => {
    const { analyse, readOf } = await stage();
    const one = [0, 1] as const;
    const twice = taken(await analyse([[...one], [...one]]));
    expect(twice).toEqual(taken(await analyse([[...one], [...one]], null)));
    const heardTwice = readOf("take.wav");
    const again = await stage();
    await again.analyse([[...one], [...one]]);
    // Once for the ear and once for the peaks, against twice for the ear.
    expect(again.readOf("take.wav")).toBeLessThan(heardTwice + HEADER_READS);
  });

  test("serve the clips that a new cut leaves as they were; only the others are listened to", async () => {
    const { analyse, readOf } = await stage();
    await analyse([CUTS[0]!]);
    const recut: typeof CUTS = [...CUTS, [1, 1.2]];
    const some = taken(await analyse(recut));
    expect(readOf("take.wav")).toBeLessThan(1.5 * RATE * 2 * 8 + HEADER_READS);
    expect(some).toEqual(taken(await analyse(recut, null)));
    // The file holds the old and the new stretches now.
    await analyse([CUTS[0]!, CUTS[1]!]);
    expect(readOf("take.wav")).toBeLessThan(HEADER_READS);
  });

  test("of another engine are not taken", async () => {
    const { analyse, stored, path } = await stage();
    await analyse();
    const kept = stored.get(path)!;
    const wasm = Uint8Array.from([...readFileSync(wasmPath), 0, 2, 1, 0x78]);
    const other = await stage(wasm);
    other.stored.set(path, kept);
    const again = await other.analyse();
    expect(again).toMatchObject({ ok: true, warnings: [{ message: expect.stringMatching(/another version/) }] });
    expect(await other.analyse()).toMatchObject({ ok: true, warnings: [] });
  });

  test("of a file that was changed in its middle, which its fingerprint does not see, are not taken", async () => {
    const { analyse, readOf, touch } = await stage();
    await analyse();
    touch();
    expect(await analyse()).toMatchObject({ ok: true, warnings: [] });
    expect(readOf("take.wav")).toBeGreaterThan(1.9 * RATE * 8);
    await analyse();
    expect(readOf("take.wav")).toBeLessThan(HEADER_READS);
  });

  test("that were damaged anywhere are made again, and it is said", async () => {
    const { analyse, stored, path } = await stage();
    const fresh = taken(await analyse());
    const whole = stored.get(path)!;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
        const bytes = whole.slice();
        bytes[at] = bytes[at]! ^ (1 << bit);
        stored.set(path, bytes);
        const result = await analyse();
        expect(taken(result)).toEqual(fresh);
        // A flip in the zeros between two chunks hurts nobody.
        const isRebuilt = result.ok && result.warnings.some(({ message }) => /was damaged; it was made/.test(message));
        expect(isRebuilt || (await isPadding(whole, at))).toBe(true);
        if (isRebuilt) expect(stored.get(path)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
    for (const length of [0, 3, 11, 12, 20, whole.length - 8, whole.length - 1]) {
      stored.set(path, whole.slice(0, length));
      const result = await analyse();
      expect(taken(result)).toEqual(fresh);
      expect(result).toMatchObject({ warnings: [{ code: "io" }] });
    }
  });

  test.each([
    ["no map", []],
    ["a text for a level", { hearing: { speechLufs: "-23" } }],
    ["a share above one", { hearing: { speechRatio: 2 } }],
    ["an array that is not there", { meanSquares: 99 }],
    ["a member too much", { hearing: { clipId: "clp_other" } }],
  ])("with a proper digest over wrong data are no better: %s", async (_, wrong) => {
    const { analyse, files, stored, path } = await stage();
    const fresh = taken(await analyse());
    stored.set(path, await forged(files, stored.get(path)!, wrong));
    const result = await analyse();
    expect(taken(result)).toEqual(fresh);
    expect(result).toMatchObject({ warnings: [{ message: expect.stringMatching(/was damaged/) }] });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("cannot be kept where nothing can be written: that is said once and hurts nothing else", async () => {
    const { analyse, files, stored } = await stage();
    const full = new ProblemError({ code: "disk-full", message: "The disk is full.", file: "x" });
    const engine = createEngine({
      files: { ...files, create: () => Promise.reject(full) },
      loadWasm: async () => readFileSync(wasmPath),
      readNetwork: async () => null,
      findExternalDecoder: async () => null,
      cacheFolder: "cache",
    });
    const document = await documentOf(files, CUTS);
    const result = await engine.analyse(document, { med_take: "take.wav" }, { analysisFolder: FOLDER });
    expect(taken(result)).toEqual(taken(await analyse(CUTS, null)));
    expect(result).toMatchObject({
      warnings: [{ code: "disk-full", message: expect.stringMatching(/not kept .*full/) }],
    });
    expect([...stored.keys()]).toEqual(["take.wav"]);
  });
});

/** Whether a byte lies in no header and no chunk. */
const isPadding = async (file: Uint8Array, at: number): Promise<boolean> => {
  const read = async (from: number, bytes: number) => file.subarray(from, from + bytes);
  const chunks = taken(await readChunks(read, file.length, "x.mixa", "MIXA"));
  return at >= 12 && chunks.every((chunk) => at < chunk.at - 8 || at >= chunk.at + chunk.bytes);
};

/** The sidecar with another index, its digest made anew: what no accident does. */
const forged = async (files: FilePort, file: Uint8Array, wrong: object): Promise<Uint8Array> => {
  const read = async (from: number, bytes: number) => file.slice(from, from + bytes);
  const chunks = taken(await readChunks(read, file.length, "x.mixa", "MIXA"));
  const sink = await files.create("forged");
  const writer = new ChunkFileWriter(sink, "MIXA");
  for (const { type, at, bytes } of chunks) {
    if (type === "ARRY") await writer.add(partOfBytes(type, file.slice(at, at + bytes)));
    if (type !== "INDX") continue;
    const index = decode(file.slice(at, at + bytes)) as { hearings: Record<string, object>[] };
    const change = wrong as Record<string, object>;
    const hearings = index.hearings.map((entry) => ({
      ...entry,
      ...change,
      hearing: { ...entry["hearing"], ...change["hearing"] },
    }));
    const content = encode(Array.isArray(wrong) ? wrong : { ...index, hearings });
    await writer.add(partOfBytes(type, content));
    await writer.add(partOfBytes("SHA2", new TextEncoder().encode(sha256(content).replace("sha256:", ""))));
  }
  await writer.finish();
  await sink.commit();
  return files.readBytes("forged", 1e9);
};

describe("peaks", () => {
  /** The straightforward way. */
  const expected = (fromHop: number, hops: number): number[] => {
    const samples = sound();
    const start = (hop: number) => Math.floor((hop * RATE) / 100);
    return Array.from({ length: hops }, (_, at) => {
      const frames = Array.from(
        { length: start(fromHop + at + 1) - start(fromHop + at) },
        (__, frame) => start(fromHop + at) + frame,
      ).filter((frame) => frame >= 0 && frame < SECONDS * RATE);
      return [0, 1].flatMap((channel) => {
        const values = frames.map((frame) => samples[frame * 2 + channel]!);
        return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
      });
    }).flat();
  };

  test("are the lowest and highest samples of every 10 ms, and no more is read than asked for", async () => {
    const { engine, readOf } = await stage();
    const peaks = taken(await engine.peaks("take.wav", { fromSeconds: 1.003, toSeconds: 1.5 }));
    expect(peaks).toMatchObject({ channels: 2, sampleRate: RATE, firstHop: 100, hops: 50 });
    expect([...peaks.values]).toEqual(expected(100, 50));
    expect(readOf("take.wav")).toBeLessThan(0.5 * RATE * 8 + HEADER_READS);
    const beyond = taken(await engine.peaks("take.wav", { fromSeconds: -0.05, toSeconds: SECONDS + 0.05 }));
    expect([...beyond.values]).toEqual(expected(-5, 310));
  });

  test("of a clip that was analysed come from its sidecar, the same to the bit", async () => {
    const { engine, analyse, readOf } = await stage();
    await analyse();
    const range = { fromSeconds: 0.6, toSeconds: 1.4 };
    const read = taken(await engine.peaks("take.wav", range));
    const before = readOf("take.wav");
    const shelved = taken(await engine.peaks("take.wav", range, { analysisFolder: FOLDER }));
    expect(shelved).toEqual(read);
    // The fingerprint of this short file reads it whole; nothing is read beside it.
    expect(readOf("take.wav") - before).toBeLessThan(SECONDS * RATE * 8 + HEADER_READS);
  });
});

test("an array whose header says another length or kind is none", () => {
  const array = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 1, 2] };
  const bytes = encodeArray(array);
  expect(decodeArray(bytes)).toEqual(array);
  for (const [at, value] of [
    [0, 9],
    [0, 3],
    [4, 3],
    [8, 0xffff_ffff],
    [12, 0],
  ] as const) {
    const wrong = bytes.slice();
    new DataView(wrong.buffer).setUint32(at, value, true);
    expect(decodeArray(wrong)).toBeNull();
  }
  expect(decodeArray(bytes.subarray(0, 15))).toBeNull();
});
