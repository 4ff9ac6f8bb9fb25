/** Premiere's time base: divides exactly by every film frame rate and every audio sample rate in use. */
export const TICKS_PER_SECOND = 254_016_000_000n;

/** A decimal string of ticks, possibly negative: a JS number is exact only to 9.85 h. */
export type Ticks = string;

/** Nearest frame (one sample per channel) at `sampleRate` Hz; halves go up. */
export const ticksToFrames = (ticks: Ticks | bigint, sampleRate: number): number => {
  const scaled = BigInt(ticks) * BigInt(sampleRate) * 2n + TICKS_PER_SECOND;
  const whole = scaled / (2n * TICKS_PER_SECOND);
  return Number(scaled < 0n && scaled % (2n * TICKS_PER_SECOND) !== 0n ? whole - 1n : whole);
};

/** Nearest tick of a frame at `sampleRate` Hz; exact for every rate that divides the time base. */
export const framesToTicks = (frames: number, sampleRate: number): Ticks =>
  String((BigInt(frames) * TICKS_PER_SECOND * 2n + BigInt(sampleRate)) / (2n * BigInt(sampleRate)));

export const secondsToTicks = (seconds: number): Ticks =>
  String((BigInt(Math.round(seconds * 1e9)) * 254_016n) / 1000n);
export const ticksToSeconds = (ticks: Ticks | bigint): number => Number(BigInt(ticks)) / Number(TICKS_PER_SECOND);
