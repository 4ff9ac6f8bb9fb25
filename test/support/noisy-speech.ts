// Speech with noise at a known ratio, and how much nearer to the speech a processor brings it.
import { rmsOf } from "./measure-signal.ts";
import { concat, randomSource } from "./signals.ts";

const RATE = 48_000;
/** Noise before the first word. */
const LEAD_IN_FRAMES = 0.8 * RATE;
/** Figures leave out the start, where there is nothing but noise. */
const SCORED_FROM = 0.75 * RATE;
const ACTIVE_RMS = 10 ** (-26 / 20);

/** Nearly normal: four uniforms. */
const gaussian = (random: () => number): number => random() + random() + random() + random() - 2;

const hiss = (frames: number, seed: number): Float32Array => {
  const random = randomSource(seed);
  return Float32Array.from({ length: frames }, () => gaussian(random));
};

const onePole = (signal: Float32Array, cutHz: number): Float32Array => {
  const pole = Math.exp((-2 * Math.PI * cutHz) / RATE);
  let state = 0;
  return signal.map((x) => {
    state = x * (1 - pole) + state * pole;
    return state;
  });
};

const add = (into: Float32Array, other: Float32Array, gain: number): Float32Array => {
  other.forEach((x, i) => {
    into[i] = (into[i] ?? 0) + gain * x;
  });
  return into;
};

/** -3 dB an octave within 0.5 dB: low-passed noises two octaves apart. */
const pink = (frames: number, seed: number): Float32Array => {
  const out = new Float32Array(frames);
  for (let k = 0; k < 6; k += 1) {
    const cutHz = 20 * 4 ** k;
    add(out, onePole(hiss(frames, seed + k), cutHz), 1 / Math.sqrt(cutHz) / Math.sqrt(cutHz / RATE));
  }
  return out;
};

/** Rumble of an air conditioning with its fan and a breath of hiss, slowly swelling. */
const airConditioning = (frames: number, seed: number): Float32Array => {
  const low = onePole(onePole(hiss(frames, seed), 250), 250);
  const deep = onePole(onePole(low, 30), 30);
  const rumble = low.map((x, i) => x - (deep[i] ?? 0));
  const scale = 1 / rmsOf(rumble);
  const fan = [118, 236, 472];
  return add(
    rumble.map((x, i) => {
      const t = i / RATE;
      const swell = 1 + 0.25 * Math.sin(2 * Math.PI * 0.19 * t);
      return x * scale * swell + fan.reduce((sum, hz, k) => sum + (0.25 / (k + 1)) * Math.sin(2 * Math.PI * hz * t), 0);
    }),
    hiss(frames, seed + 9),
    0.03,
  );
};

/** A machine hall: band noises that swell each for itself within a few seconds, over pink noise. */
const machineHall = (frames: number, seed: number): Float32Array => {
  const out = pink(frames, seed);
  [300, 900, 2500, 6000].forEach((cutHz, k) => {
    const band = onePole(hiss(frames, seed + 20 + k), cutHz);
    const below = onePole(band, cutHz / 3);
    const scale = (0.7 * rmsOf(out)) / rmsOf(band);
    add(
      out,
      band.map((x, i) => (x - (below[i] ?? 0)) * (1 + 0.4 * Math.sin((2 * Math.PI * (0.1 + 0.05 * k) * i) / RATE + k))),
      scale,
    );
  });
  return out;
};

/** Mains hum at f0 and 30 harmonics, falling, over faint pink noise; `driftHz` is the reach of a slow swing. */
export const mainsHum = (frames: number, f0Hz: number, driftHz = 0, seed = 1): Float32Array => {
  const random = randomSource(seed);
  const phases = Array.from({ length: 31 }, () => 2 * Math.PI * random());
  let turn = 0;
  const out = Float32Array.from({ length: frames }, (_, i) => {
    turn += (2 * Math.PI * (f0Hz + driftHz * Math.sin((2 * Math.PI * 0.07 * i) / RATE))) / RATE;
    let sum = 0;
    for (let k = 1; k <= 31; k += 1) sum += k ** -0.8 * Math.sin(k * turn + (phases[k - 1] ?? 0));
    return sum;
  });
  const floor = pink(frames, seed + 40);
  return add(out, floor, (10 ** (-25 / 20) * rmsOf(out)) / rmsOf(floor));
};

/** Noises of the method, by name. */
export const NOISES: Readonly<Record<string, (frames: number, seed: number) => Float32Array>> = {
  white: hiss,
  pink,
  hvac: airConditioning,
  hall: machineHall,
};

/** RMS of the 20 ms stretches within 40 dB of the loudest. */
const activeRms = (signal: Float32Array): number => {
  const powers: number[] = [];
  for (let at = 0; at + 960 <= signal.length; at += 960) powers.push(rmsOf(signal.subarray(at, at + 960)) ** 2);
  const loudest = powers.reduce((most, power) => Math.max(most, power), 0);
  const active = powers.filter((power) => power > 1e-4 * loudest);
  return Math.sqrt(active.reduce((sum, power) => sum + power, 0) / active.length);
};

/** A take after the lead-in, at an active level of -26 dBFS, at most `seconds` long in all. */
export const cleanSpeech = (take: Float32Array, seconds = 9.6): Float32Array => {
  const scale = ACTIVE_RMS / activeRms(take);
  return concat(
    new Float32Array(LEAD_IN_FRAMES),
    take.subarray(0, seconds * RATE - LEAD_IN_FRAMES).map((x) => x * scale),
  );
};

/** Speech plus noise whose RMS over the whole lies `snrDb` under the active speech. */
export const mixNoise = (speech: Float32Array, noise: Float32Array, snrDb: number): Float32Array => {
  const scale = (ACTIVE_RMS * 10 ** (-snrDb / 20)) / rmsOf(noise.subarray(0, speech.length));
  return speech.map((x, i) => x + scale * (noise[i % noise.length] ?? 0));
};

/** Scale-invariant signal-to-distortion ratio in dB (Le Roux et al., ICASSP 2019), means removed, from 0.75 s on. */
export const siSdrDb = (reference: Float32Array, estimate: Float32Array, from = SCORED_FROM): number => {
  const frames = Math.min(reference.length, estimate.length);
  const mean = (signal: Float32Array) => signal.subarray(from, frames).reduce((sum, x) => sum + x, 0) / (frames - from);
  const [referenceMean, estimateMean] = [mean(reference), mean(estimate)];
  let [power, product, all] = [0, 0, 0];
  for (let i = from; i < frames; i += 1) {
    const x = (reference[i] ?? 0) - referenceMean;
    const y = (estimate[i] ?? 0) - estimateMean;
    power += x * x;
    product += x * y;
    all += y * y;
  }
  const target = product ** 2 / power;
  return 10 * Math.log10(target / Math.max(all - target, 1e-30));
};
