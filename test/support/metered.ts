import type { EngineInstance } from "../../engine/instance.ts";
import { createLoudnessMeter, type LoudnessMeter, type MeterLayout } from "../../engine/loudness.ts";
import type { Measures } from "../../engine/measures.ts";

const BLOCK_FRAMES = 4096;
const MAX_CHANNELS = 8;

/** Meters of one engine, kept by rate and channels because the engine never gives memory back. */
export type MeterBench = {
  meter(sampleRate: number, channels: number, layout?: MeterLayout): LoudnessMeter;
  /** Feeds planar channels to a meter as pairs; `blockFrames` up to 4096. */
  feed(meter: LoudnessMeter, channels: readonly Float32Array[], blockFrames?: number): void;
  measure(channels: readonly Float32Array[], sampleRate: number, blockFrames?: number): Measures;
};

export const createMeterBench = (instance: EngineInstance): MeterBench => {
  const io = instance.allocate(BLOCK_FRAMES * MAX_CHANNELS * 4);
  const meters = new Map<string, LoudnessMeter>();
  const meterOf = (sampleRate: number, channels: number, layout: MeterLayout = "speakers"): LoudnessMeter => {
    const key = `${sampleRate}/${channels}/${layout}`;
    const meter = meters.get(key) ?? createLoudnessMeter(instance, sampleRate, channels, layout);
    meters.set(key, meter);
    meter.reset();
    return meter;
  };
  const feed = (meter: LoudnessMeter, channels: readonly Float32Array[], blockFrames = BLOCK_FRAMES): void => {
    const frames = channels[0]?.length ?? 0;
    const pairs = (channels.length + 1) >> 1;
    for (let from = 0; from < frames; from += blockFrames) {
      const count = Math.min(blockFrames, frames - from);
      const block = instance.floats(io, count * 2 * pairs);
      for (let lane = 0; lane < 2 * pairs; lane += 1) {
        const source = channels[lane] ?? channels[lane - 1] ?? new Float32Array(count);
        for (let i = 0; i < count; i += 1) block[((lane >> 1) * count + i) * 2 + (lane & 1)] = source[from + i] ?? 0;
      }
      meter.feed(io, count);
    }
  };
  return {
    meter: meterOf,
    feed,
    measure: (channels, sampleRate, blockFrames) => {
      const meter = meterOf(sampleRate, channels.length);
      feed(meter, channels, blockFrames);
      return meter.measures();
    },
  };
};
