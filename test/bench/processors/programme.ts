import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { floatWave } from "../../support/float-wave.ts";
import { randomSource } from "../../support/signals.ts";
import { synthesiseMusic, synthesiseSpeech } from "../../support/synthetic-speech.ts";

export const RATE = 48_000;
/** The programme repeats after this time, so that a long file costs as much a second as a short one. */
export const LOOP_SECONDS = 10;
/** Length of the files; peers may read less. */
export const FILE_SECONDS = 240;
const LOOP_FRAMES = LOOP_SECONDS * RATE;
const IMPULSE_FRAMES = 1.5 * RATE;

const seconds = (from: number, to: number, i: number): boolean => i >= from * RATE && i < to * RATE;

/** A pop into a near microphone: 60 ms of thump. */
const pop = (i: number): number => (i < 0.06 * RATE ? 0.5 * Math.sin((Math.PI * i) / (0.03 * RATE)) : 0);

/** What every processor can find work in: speech over music, hiss and hum, clicks, pops, a pause, two clipped seconds, a gap. Interleaved stereo. */
export const stereoProgramme = (): Float32Array => {
  const speech = synthesiseSpeech(LOOP_SECONDS, 0.1);
  const music = synthesiseMusic(LOOP_SECONDS, 0.01);
  const random = randomSource(7);
  return Float32Array.from({ length: 2 * LOOP_FRAMES }, (_, at) => {
    const i = at >> 1;
    const hiss = 0.006 * (random() + random() - 1);
    if (seconds(9, 9.3, i)) return 0;
    const hum = [1, 2, 3, 5].reduce((sum, k) => sum + (0.004 / k) * Math.sin((2 * Math.PI * 50 * k * i) / RATE), 0);
    const isPause = seconds(3.5, 5, i);
    const click = !isPause && i % 12_007 < 3 ? 0.4 : 0;
    const voice = (speech[i] ?? 0) * (at & 1 ? 0.9 : 1) + pop(i % 60_013);
    const sound = isPause ? 0 : voice + (music[(i + (at & 1) * 4801) % LOOP_FRAMES] ?? 0);
    const gain = seconds(6, 8, i) ? 5 : 1;
    return Math.max(-0.8, Math.min(0.8, gain * (sound + hiss + hum + click)));
  });
};

/** Three pairs of the programme, each quieter than the one before. Interleaved 5.1. */
export const surroundProgramme = (stereo: Float32Array): Float32Array =>
  Float32Array.from({ length: 6 * LOOP_FRAMES }, (_, at) => {
    const channel = at % 6;
    return (stereo[2 * Math.floor(at / 6) + (channel & 1)] ?? 0) / (1 + (channel >> 1));
  });

/** A room of 1.5 s, stereo, of energy 1. */
const impulseResponse = (): Float32Array => {
  const random = randomSource(3);
  const decay = (at: number) => Math.exp((-6.9 * (at >> 1)) / IMPULSE_FRAMES);
  const raw = Float32Array.from({ length: 2 * IMPULSE_FRAMES }, (_, at) => (2 * random() - 1) * decay(at));
  const scale = 1 / Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / 2);
  return raw.map((x) => x * scale);
};

/** The sound that all work on, in memory and as 32-bit float WAV. */
export type Programme = {
  /** One loop, interleaved. */
  readonly loops: { readonly 2: Float32Array; readonly 6: Float32Array };
  readonly impulse: Float32Array;
  readonly files: { readonly 2: string; readonly 6: string; readonly impulse: string; readonly noise: string };
  remove(): void;
};

const writeLooped = (path: string, loop: Float32Array, channels: number): void => {
  const header = floatWave(loop, channels).slice(0, 44);
  const bytes = loop.byteLength * (FILE_SECONDS / LOOP_SECONDS);
  const view = new DataView(header.buffer);
  view.setUint32(4, 36 + bytes, true);
  view.setUint32(40, bytes, true);
  writeFileSync(path, header);
  for (let done = 0; done < FILE_SECONDS; done += LOOP_SECONDS) appendFileSync(path, new Uint8Array(loop.buffer));
};

/** Writes the programme where writing costs least; `hasSox` also makes sox's noise profile of it. */
export const createProgramme = (hasSox: boolean): Programme => {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "premix-processors-"));
  const [stereo, surround, impulseFile, noise] = ["stereo.wav", "surround.wav", "impulse.wav", "noise"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  const two = stereoProgramme();
  const loops = { 2: two, 6: surroundProgramme(two) };
  const impulse = impulseResponse();
  writeLooped(stereo, loops[2], 2);
  writeLooped(surround, loops[6], 6);
  writeFileSync(impulseFile, floatWave(impulse, 2));
  if (hasSox) execFileSync("sox", ["-V1", stereo, "-n", "trim", "0", "1", "noiseprof", noise]);
  return {
    loops,
    impulse,
    files: { 2: stereo, 6: surround, impulse: impulseFile, noise },
    remove: () => rmSync(folder, { recursive: true }),
  };
};
