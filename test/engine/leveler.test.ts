// The leveler by its figures: how even speech becomes, what happens in its pauses, and how slowly the gain moves.
import { describe, expect, test } from "vitest";
import { effort } from "../support/effort.ts";
import { channelOf, largestDifference, rmsDb } from "../support/measure-signal.ts";
import { type OpenOptions, openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, spread } from "../support/signals.ts";
import { type SpeechLike, type SpeechLikeOptions, speechLike } from "../support/speech-like.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const HOP = 480;
const engine = await openEngine();

/** K-weighted mean squares of a mono signal in both channels, every 10 ms, by the loudness meter. */
const hopEnergies = (mono: Float32Array): Float64Array => {
  const { exports } = engine;
  const meter = exports.createLoudness(RATE, 2, 1);
  const io = engine.allocate(HOP * 8);
  const recent = exports.recentHopEnergies(meter);
  const count = exports.recentHopCount();
  return Float64Array.from({ length: Math.floor(mono.length / HOP) }, (_, hop) => {
    engine.floats(io, HOP * 2).set(spread(mono.subarray(hop * HOP, (hop + 1) * HOP)));
    exports.feedLoudness(meter, io, HOP);
    return new DataView(engine.bytes(recent, count * 8).slice().buffer).getFloat64((hop % count) * 8, true);
  });
};

const isSpoken = ({ phrases }: SpeechLike, hop: number): boolean =>
  phrases.some(({ start, end }) => start <= hop * HOP && (hop + 1) * HOP <= end);

