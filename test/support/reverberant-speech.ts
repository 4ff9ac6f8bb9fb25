// Simulated rooms, and a measure of how clear speech is in them.
import { randomSource } from "./signals.ts";
import { powerSpectrum } from "./spectrum.ts";

const RATE = 48_000;
/** Reflections that belong to the sound itself. */
const EARLY_FRAMES = 0.05 * RATE;

const FRAME = 1024;
/** Edges of 24 bands from 200 Hz to 8 kHz, in bins. */
const EDGES = [...new Set(Array.from({ length: 25 }, (_, i) => Math.round((200 * 40 ** (i / 24) * FRAME) / RATE)))];

/** Amplitudes of the bands in one frame. */
const amplitudes = (signal: Float32Array, at: number): number[] => {
  const power = powerSpectrum(signal.subarray(at, at + FRAME), FRAME);
  return EDGES.slice(1).map((end, i) => Math.sqrt(power.slice(EDGES[i], end).reduce((sum, x) => sum + x, 0)));
};

/** Frequency-weighted segmental SNR in dB (Hu and Loizou, IEEE Trans. ASLP 16(1), 2008), in 24 bands from 200 Hz to 8 kHz. */
export const weightedSegmentalSnrDb = (reference: Float32Array, signal: Float32Array): number => {
  const frames: { energy: number; snrDb: number }[] = [];
  for (let at = 0; at + FRAME <= reference.length; at += FRAME) {
    const [clean, heard] = [amplitudes(reference, at), amplitudes(signal, at)];
    let [sum, weights, energy] = [0, 0, 0];
    clean.forEach((x, band) => {
      const weight = x ** 0.2;
      const error = (x - (heard[band] ?? 0)) ** 2;
      sum += weight * Math.max(-10, Math.min(35, 10 * Math.log10((x * x + 1e-18) / (error + 1e-18))));
      weights += weight;
      energy += x * x;
    });
    frames.push({ energy, snrDb: sum / weights });
  }
  const loudest = frames.reduce((most, { energy }) => Math.max(most, energy), 0);
  const spoken = frames.filter(({ energy }) => energy > 1e-4 * loudest);
  return spoken.reduce((sum, { snrDb }) => sum + snrDb, 0) / spoken.length;
};

/** Echoes a second of a room's tail: dense enough that none is heard by itself. */
const ECHOES_PER_SECOND = 1500;

/**
 * Speech in a room: the direct sound and a tail of random echoes that decays by 60 dB in `decaySeconds`, `directDb` weaker in all than
 * the direct sound; `early` has the first 50 ms of it only.
 */
export const inRoom = (
  dry: Float32Array,
  decaySeconds: number,
  directDb: number,
  seed = 1,
): { readonly heard: Float32Array; readonly early: Float32Array } => {
  const random = randomSource(seed);
  const echoes = Array.from({ length: Math.round(ECHOES_PER_SECOND * decaySeconds) }, (_, i) => {
    const seconds = 0.003 + (i + random()) / ECHOES_PER_SECOND;
    return {
      frames: Math.round(seconds * RATE),
      gain: (random() < 0.5 ? -1 : 1) * 10 ** ((-3 * seconds) / decaySeconds),
    };
  });
  const power = echoes.reduce((sum, { gain }) => sum + gain * gain, 0);
  const scale = 10 ** (-directDb / 20) / Math.sqrt(power);
  const [heard, early] = [dry.slice(), dry.slice()];
  for (const { frames, gain } of echoes) {
    const size = gain * scale;
    for (let i = frames; i < dry.length; i += 1) heard[i] = (heard[i] ?? 0) + size * (dry[i - frames] ?? 0);
    if (frames < EARLY_FRAMES)
      for (let i = frames; i < dry.length; i += 1) early[i] = (early[i] ?? 0) + size * (dry[i - frames] ?? 0);
  }
  return { heard, early };
};
