import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openMedia } from "../../../engine/media/probe.ts";
import { findFfmpeg } from "../../../engine/node/ffmpeg.ts";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { ffmpegDecode } from "../../support/ffmpeg.ts";
import { oddFiles, verdictOf } from "./odd-headers.ts";
import { readOut, sourceOf, verdict } from "./sources.ts";

/*
 * Odd files of other projects against what ffmpeg and libsndfile say of them. The files are no part of Premix; where
 * they are not at hand, the same is asked of the synthesised ones.
 */

type Verdict = {
  readonly file: string;
  readonly ffmpeg: "ok" | "reject";
  readonly libsndfile: "ok" | "reject";
  readonly sampleRate: string | null;
  readonly channels: number | null;
  readonly seconds: number;
};

type Judged = { readonly name: string; readonly expected: string; readonly give: () => Promise<string> };

const files = createNodeFiles();
const external = (await findFfmpeg()) ?? undefined;

/** Formats without a packaged reader: with ffmpeg they open, without it they are refused by name. */
const NEEDS_FFMPEG = /adpcm|ima22m|\.8svx$|\.voc$/;

const facts = async (path: string): Promise<string> => {
  const source = await files.open(path);
  try {
    const opened = await openMedia(source, path, external);
    if (!opened.ok) return "refused";
    const { info, pcm, stream } = opened.value;
    const frames = pcm?.info.frames ?? (await readOut(await stream!())).length / info.channels;
    return `${info.sampleRate} Hz ${info.channels} ch ${frames} frames`;
  } finally {
    await source.close();
  }
};

const fromMaterial = (folder: string): Judged[] => {
  const verdicts = JSON.parse(readFileSync(join(folder, "odd/verdicts.json"), "utf8")) as Verdict[];
  return verdicts
    .filter(({ ffmpeg, libsndfile }) => ffmpeg === libsndfile)
    .map(({ file, ffmpeg, sampleRate, channels, seconds }) => {
      const isOpen = ffmpeg === "ok" && (external !== undefined || !NEEDS_FFMPEG.test(file));
      // Of ADPCM and its like the table holds ffmpeg's estimate; what ffmpeg decodes is the judge.
      const isCounted = isOpen && NEEDS_FFMPEG.test(file);
      const counted = isCounted ? ffmpegDecode(join(folder, file)).length / (channels ?? 1) : 0;
      const frames = isCounted ? counted : Math.round(seconds * Number(sampleRate));
      const expected = isOpen ? `${sampleRate} Hz ${channels} ch ${frames} frames` : "refused";
      return { name: file, expected, give: () => facts(join(folder, file)) };
    });
};

const synthesised = (): Judged[] =>
  Object.entries(oddFiles).map(([name, file]) => ({
    name,
    expected: verdictOf(name),
    give: async () => verdict(await openMedia(sourceOf(file, true), name)),
  }));

const audio = join(process.env["PREMIX_MATERIAL"] ?? "", "audio");
const judged = existsSync(join(audio, "odd/verdicts.json")) ? fromMaterial(audio) : synthesised();

describe("odd files agree with ffmpeg and libsndfile where these agree", () => {
  test.each(judged)(
    "$name",
    async ({ expected, give }) => {
      expect(await give()).toBe(expected);
    },
    2000,
  );
});
