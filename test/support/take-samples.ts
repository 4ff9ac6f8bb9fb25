import path from "node:path";
import type { EngineInstance } from "../../engine/instance.ts";
import { openMedia } from "../../engine/media/probe.ts";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import { createResampler, resampledFrames } from "../../engine/resampler.ts";
import { concat, spread } from "./signals.ts";

const files = createNodeFiles();

/** First channel of a file that Premix reads by itself, and its rate. */
const readFirstChannel = async (file: string): Promise<{ mono: Float32Array; rate: number }> => {
  const source = await files.open(file);
  const opened = await openMedia(source, file);
  if (!opened.ok) throw new TypeError(opened.problems.map(({ message }) => message).join(" "));
  const { info, pcm, stream } = opened.value;
  const frames = info.frames ?? 0;
  const parts: Float32Array[] = [];
  if (pcm) {
    const all = new Float32Array(frames * info.channels);
    await pcm.read(0, frames, all);
    parts.push(all);
  } else {
    const decoded = await stream?.();
    for (let part = await decoded?.next(); part; part = await decoded?.next()) parts.push(part);
  }
  await source.close();
  const all = concat(...parts);
  const mono = Float32Array.from({ length: all.length / info.channels }, (_, i) => all[i * info.channels] ?? 0);
  return { mono, rate: info.sampleRate };
};

/** First channel of a file at 48 kHz, by the engine's own decoders and resampler. */
export const takeSamples = async (instance: EngineInstance, file: string): Promise<Float32Array> => {
  const { mono, rate } = await readFirstChannel(file);
  if (rate === 48_000) return mono;
  const resampler = createResampler(instance, rate, 48_000, 1);
  const frames = resampledFrames(mono.length, rate, 48_000);
  const source = instance.allocate(mono.length * 8);
  const out = instance.allocate(frames * 8);
  instance.floats(source, mono.length * 2).set(spread(mono));
  resampler.process(0, source, 0, mono.length, out, frames);
  const pair = instance.floats(out, frames * 2);
  return Float32Array.from({ length: frames }, (_, i) => pair[2 * i] ?? 0);
};

const DEMO_FOLDER = path.join(import.meta.dirname, "../../extension/cli/demo/speech");

/** The three speakers of the demo, clean, 48 kHz. */
export const demoSpeech = (instance: EngineInstance): Promise<Float32Array[]> =>
  Promise.all(
    ["DX_anna", "DX_tom", "VO_narrator"].map((name) => takeSamples(instance, path.join(DEMO_FOLDER, `${name}.flac`))),
  );
