import { TICKS_PER_SECOND } from "../../../schema/ticks.ts";
import type { DomTime } from "./dom-surface.ts";
import type { Realm } from "./realm.ts";

/** What the host says for a point that is not set: -400000 s. */
export const NOT_SET_TICKS = -400_000n * TICKS_PER_SECOND;

/** Premiere turns seconds into ticks by rounding down. */
export const ticksOfSeconds = (seconds: number): bigint => BigInt(Math.floor(seconds * Number(TICKS_PER_SECOND)));

/** A Time of the object model: always a copy, so writing to one that a property gave changes nothing. */
export class TimeCopy implements DomTime {
  private at: bigint;

  constructor(ticks: bigint = 0n) {
    this.at = ticks;
  }

  get seconds(): number {
    return Number(this.at) / Number(TICKS_PER_SECOND);
  }

  set seconds(seconds: number) {
    this.at = ticksOfSeconds(Number(seconds));
  }

  get ticks(): string {
    return String(this.at);
  }

  set ticks(ticks: string) {
    this.at = BigInt(String(ticks));
  }

  setSecondsAsFraction(numerator: number, denominator: number): boolean {
    this.at = (BigInt(numerator) * TICKS_PER_SECOND) / BigInt(denominator);
    return true;
  }
}

/** A Time for a model's point in ticks; null gives the sentinel. */
export const timeOf = (ticks: bigint | null): TimeCopy => new TimeCopy(ticks ?? NOT_SET_TICKS);

/** Ticks of what a script gave as a time: a Time, seconds as a number, or ticks as a string of digits. */
export const ticksOf = (time: unknown, realm: Realm): bigint => {
  if (time instanceof TimeCopy) return BigInt(time.ticks);
  if (typeof time === "number" && Number.isFinite(time)) return ticksOfSeconds(time);
  if (typeof time === "string" && /^-?[0-9]+$/.test(time)) return BigInt(time);
  throw realm.error("Illegal Parameter type");
};

/** Off-grid placement goes up to the next frame. */
export const upToFrame = (ticks: bigint, timebase: bigint): bigint => {
  const over = ((ticks % timebase) + timebase) % timebase;
  return over === 0n ? ticks : ticks + timebase - over;
};
