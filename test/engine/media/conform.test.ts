import { describe, expect, test } from "vitest";
import type { ByteSource, FilePort } from "../../../engine/files.ts";
import { type ConformedMedia, conformMedia } from "../../../engine/media/conform.ts";
import { contentKey } from "../../../engine/media/content-key.ts";
import type { ExternalDecoder, MediaInfo } from "../../../engine/media/media.ts";
import { openMedia } from "../../../engine/media/probe.ts";
import type { Result } from "../../../schema/problem.ts";
import { createMemoryFiles } from "../../support/memory-files.ts";
import { type FlacFacts, flacFrame, flacHeader } from "./flac-writer.ts";
import { sourceOf } from "./sources.ts";
import { bytes, chunk, format, riff, sound } from "./wave-bytes.ts";

const facts: FlacFacts = { bits: 16, channels: 1, blockFrames: 3 };
const levels = [-32_768, 32_767, 5, -6, 0, 1];

const flac = bytes(
  flacHeader(facts, levels.length),
  ...[0, 1].map((number) =>
    flacFrame(facts, number, 0, (writer) => {
      writer.put(2, 8);
      for (const level of levels.slice(3 * number, 3 * number + 3)) writer.signed(level, 16);
    }),
  ),
);

const value = (result: Result<ConformedMedia>): ConformedMedia => {
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.value;
};

const readAll = async (files: FilePort, { path, info }: ConformedMedia): Promise<number[]> => {
  const opened = await openMedia(await files.open(path), path);
  if (!opened.ok || opened.value.pcm === undefined) throw new Error("the copy was not opened");
  const into = new Float32Array(info.frames * info.channels);
  expect(await opened.value.pcm.read(0, info.frames, into)).toBe(info.frames);
  return [...into];
};

const copies = (stored: ReadonlyMap<string, Uint8Array>) =>
  [...stored.keys()].filter((path) => path.startsWith("cache"));

describe("conformMedia", () => {
  test("a PCM file is read where it lies", async () => {
    const { files, stored } = createMemoryFiles({ "a.wav": riff(chunk("fmt ", format()), chunk("data", sound(8))) });
    const media = value(await conformMedia(files, "a.wav", "cache"));
    expect([media.path, media.info.frames, media.info.pcm.dataOffset]).toEqual(["a.wav", 4, 44]);
    expect(copies(stored)).toEqual([]);
  });

  test("a FLAC is decoded once, bit for bit, in its own depth", async () => {
    const { files, stored } = createMemoryFiles({ "a.flac": flac });
    const media = value(await conformMedia(files, "a.flac", "cache"));
    const { container, codec, frames, pcm } = media.info;
    expect([container, codec, frames, pcm.encoding]).toEqual(["flac", "flac", 6, "s16"]);
    expect(await readAll(files, media)).toEqual(levels.map((level) => level / 32_768));
    expect(copies(stored)).toEqual([media.path]);
  });

  test("a whole copy is used again, also for a file of another name", async () => {
    const { files, stored } = createMemoryFiles({ "a.flac": flac, "b.flac": flac });
    const { path } = value(await conformMedia(files, "a.flac", "cache"));
    const counting = { ...files, create: () => Promise.reject(new Error("decoded again")) };
    expect(value(await conformMedia(counting, "b.flac", "cache")).path).toBe(path);
    expect(copies(stored)).toEqual([path]);
  });

  test("a file that was changed since is decoded anew, though its ends and its size may be the same", async () => {
    const { files, stored } = createMemoryFiles({ "a.flac": flac });
    const { path } = value(await conformMedia(files, "a.flac", "cache"));
    const facts: typeof files.facts = async (file) => {
      const found = await files.facts(file);
      return found && { ...found, modifiedMs: found.modifiedMs + 1000 };
    };
    expect(value(await conformMedia({ ...files, facts }, "a.flac", "cache")).path).not.toBe(path);
    expect(copies(stored)).toHaveLength(2);
  });

  test.each([
    ["cut off", (copy: Uint8Array) => copy.subarray(0, copy.length - 2)],
    ["longer than it says", (copy: Uint8Array) => bytes(copy, [0, 0])],
    ["empty", () => new Uint8Array(0)],
    ["something else", () => bytes("hello")],
  ])("a copy that is %s is made anew", async (_, spoil) => {
    const { files, stored } = createMemoryFiles({ "a.flac": flac });
    const media = value(await conformMedia(files, "a.flac", "cache"));
    stored.set(media.path, spoil(stored.get(media.path)!));
    expect(await readAll(files, value(await conformMedia(files, "a.flac", "cache")))).toHaveLength(6);
  });

  test("a damaged file leaves no copy and is named", async () => {
    const damaged = flac.slice();
    damaged[55]! ^= 1;
    const { files, stored } = createMemoryFiles({ "a.flac": bytes(damaged, flac.subarray(42)) });
    const result = await conformMedia(files, "a.flac", "cache");
    expect(result.ok ? "" : result.problems[0]!.message).toMatch(/a\.flac is damaged/);
    expect(copies(stored)).toEqual([]);
  });

  test("a missing file is a problem, not an exception", async () => {
    const result = await conformMedia(createMemoryFiles().files, "gone.wav", "cache");
    expect(result.ok ? "" : result.problems[0]!.code).toBe("missing-file");
  });
});

