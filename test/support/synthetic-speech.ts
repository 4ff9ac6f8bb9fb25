import { randomSource } from "./signals.ts";

/** Formants in Hz of the vowels a, e, i, o, u of an adult. */
const vowels = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
] as const;

/** Two-pole resonator at a time-varying frequency. */
const createResonator = (sampleRate: number, bandwidthHz: number) => {
  const radius = Math.exp((-Math.PI * bandwidthHz) / sampleRate);
  let y1 = 0;
  let y2 = 0;
  return (x: number, hz: number): number => {
    const y = (1 - radius) * x + 2 * radius * Math.cos((2 * Math.PI * hz) / sampleRate) * y1 - radius * radius * y2;
    y2 = y1;
    y1 = y;
    return y;
  };
};

type Syllable = {
  readonly start: number;
  readonly hissFrames: number;
  readonly frames: number;
  readonly formants: readonly number[];
  readonly pitchHz: readonly [number, number];
};

/** Syllables of 120 to 300 ms, some opening with a fricative, with short stops between. */
const planSyllables = (frames: number, sampleRate: number, pitchHz: number, random: () => number): Syllable[] => {
  const list: Syllable[] = [];
  for (let at = 0; at < frames; ) {
    const hissFrames = random() < 0.4 ? Math.round((0.05 + 0.06 * random()) * sampleRate) : 0;
    const length = hissFrames + Math.round((0.12 + 0.18 * random()) * sampleRate);
    const from = pitchHz * (0.9 + 0.3 * random());
    const formants = vowels[Math.floor(random() * vowels.length)] ?? vowels[0];
    list.push({ start: at, hissFrames, frames: length, formants, pitchHz: [from, from * (0.8 + 0.3 * random())] });
    at += length + Math.round((random() < 0.15 ? 0.15 : 0.03) * sampleRate);
  }
  return list;
};

/** Speech-like sound, mono: a glottal pulse with gliding pitch through three formants, fricatives and stops, four syllables a second. */
export const synthesiseSpeech = (
  seconds: number,
  rms: number,
  sampleRate = 48_000,
  seed = 1,
  pitchHz = 130,
): Float32Array => {
  const random = randomSource(seed);
  const out = new Float32Array(Math.round(seconds * sampleRate));
  const resonators = [80, 100, 140].map((bandwidthHz) => createResonator(sampleRate, bandwidthHz));
  let phase = 0;
  let lastNoise = 0;
  for (const { start, hissFrames, frames, formants, pitchHz: pitch } of planSyllables(
    out.length,
    sampleRate,
    pitchHz,
    random,
  )) {
    for (let i = 0; i < frames && start + i < out.length; i += 1) {
      const noise = 2 * random() - 1;
      const hiss = noise - lastNoise;
      lastNoise = noise;
      const share = Math.max(0, (i - hissFrames) / (frames - hissFrames));
      phase += (pitch[0] + (pitch[1] - pitch[0]) * share) / sampleRate;
      const pulse = i < hissFrames ? 0 : 2 * (phase % 1) - 1 + 0.05 * noise;
      const envelope = Math.sin(Math.PI * Math.min(1, Math.max(0, (i - hissFrames) / (frames - hissFrames)))) ** 0.6;
      const voiced = resonators.reduce(
        (sum, resonate, k) => sum + (resonate(pulse, formants[k] ?? 500) * envelope) / (k + 1),
        0,
      );
      out[start + i] = voiced + (i < hissFrames ? 0.02 * hiss * Math.sin((Math.PI * i) / hissFrames) : 0);
    }
  }
  const measured = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0) / out.length);
  return out.map((x) => (x * rms) / measured);
};

/** A leading voice, its octave, fifth and third: interval and share. */
const voicing = [
  [1, 1],
  [2, 0.6],
  [1.5, 0.3],
  [1.25, 0.3],
] as const;

/** Sustained chords of a few partials, changing every two seconds, with a soft beat: steady, tonal, not speech. Mono. */
export const synthesiseMusic = (seconds: number, rms: number, sampleRate = 48_000, swellDb = 0): Float32Array => {
  const roots = [110, 146.83, 98, 130.81];
  const out = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, n) => {
    const t = n / sampleRate;
    const root = roots[Math.floor(t / 2) % roots.length] ?? 110;
    let sum = 0;
    for (const [interval, share] of voicing)
      for (let k = 1; k <= 6; k += 1)
        sum += (share * Math.sin(2 * Math.PI * root * interval * k * t + k * interval)) / k;
    return sum * (1 + 0.1 * Math.sin(2 * Math.PI * 2 * t)) * 10 ** ((swellDb * Math.sin((2 * Math.PI * t) / 10)) / 40);
  });
  const measured = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0) / out.length);
  return out.map((x) => (x * rms) / measured);
};
