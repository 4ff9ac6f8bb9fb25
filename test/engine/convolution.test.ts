import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, rmsDb, toDb } from "../support/measure-signal.ts";
import {
  type OpenOptions,
  type OpenProcessor,
  openProcessor,
  type ProcessorValues,
} from "../support/open-processor.ts";
import { correlationAbove, octaveDecay } from "../support/room-measures.ts";
import { concat, impulse, noise } from "../support/signals.ts";

const RATE = 48_000;

type Response = { readonly samples: Float32Array; readonly channels: number; readonly sampleRate?: number };

/** Gives an open processor the interleaved samples of a file; false when it refuses. */
const giveFile = (open: OpenProcessor, { samples, channels, sampleRate = RATE }: Response): boolean => {
  const frames = samples.length / channels;
  const { instance, handle } = open;
  const at = instance.exports.slotResource(handle, 0, frames, channels, sampleRate);
  if (at === 0) return false;
  const pairs = (channels + 1) >> 1;
  const block = instance.floats(at, frames * pairs * 2);
  for (let frame = 0; frame < frames; frame += 1)
    for (let lane = 0; lane < pairs * 2; lane += 1)
      block[((lane >> 1) * frames + frame) * 2 + (lane & 1)] =
        samples[frame * channels + Math.min(lane, channels - 1)] ?? 0;
  instance.exports.slotResourceReady(handle);
  return true;
};

const withFile = (response: Response, values: ProcessorValues = {}, options: OpenOptions = {}): OpenProcessor => {
  const open = openProcessor("convolution", values, options);
  expect(giveFile(open, response)).toBe(true);
  return open;
};

/** The definition, in f64. */
const directly = (signal: Float32Array, response: Float32Array): Float64Array => {
  const out = new Float64Array(signal.length);
  for (let i = 0; i < signal.length; i += 1) {
    let sum = 0;
    for (let k = Math.min(i, response.length - 1); k >= 0; k -= 1) sum += (signal[i - k] ?? 0) * (response[k] ?? 0);
    out[i] = sum;
  }
  return out;
};

const energyOf = (signal: Float32Array): number => signal.reduce((sum, value) => sum + value * value, 0);

/** Error of what the engine made (its latency taken off) against what it should be, relative, in dB. */
const nullDb = (output: Float32Array, latency: number, expected: Float64Array, scale: number): number => {
  let [error, power] = [0, 0];
  for (let i = 0; i + latency < output.length; i += 1) {
    const wanted = (expected[i] ?? 0) * scale;
    error += ((output[i + latency] ?? 0) - wanted) ** 2;
    power += wanted * wanted;
  }
  return 10 * Math.log10(error / power);
};

