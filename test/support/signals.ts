/** Test signals, interleaved f32; levels are peaks in dBFS, lengths in frames. */

export const dbToGain = (db: number): number => 10 ** (db / 20);

/** Repeats a mono signal in every channel. */
export const spread = (mono: Float32Array, channels = 2): Float32Array => {
  const out = new Float32Array(mono.length * channels);
  mono.forEach((value, frame) => void out.fill(value, frame * channels, (frame + 1) * channels));
  return out;
};

/** Mono sine. */
export const sine = (
  frequencyHz: number,
  levelDbfs: number,
  frames: number,
  sampleRate = 48_000,
  phase = 0,
): Float32Array => {
  const peak = dbToGain(levelDbfs);
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  return Float32Array.from({ length: frames }, (_, i) => peak * Math.sin(step * i + phase));
};

/** mulberry32: the same noise on every machine. */
export const randomSource = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** White noise, uniform between plus and minus the level; `samples` = frames times channels. */
export const noise = (levelDbfs: number, samples: number, seed = 1): Float32Array => {
  const random = randomSource(seed);
  const peak = dbToGain(levelDbfs);
  return Float32Array.from({ length: samples }, () => peak * (2 * random() - 1));
};

/** The same value throughout. */
export const constant = (value: number, samples: number): Float32Array => new Float32Array(samples).fill(value);

/** One sample of 1 at `at`, mono. */
export const impulse = (frames: number, at = 0): Float32Array => {
  const out = new Float32Array(frames);
  out[at] = 1;
  return out;
};

export const concat = (...parts: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
