import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument, Stem } from "../../schema/generated/mix-document.ts";
import { floatWave } from "./float-wave.ts";
import { waveFloats } from "./render-ground.ts";
import { runJson } from "./run-main.ts";

type Reported = { readonly stems: readonly StemFile[]; readonly mix: StemFile };
type StemFile = {
  readonly name: string;
  readonly file: string;
  readonly measures: { readonly integratedLufs: number };
};

/** The one stem of the documents below: 32-bit float from the master. */
export const mixStem: Stem = {
  id: "stm_mix",
  name: "MIX",
  role: null,
  from: "bus_main",
  layout: "stereo",
  sampleRate: 48_000,
  bitDepth: 32,
};

/** Writes a document and its stereo media (interleaved, 48 kHz, by media id) into a folder; gives the document's path. */
export const writeFolder = (
  folder: string,
  document: MixDocument,
  sounds: Readonly<Record<string, Float32Array>>,
): string => {
  mkdirSync(join(folder, "sounds"), { recursive: true });
  const media: MixDocument["media"] = {};
  for (const [id, samples] of Object.entries(sounds)) {
    writeFileSync(join(folder, "sounds", `${id}.wav`), floatWave(samples, 2));
    const known = { sizeBytes: null, quickHash: null, sampleRate: 48_000, channels: 2, frames: samples.length / 2 };
    media[id] = { path: `sounds/${id}.wav`, name: `${id}.wav`, ...known };
  }
  const path = join(folder, "reel.mix.json");
  writeFileSync(path, canonicalText({ ...document, media, stems: [mixStem] }));
  return path;
};

export const readDocument = (path: string): MixDocument => JSON.parse(readFileSync(path, "utf8"));

/** The mix of a document as the render command writes it. */
export const renderMix = async (path: string, folder: string) => {
  const { json, stderr } = await runJson<Reported>(["render", path, "-o", folder]);
  if (!json.mix) throw new Error(stderr);
  return { samples: waveFloats(readFileSync(json.mix.file)), lufs: json.mix.measures.integratedLufs };
};
