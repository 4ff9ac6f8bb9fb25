import { dbToGain, randomSource } from "./signals.ts";

/** Frames from `start` to before `end`. */
export type Span = { readonly start: number; readonly end: number };

/** Mono sound shaped as speech, with the places of what it is made of. */
export type SpeechLike = {
  readonly signal: Float32Array;
  /** Stretches of syllables without a pause. */
  readonly phrases: readonly Span[];
  readonly syllables: readonly Span[];
  readonly sibilants: readonly Span[];
};

export type SpeechLikeOptions = {
  readonly phrases?: number;
  /** Peak of the loudest syllables of each phrase in turn (repeated), dBFS. */
  readonly levelsDbfs?: readonly number[];
  /** Uniform noise throughout, dBFS. */
  readonly floorDbfs?: number;
  readonly pauseSeconds?: number;
  readonly syllablesPerPhrase?: number;
  /** RMS of an "s" after every other syllable, in dB over the phrase's level; none when absent. */
  readonly sibilantDb?: number;
  readonly sampleRate?: number;
  readonly seed?: number;
};

const FORMANTS = [
  [600, 80, 1],
  [1400, 110, 0.5],
  [2600, 160, 0.25],
] as const;

/** One vowel: a pulse train of falling pitch through three resonances, peak 1. */
const vowel = (frames: number, pitchHz: number, tilt: number, sampleRate: number): Float32Array => {
  const pulses = new Float32Array(frames);
  for (let i = 0, phase = 0; i < frames; i += 1) {
    phase += (pitchHz * (1 - (0.15 * i) / frames)) / sampleRate;
    if (phase >= 1) {
      phase -= 1;
      pulses[i] = 1;
    }
  }
  const out = new Float32Array(frames);
  for (const [hz, width, share] of FORMANTS) {
    const radius = Math.exp((-Math.PI * width) / sampleRate);
    const turn = 2 * radius * Math.cos((2 * Math.PI * hz * tilt) / sampleRate);
    for (let i = 0, one = 0, two = 0; i < frames; i += 1) {
      const y = (pulses[i] ?? 0) + turn * one - radius * radius * two;
      two = one;
      one = y;
      out[i] = (out[i] ?? 0) + share * y * (1 - radius);
    }
  }
  const peak = out.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return out.map((value) => value / peak);
};

/** An "s": noise through two resonances, at 5.5 and 7.5 kHz, rms 1. */
const sibilant = (frames: number, random: () => number, sampleRate: number): Float32Array => {
  const out = new Float32Array(frames);
  for (const hz of [5500, 7500]) {
    const radius = Math.exp((-Math.PI * 1800) / sampleRate);
    const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / sampleRate);
    for (let i = 0, one = 0, two = 0, before = 0; i < frames; i += 1) {
      const x = 2 * random() - 1;
      const y = x - before + turn * one - radius * radius * two;
      [before, two, one] = [x, one, y];
      out[i] = (out[i] ?? 0) + y;
    }
  }
  const rms = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / frames);
  return out.map((value) => value / rms);
};

/** Rise in 25 ms, fall in 60 ms. */
const swell = (i: number, frames: number, sampleRate: number): number => {
  const rise = Math.min(1, i / (0.025 * sampleRate));
  const fall = Math.min(1, (frames - i) / (0.06 * sampleRate));
  return Math.sin(0.5 * Math.PI * rise) ** 2 * Math.sin(0.5 * Math.PI * fall) ** 2;
};

/** Phrases of syllables of 120 to 240 ms (up to 12 dB apart, 20 to 60 ms of near silence between) and pauses, over a noise floor. */
export const speechLike = (options: SpeechLikeOptions = {}): SpeechLike => {
  const { phrases = 4, levelsDbfs = [-12], floorDbfs = -65, pauseSeconds = 0.8 } = options;
  const { syllablesPerPhrase = 8, sibilantDb, sampleRate = 48_000, seed = 1 } = options;
  const random = randomSource(seed);
  const syllables: (Span & { readonly levelDbfs: number })[] = [];
  const hisses: (Span & { readonly levelDbfs: number })[] = [];
  const found: Span[] = [];
  let at = Math.round(pauseSeconds * sampleRate);
  for (let phrase = 0; phrase < phrases; phrase += 1) {
    const start = at;
    for (let i = 0; i < syllablesPerPhrase; i += 1) {
      const frames = Math.round((0.12 + 0.12 * random()) * sampleRate);
      const levelDbfs = (levelsDbfs[phrase % levelsDbfs.length] ?? -12) - (i === 0 ? 0 : 12 * random());
      syllables.push({ start: at, end: at + frames, levelDbfs });
      at += frames;
      if (sibilantDb !== undefined && i % 2 === 0) {
        const length = Math.round((0.06 + 0.06 * random()) * sampleRate);
        hisses.push({
          start: at,
          end: at + length,
          levelDbfs: (levelsDbfs[phrase % levelsDbfs.length] ?? -12) + sibilantDb,
        });
        at += length;
      }
      if (i < syllablesPerPhrase - 1) at += Math.round((0.02 + 0.04 * random()) * sampleRate);
    }
    found.push({ start, end: at });
    at += Math.round(pauseSeconds * sampleRate);
  }
  const floor = dbToGain(floorDbfs);
  const signal = Float32Array.from({ length: at }, () => floor * (2 * random() - 1));
  for (const { start, end, levelDbfs } of syllables) {
    const sound = vowel(end - start, 100 + 80 * random(), 0.8 + 0.4 * random(), sampleRate);
    const gain = dbToGain(levelDbfs);
    sound.forEach((value, i) => {
      signal[start + i] = (signal[start + i] ?? 0) + gain * value * swell(i, end - start, sampleRate);
    });
  }
  for (const { start, end, levelDbfs } of hisses) {
    const gain = dbToGain(levelDbfs);
    sibilant(end - start, random, sampleRate).forEach((value, i) => {
      const edge = Math.min(1, i / (0.005 * sampleRate), (end - start - i) / (0.005 * sampleRate));
      signal[start + i] = (signal[start + i] ?? 0) + gain * edge * value;
    });
  }
  return { signal, phrases: found, syllables, sibilants: hisses };
};
