import * as Param from "../generated/equalizer-params";
import { LANE_BOTH, LANE_LEFT, LANE_RIGHT } from "./filter-cascade";

/** In 5.1 and 7.1 the second pair is centre and LFE: it has no sides, so only bands for both channels work on it. */
export const CENTRE_PAIR: i32 = 1;

/** Lanes that a band works on: left and mid are the first, right and side the second. */
export function lanesOf(channels: i32): i32 {
  if (channels == Param.CHANNELS_LEFT || channels == Param.CHANNELS_MID) return LANE_LEFT;
  return channels == Param.CHANNELS_BOTH ? LANE_BOTH : LANE_RIGHT;
}

/** The lanes are mid and side. */
export function isMidSide(channels: i32): bool {
  return channels == Param.CHANNELS_MID || channels == Param.CHANNELS_SIDE;
}

/** Mono knows no sides: left and mid are the whole of it, right and side nothing. */
export function channelsInMono(channels: i32): i32 {
  return lanesOf(channels) == LANE_RIGHT ? channels : Param.CHANNELS_BOTH;
}

/** Left and right as mid and side. */
export function toMidSide(x: v128): v128 {
  return f64x2.mul(toLeftRight(x), f64x2.splat(0.5));
}

/** Mid and side as left and right. */
export function toLeftRight(x: v128): v128 {
  const swapped = v128.shuffle<f64>(x, x, 1, 0);
  return v128.shuffle<f64>(f64x2.add(x, swapped), f64x2.sub(x, swapped), 0, 2);
}

/** Ones in the lanes that a band works on. */
export function laneMask(lanes: i32): v128 {
  return i64x2(lanes == LANE_RIGHT ? 0 : -1, lanes == LANE_LEFT ? 0 : -1);
}