const endless: MediaInfo = {
  container: "avi",
  codec: "aac",
  sampleRate: 48_000,
  channels: 2,
  frames: null,
  bitDepth: null,
  timeReference: null,
  pcm: null,
};

const avi = bytes("RIFF\x20\0\0\0AVI LIST", new Uint8Array(30));

/** Gives blocks for ever and tells what became of it. */
const endlessDecoder = (onBlock: (count: number) => void) => {
  const state = { closed: 0, blocks: 0 };
  const decoder: ExternalDecoder = {
    name: "endless",
    probe: async () => endless,
    decode: async () => ({
      info: endless,
      next: async () => {
        state.blocks += 1;
        onBlock(state.blocks);
        return new Float32Array(64);
      },
      close: () => {
        state.closed += 1;
      },
    }),
  };
  return { decoder, state };
};

describe("stopping", () => {
  test("an abort ends the decoding, closes the decoder and leaves nothing", async () => {
    const controller = new AbortController();
    const { decoder, state } = endlessDecoder((count) => count === 3 && controller.abort());
    const { files, stored } = createMemoryFiles({ "a.avi": avi });
    const result = await conformMedia(files, "a.avi", "cache", decoder, controller.signal);
    expect(result.ok ? "" : result.problems[0]!.code).toBe("cancelled");
    expect(state).toEqual({ closed: 1, blocks: 3 });
    expect(copies(stored)).toEqual([]);
  });

  test("after an abort nothing is started", async () => {
    const { decoder, state } = endlessDecoder(() => undefined);
    const { files } = createMemoryFiles({ "a.avi": avi });
    const result = await conformMedia(files, "a.avi", "cache", decoder, AbortSignal.abort());
    expect(result.ok ? "" : result.problems[0]!.code).toBe("cancelled");
    expect(state.blocks).toBe(0);
  });
});

describe("contentKey", () => {
  const key = (content: Uint8Array) => contentKey(sourceOf(content) satisfies ByteSource);

  test("it depends on the first MiB, the last MiB and the size, and on nothing else", async () => {
    const content = new Uint8Array(3 << 20);
    const plain = await key(content);
    const changed = async (at: number) => {
      const other = content.slice();
      other[at] = 1;
      return key(other);
    };
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(await changed(0)).not.toBe(plain);
    expect(await changed(content.length - 1)).not.toBe(plain);
    expect(await changed(1.5 * (1 << 20))).toBe(plain);
    expect(await key(new Uint8Array((3 << 20) + 1))).not.toBe(plain);
  });

  test("small files are hashed whole", async () => {
    expect(await key(bytes("a"))).not.toBe(await key(bytes("b")));
    expect(await key(bytes(""))).not.toBe(await key(bytes("\0")));
  });
});