/** Short-term loudness of the dialogue alone: every 100 ms, the last 3 s without what nobody speaks in. */
const dialogueLoudness = (speech: SpeechLike, mono: Float32Array): number[] => {
  const energies = hopEnergies(mono);
  const spoken = Array.from(energies, (_, hop) => isSpoken(speech, hop));
  const found: number[] = [];
  for (let end = 300; end < energies.length; end += 10) {
    if (!spoken[end]) continue;
    const heard = Array.from(energies.subarray(end - 300, end)).filter((_, i) => spoken[end - 300 + i]);
    if (heard.length > 100) found.push(-0.691 + 10 * Math.log10(heard.reduce((a, b) => a + b, 0) / heard.length));
  }
  return found;
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** A mono signal through both channels, its latency taken off. */
const level = (signal: Float32Array, values: ProcessorValues = {}, options: OpenOptions = {}): Float32Array => {
  const open = openProcessor("leveler", values, options);
  const latency = open.latencyFrames();
  return channelOf(open(spread(concat(signal, new Float32Array(latency)))), 0).subarray(latency);
};

/** Gain in dB of each hop. */
const gainsDb = (signal: Float32Array, output: Float32Array): number[] =>
  Array.from({ length: Math.floor(signal.length / HOP) }, (_, hop) => {
    const part = (of: Float32Array) => rmsDb(of.subarray(hop * HOP, (hop + 1) * HOP));
    return part(output) - part(signal);
  });

/** Two voices 8 LU apart that speak in turn, 5 to 8 s each. */
const dialogue = (options: SpeechLikeOptions = {}) =>
  speechLike({
    levelsDbfs: [-12, -20],
    phrases: 8,
    syllablesPerPhrase: 24,
    floorDbfs: -68,
    sibilantDb: -16,
    pauseSeconds: 1.2,
    ...options,
  });

describe("leveler", () => {
  test.each([
    { name: "two voices that leap by 8 LU each time", options: {} },
    { name: "two voices in short turns", options: { syllablesPerPhrase: 12, phrases: 14, seed: 5 } },
    { name: "two voices, 0.6 s apart", options: { pauseSeconds: 0.6, seed: 8 } },
    { name: "four voices", options: { levelsDbfs: [-12, -20, -16, -18], seed: 2 } },
    {
      name: "a voice that falls and rises",
      options: { levelsDbfs: [-12, -14, -16, -18, -20, -18, -16, -14], seed: 3 },
    },
    { name: "two voices in more noise", options: { floorDbfs: -55, seed: 4 } },
  ])("$name, 8 LU apart, come within 1.5 LU of each other (standard deviation), on the target", ({ options }) => {
    const speech = dialogue(options);
    const before = dialogueLoudness(speech, speech.signal);
    const targetLufs = Math.round(mean(before));
    expect(Math.max(...before) - Math.min(...before)).toBeGreaterThan(7);
    for (const values of effort([{}], [{}, { rateDbPerSecond: 6 }])) {
      const after = dialogueLoudness(speech, level(speech.signal, { targetLufs, ...values }));
      expect(deviation(after)).toBeLessThan(1.5);
      expect(deviation(after)).toBeLessThan(0.6 * deviation(before));
      expect(Math.abs(mean(after) - targetLufs)).toBeLessThan(0.3);
    }
  });

  test("the last words before a quieter voice are raised by 3 dB at most, those before a louder one are not", () => {
    const speech = dialogue();
    const gains = gainsDb(speech.signal, level(speech.signal, { targetLufs: -20 }));
    speech.phrases.forEach(({ end }, phrase) => {
      const [middle, last] = [200, 10].map((hops) => gains[Math.floor(end / HOP) - hops] ?? 0);
      const rise = (last ?? 0) - (middle ?? 0);
      expect(rise).toBeLessThan(phrase % 2 === 0 ? 3.5 : 0.5);
    });
  });

  test("in pauses the gain may fall but does not rise, and the room comes up by less than 0.5 dB", () => {
    const { signal, phrases } = dialogue();
    const gains = gainsDb(signal, level(signal, { targetLufs: -20 }));
    phrases.slice(1).forEach(({ start }, i) => {
      const pause = gains.slice(Math.ceil((phrases[i]?.end ?? 0) / HOP) + 6, Math.floor(start / HOP) - 6);
      expect(Math.max(...pause) - (pause[0] ?? 0)).toBeLessThan(0.5);
    });
  });

  test.each([1, 4, 6])("at %i dB per second the gain never moves faster, neither up nor down", (rateDbPerSecond) => {
    const { signal } = dialogue();
    const gains = gainsDb(signal, level(signal, { targetLufs: -20, rateDbPerSecond })).slice(1);
    const steps = gains.slice(10).map((gain, i) => Math.abs(gain - (gains[i] ?? gain)));
    // A hop whose gain moves is off by what its sound weighs at its ends.
    expect(Math.max(...steps)).toBeLessThan(0.11 * rateDbPerSecond + 0.02);
    expect(Math.max(...gains) - Math.min(...gains)).toBeGreaterThan(2);
  });

  test("the range bounds the gain, and a range of 0 changes no bit", () => {
    const { signal } = dialogue();
    const gains = gainsDb(signal, level(signal, { targetLufs: -10, rangeDb: 3 })).slice(1);
    expect(Math.max(...gains)).toBeCloseTo(3, 2);
    const input = spread(signal);
    const open = openProcessor("leveler", { rangeDb: 0 });
    const output = open(input);
    const latency = open.latencyFrames();
    expect(latency).toBe(2 * RATE);
    expect(largestDifference(output.subarray(2 * latency), input.subarray(0, -2 * latency))).toBe(0);
  });

  test("noise and silence alone are left as they are", () => {
    for (const floorDbfs of [-20, -40, -60]) {
      const room = noise(floorDbfs, 10 * RATE, 5);
      expect(largestDifference(level(room), room.slice(0, room.length))).toBe(0);
    }
  });

  test("the first words stand at their level from the beginning", () => {
    const { signal, phrases } = dialogue({ pauseSeconds: 0.3, levelsDbfs: [-24], phrases: 2 });
    const gains = gainsDb(signal, level(signal, { targetLufs: -22 }));
    const [first, later] = [0.1, 3].map(
      (seconds) => gains[Math.floor(((phrases[0]?.start ?? 0) + seconds * RATE) / HOP)] ?? 0,
    );
    expect(later).toBeGreaterThan(3);
    expect(Math.abs((first ?? 0) - (later ?? 0))).toBeLessThan(2.5);
  });

  test("the lift raises quiet words by 6 dB and the pauses by less than 1 dB", () => {
    // Three times a sentence that ends in a murmur, then 2 s of the room.
    const sentence = speechLike({
      levelsDbfs: [-12, -12, -30],
      phrases: 3,
      syllablesPerPhrase: 5,
      pauseSeconds: 0.12,
      floorDbfs: -66,
    });
    const room = noise(-66, 2 * RATE, 6);
    const signal = concat(room, sentence.signal, room, sentence.signal, room, sentence.signal, room);
    const gains = gainsDb(signal, level(signal, { rangeDb: 0, liftDb: 6 }));
    const at = (frames: number) => Math.floor(frames / HOP);
    for (const turn of [0, 1, 2]) {
      const begin = 2 * RATE + turn * (sentence.signal.length + 2 * RATE);
      const [loud, , murmur] = sentence.phrases.map(({ start, end }) =>
        gains.slice(at(begin + start), at(begin + end)),
      );
      expect(Math.max(...(murmur ?? []))).toBeGreaterThan(5.8);
      expect(mean(murmur ?? [])).toBeGreaterThan(4);
      expect(Math.max(...(murmur ?? []))).toBeLessThan(6.01);
      expect(mean(loud ?? [])).toBeLessThan(2);
      expect(Math.max(...gains.slice(at(begin - 1.5 * RATE), at(begin - 0.2 * RATE)))).toBeLessThan(0.01);
      const after = gains.slice(at(begin + sentence.signal.length), at(begin + sentence.signal.length + 2 * RATE));
      expect(mean(after)).toBeLessThan(0.1);
      expect(Math.max(...after.slice(10))).toBeLessThan(1);
    }
  });

  test("blocks, a reset and a second run leave no trace, at 44.1 kHz as well", () => {
    const { signal } = dialogue({ phrases: 3, sampleRate: 44_100 });
    const run = (blockFrames: number | number[]) => level(signal, { liftDb: 4 }, { sampleRate: 44_100, blockFrames });
    const expected = run(1024);
    for (const blockFrames of [441, 4800, [1, 77, 3000]]) expect(largestDifference(run(blockFrames), expected)).toBe(0);
    const open = openProcessor("leveler", { liftDb: 4 }, { sampleRate: 44_100 });
    const input = spread(concat(signal, new Float32Array(RATE)));
    const first = open(input);
    open.reset();
    expect(largestDifference(open(input), first)).toBe(0);
  });

  test("all channels share one gain", () => {
    const { signal } = dialogue({ phrases: 2 });
    const input = Float32Array.from(
      { length: 6 * signal.length },
      (_, i) => (i % 6 === 2 ? 1 : 0.125) * (signal[Math.floor(i / 6)] ?? 0),
    );
    const output = openProcessor("leveler", { targetLufs: -20 }, { channels: 6 })(input);
    const scaled = channelOf(output, 2, 6).map((value) => 0.125 * value);
    expect(largestDifference(scaled, channelOf(output, 5, 6))).toBe(0);
    expect(largestDifference(output.subarray(6 * RATE), input.subarray(0, -6 * RATE))).toBeGreaterThan(0.01);
  });
});
