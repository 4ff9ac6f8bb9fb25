import { type ChannelLayout, channelLayouts } from "../schema/channel-layout.ts";
import type { EngineInstance } from "./instance.ts";

type Speaker = (typeof channelLayouts)[ChannelLayout][number];

const speakersOf = (layout: ChannelLayout): readonly Speaker[] => channelLayouts[layout];

/** Where a speaker goes that a layout lacks (ITU-R BS.775-4, table 2; rears of 7.1 join the sides). The LFE is left out. */
const substitutes: Readonly<Record<Exclude<Speaker, "M" | "LFE">, readonly (readonly [Speaker, number])[]>> = {
  L: [["M", Math.SQRT1_2]],
  R: [["M", Math.SQRT1_2]],
  C: [
    ["L", Math.SQRT1_2],
    ["R", Math.SQRT1_2],
  ],
  Ls: [["L", Math.SQRT1_2]],
  Rs: [["R", Math.SQRT1_2]],
  Lrs: [["Ls", 1]],
  Rrs: [["Rs", 1]],
};

/** Mono stands in the centre where there is one, else at full level on both sides. */
const substitutesOf = (speaker: Speaker, to: readonly Speaker[]): readonly (readonly [Speaker, number])[] => {
  if (speaker === "LFE") return [];
  if (speaker === "C" && to.includes("M")) return [["M", 1]];
  if (speaker !== "M") return substitutes[speaker];
  return to.includes("C")
    ? [["C", 1]]
    : [
        ["L", 1],
        ["R", 1],
      ];
};

const gainTo = (from: Speaker, to: Speaker, layout: readonly Speaker[]): number => {
  if (from === to) return 1;
  if (layout.includes(from)) return 0;
  return substitutesOf(from, layout).reduce((sum, [next, gain]) => sum + gain * gainTo(next, to, layout), 0);
};

/** Gains from each speaker of one layout (inner) to each of another (outer). */
export const foldGains = (from: ChannelLayout, to: ChannelLayout): readonly (readonly number[])[] =>
  speakersOf(to).map((target) => speakersOf(from).map((source) => gainTo(source, target, speakersOf(to))));

/** What one pair of the source gives to one pair of the target: L to L, R to L, L to R, R to R. */
type PairFold = {
  readonly from: number;
  readonly to: number;
  readonly gains: readonly [leftToLeft: number, rightToLeft: number, leftToRight: number, rightToRight: number];
  /** Each lane goes to its own side as it is. */
  readonly isStraight: boolean;
};

/** How blocks of one layout are added to blocks of another. */
export type LayoutFold = readonly PairFold[];

export const pairCount = (layout: ChannelLayout): number => (speakersOf(layout).length + 1) >> 1;

/** Mono stands in both lanes of its pair, and each lane serves its own side. */
const laneGain = (gains: readonly (readonly number[])[], to: number, from: number): number => {
  const target = gains[to] ?? gains[0]!;
  if (target.length === 1) return (from & 1) === (to & 1) ? target[0]! : 0;
  return target[from] ?? 0;
};

const foldPair = (gains: readonly (readonly number[])[], from: number, to: number): PairFold => {
  const lane = (outer: number, inner: number) => laneGain(gains, 2 * to + outer, 2 * from + inner);
  const four = [lane(0, 0), lane(0, 1), lane(1, 0), lane(1, 1)] as const;
  return { from, to, gains: four, isStraight: four.join() === "1,0,0,1" };
};

export const createLayoutFold = (from: ChannelLayout, to: ChannelLayout): LayoutFold => {
  const gains = foldGains(from, to);
  const targets = Array.from({ length: pairCount(to) }, (_, target) =>
    Array.from({ length: pairCount(from) }, (_, source) => foldPair(gains, source, target)),
  );
  return targets.flat().filter((pair) => pair.gains.some((gain) => gain !== 0));
};

/** Where a block of channel pairs lies: one pair begins `stride` frames after the other. */
export type PairBlock = { readonly at: number; readonly stride: number };

/** Adds `frames` frames of `source`, times `gain`, to `target` in the other layout. */
export const addFolded = (
  { exports }: EngineInstance,
  fold: LayoutFold,
  target: PairBlock,
  source: PairBlock,
  frames: number,
  gain: number,
): void => {
  for (const pair of fold) {
    const to = target.at + pair.to * target.stride * 8;
    const from = source.at + pair.from * source.stride * 8;
    if (pair.isStraight) {
      exports.mixAdd(to, from, 1, frames, gain);
      continue;
    }
    const [leftToLeft, rightToLeft, leftToRight, rightToRight] = pair.gains;
    exports.mixAddCrossed(
      to,
      from,
      frames,
      leftToLeft * gain,
      rightToLeft * gain,
      leftToRight * gain,
      rightToRight * gain,
    );
  }
};