describe("convolution: against the definition", () => {
  test.each([1, 2047, 2048, 2049, 5000])("a stereo response of %i frames nulls to -110 dB", (frames) => {
    const samples = noise(0, 2 * frames, frames);
    const open = withFile({ samples, channels: 2 });
    const input = noise(-6, 2 * 12_000, 4);
    const output = open(input);
    const parts = [0, 1].map((channel) => channelOf(samples, channel)) as [Float32Array, Float32Array];
    const scale = 1 / Math.sqrt(Math.max(energyOf(parts[0]), energyOf(parts[1])));
    for (const channel of [0, 1] as const) {
      const expected = directly(channelOf(input, channel), parts[channel]);
      expect(nullDb(channelOf(output, channel), open.latencyFrames(), expected, scale)).toBeLessThan(-110);
    }
  });

  test("four channels are the ways of a stereo room: left to left and right, right to left and right", () => {
    const samples = noise(0, 4 * 700, 8);
    const open = withFile({ samples, channels: 4 });
    const input = noise(-6, 2 * 8000, 5);
    const output = open(input);
    const ways = [0, 1, 2, 3].map((way) => channelOf(samples, way, 4));
    const scale = 1 / Math.sqrt(Math.max(...ways.map(energyOf)));
    const sources = [channelOf(input, 0), channelOf(input, 1)] as const;
    for (const side of [0, 1]) {
      const fromLeft = directly(sources[0], ways[side] ?? sources[0]);
      const fromRight = directly(sources[1], ways[2 + side] ?? sources[0]);
      const expected = fromLeft.map((value, i) => value + (fromRight[i] ?? 0));
      expect(nullDb(channelOf(output, side), open.latencyFrames(), expected, scale)).toBeLessThan(-110);
    }
  });

  test("one channel serves all; 5.1 with six channels goes each its own way, with two the LFE is left out", () => {
    const surround = noise(-6, 6 * 6000, 6);
    const run = (channels: number, way: (channel: number) => number) => {
      const samples = noise(0, channels * 500, 7);
      const open = withFile({ samples, channels }, {}, { channels: 6 });
      const output = open(surround);
      const ways = Array.from({ length: channels }, (_, c) => channelOf(samples, c, channels));
      const scale = 1 / Math.sqrt(Math.max(...ways.map(energyOf)));
      for (let channel = 0; channel < 6; channel += 1) {
        const heard = channelOf(output, channel, 6);
        const response = ways[way(channel)];
        // It shares a transform with the centre, whose rounding may show.
        if (!response) expect(peakOf(heard)).toBeLessThan(1e-12);
        else {
          const expected = directly(channelOf(surround, channel, 6), response);
          expect(nullDb(heard, open.latencyFrames(), expected, scale)).toBeLessThan(-110);
        }
      }
    };
    run(1, (channel) => (channel === 3 ? -1 : 0));
    run(2, (channel) => (channel === 3 ? -1 : channel % 2));
    run(6, (channel) => channel);
  });

  test("ten seconds null, too", () => {
    const frames = 10 * RATE;
    const samples = new Float32Array(frames);
    const taps = [0, 1, 4095, 100_000, 333_333, frames - 1];
    for (const [i, at] of taps.entries()) samples[at] = 1 / (i + 1);
    const open = withFile({ samples, channels: 1 }, {}, { channels: 1, blockFrames: 4096 });
    const input = concat(noise(-6, 20_000, 9), new Float32Array(frames + 20_000));
    const output = open(input);
    const expected = new Float64Array(input.length);
    for (const [i, at] of taps.entries())
      for (let n = 0; n < 20_000; n += 1) expected[n + at] = (expected[n + at] ?? 0) + (input[n] ?? 0) / (i + 1);
    expect(nullDb(output, open.latencyFrames(), expected, 1 / Math.sqrt(energyOf(samples)))).toBeLessThan(-110);
  });
});

