import { describe, expect, test } from "vitest";
import type { ExternalDecoder, MediaInfo } from "../../../engine/media/media.ts";
import { openMedia } from "../../../engine/media/probe.ts";
import { oddFiles } from "./odd-headers.ts";
import { sourceOf } from "./sources.ts";
import { bytes } from "./wave-bytes.ts";

const info: MediaInfo = {
  container: "avi",
  codec: "pcm",
  sampleRate: 48_000,
  channels: 2,
  frames: null,
  bitDepth: 16,
  timeReference: null,
  pcm: null,
};

const external: ExternalDecoder = {
  name: "a test's decoder",
  probe: async () => info,
  decode: async () => ({ info, next: async () => null, close: () => undefined }),
};

const open = (file: Uint8Array, decoder?: ExternalDecoder) => openMedia(sourceOf(file), "clips/odd.bin", decoder);

describe("files without sound", () => {
  test.each([
    ["an empty file", new Uint8Array(0)],
    ["one byte", bytes("R")],
    ["text", bytes("Once upon a time there was a sequence.\n")],
    ["a PNG", bytes("\x89PNG\r\n\x1a\n", new Uint8Array(40))],
    ["a JPEG", bytes([0xff, 0xd8, 0xff, 0xe0], new Uint8Array(40))],
    ["a playlist", bytes("#EXTM3U\nhttp://example.org/a.ts\n")],
    ["an ffmpeg list", bytes("ffconcat version 1.0\nfile /etc/passwd\n")],
    ["a Premiere project", bytes([0x1f, 0x8b, 8], new Uint8Array(40))],
    ["4 KiB of zeros", new Uint8Array(4096)],
    ["a RIFF that is no WAVE", bytes("RIFF\x20\0\0\0WEBPVP8 ", new Uint8Array(30))],
    ["an ID3 tag with nothing behind", bytes("ID3\x03\0\0\0\0\0\x0a", new Uint8Array(10))],
    ["two MPEG sync words and no frame", bytes([0xff, 0xfb, 0x90, 0x00], new Uint8Array(60))],
    ["an Ogg page that is cut off", bytes("OggS", new Uint8Array(20))],
    ["FLAC without STREAMINFO", bytes("fLaC\x84\0\0\x10", new Uint8Array(40))],
    ["a film without tracks", bytes([0, 0, 0, 16], "ftypqt  \0\0\0\0", [0, 0, 0, 8], "moov")],
    ["Matroska without tracks", bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80])],
  ])("%s is no audio, and the external decoder is not asked", async (_, file) => {
    const decoder = { ...external, probe: () => Promise.reject(new Error("asked")) };
    const opened = await open(file, decoder);
    expect(opened.ok ? [] : opened.problems.map(({ code, file: named }) => [code, named])).toEqual([
      ["not-audio", "clips/odd.bin"],
    ]);
    expect(opened.ok ? "" : opened.problems[0]!.message).toContain("clips/odd.bin");
  });
});

describe("sound that only an external decoder opens", () => {
  const foreign = [
    ["AVI", bytes("RIFF\x20\0\0\0AVI LIST", new Uint8Array(30)), "needs-ffmpeg"],
    ["WavPack", bytes("wvpk", new Uint8Array(30)), "needs-ffmpeg"],
    ["AAC in ADTS", bytes([0xff, 0xf1, 0x50, 0x80], new Uint8Array(30)), "needs-ffmpeg"],
    ["IMA ADPCM in WAV", oddFiles["IMA ADPCM"]!, "unsupported"],
    ["AAC in CAF", oddFiles["CAF with AAC"]!, "unsupported"],
  ] as const;

  test.each(foreign)("%s names both remedies", async (_, file, code) => {
    const opened = await open(file);
    expect(opened.ok ? "" : opened.problems[0]!.code).toBe(code);
    expect(opened.ok ? "" : opened.problems[0]!.message).toMatch(/clips\/odd\.bin .*install ffmpeg.*bounce .*Premiere/);
  });

  test.each(foreign)("%s is given to the decoder when there is one", async (_, file) => {
    const opened = await open(file, external);
    expect(opened.ok && opened.value.info).toEqual(info);
  });
});