describe("convolution: files", () => {
  test("a response at another rate keeps its time and its level", () => {
    for (const sampleRate of [44_100, 96_000]) {
      const samples = impulse(sampleRate / 2, sampleRate / 10);
      const open = withFile({ samples, channels: 1, sampleRate });
      const input = noise(-12, 2 * RATE, 3);
      const output = open(input).subarray(2 * (open.latencyFrames() + 4800));
      expect(rmsDb(output) - rmsDb(input)).toBeCloseTo(0, 0);
      const low = directly(
        channelOf(output, 0),
        Float32Array.from({ length: 48 }, () => 1 / 48),
      );
      const wanted = directly(
        channelOf(input, 0),
        Float32Array.from({ length: 48 }, () => 1 / 48),
      );
      const error = Float64Array.from(low, (value, i) => value - (wanted[i] ?? 0));
      // A low-passed level of the resampled impulse differs from that of the sharp one by the band it lost.
      expect(rmsDb(error) - rmsDb(wanted)).toBeLessThan(-20);
    }
  });

  test("trimMs cuts the start off, gainDb changes the level", () => {
    const samples = noise(0, 3000, 11);
    const input = noise(-6, 2 * 9000, 12);
    const trimmed = withFile({ samples, channels: 1 }, { trimMs: 20, gainDb: -6 });
    const expected = directly(channelOf(input, 0), samples.subarray(960));
    const scale = 10 ** (-6 / 20) / Math.sqrt(energyOf(samples.subarray(960)));
    expect(nullDb(channelOf(trimmed(input), 0), trimmed.latencyFrames(), expected, scale)).toBeLessThan(-110);
  });

  test("too long, too wide or empty is refused; damaged samples count as silence; silence gives silence", () => {
    const open = openProcessor("convolution");
    const { exports } = open.instance;
    expect(exports.slotResource(open.handle, 0, 10 * RATE + 1, 1, RATE)).toBe(0);
    expect(exports.slotResource(open.handle, 0, 100, 17, RATE)).toBe(0);
    expect(exports.slotResource(open.handle, 0, 0, 1, RATE)).toBe(0);
    expect(exports.slotResource(open.handle, 1, 100, 1, RATE)).toBe(0);
    expect(exports.slotResource(open.handle, 0, 100, 1, Number.NaN)).toBe(0);
    const broken = noise(0, 500, 13);
    broken[100] = Number.NaN;
    broken[200] = Number.POSITIVE_INFINITY;
    const mended = broken.map((value) => (Number.isFinite(value) ? value : 0));
    const input = noise(-6, 2 * 6000, 14);
    const output = withFile({ samples: broken, channels: 1 })(input);
    expect(largestDifference(output, withFile({ samples: mended, channels: 1 })(input))).toBe(0);
    expect(peakOf(withFile({ samples: new Float32Array(500), channels: 1 })(input))).toBe(0);
  });

  test("other processors take no file", () => {
    const open = openProcessor("gain");
    expect(open.instance.exports.slotResource(open.handle, 0, 100, 1, RATE)).toBe(0);
  });
});

const response = (values: ProcessorValues, seconds = 4, channels = 2): Float32Array[] => {
  const open = openProcessor("convolution", values, { channels });
  const output = open(concat(impulse(channels, 0).fill(1), new Float32Array(channels * seconds * RATE)));
  return Array.from({ length: channels }, (_, c) => channelOf(output, c, channels).subarray(open.latencyFrames()));
};

describe("convolution: computed spaces", () => {
  test.each([
    { space: "room", seconds: 0.5 },
    { space: "hall", seconds: 2.1 },
    { space: "plate", seconds: 1.8 },
    { space: "chamber", seconds: 1.1 },
  ])("$space dies away in $seconds s at 500 Hz, begins at once, is as loud as what goes in, and is wide", (space) => {
    const all = response({ space: space.space });
    expect(Math.abs(octaveDecay(all, 500) / space.seconds - 1)).toBeLessThan(0.15);
    for (const channel of all) {
      expect(peakOf(channel.subarray(0, 96))).toBeGreaterThan(1e-3);
      expect(Math.abs(toDb(Math.sqrt(energyOf(channel))))).toBeLessThan(1.5);
    }
    const tails = all.map((channel) => channel.subarray(0.1 * RATE)) as [Float32Array, Float32Array];
    expect(Math.abs(correlationAbove(tails[0], tails[1], 500))).toBeLessThan(0.15);
  });

  test.each([
    { space: "car", seconds: 0.15 },
    { space: "phoneBooth", seconds: 0.3 },
  ])("$space is over (-40 dB) after $seconds s", ({ space, seconds }) => {
    for (const channel of response({ space }, 1))
      expect(toDb(Math.sqrt(energyOf(channel.subarray(seconds * RATE)) / energyOf(channel)))).toBeLessThan(-40);
  });

  test("highs die away faster than the middle in a hall", () => {
    const all = response({ space: "hall" });
    expect(octaveDecay(all, 4000)).toBeLessThan(0.8 * octaveDecay(all, 500));
  });

  test("another space fades in without a gap", () => {
    const open = openProcessor("convolution", { space: "plate" });
    open(noise(-12, 2 * 96_000, 15));
    open.set({ space: "room" });
    const output = open(noise(-12, 2 * 48_000, 16));
    for (let at = 0; at < 2 * 46_000; at += 4800) expect(rmsDb(output.subarray(at, at + 4800))).toBeGreaterThan(-24);
  });
});
