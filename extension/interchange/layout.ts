import { type ChannelLayout, channelCount, channelLayouts } from "../../schema/channel-layout.ts";

/** Layout with that many channels, or null: the engine mixes mono, stereo, 5.1 and 7.1. */
export const layoutOf = (channels: number | null): ChannelLayout | null =>
  (Object.keys(channelLayouts) as ChannelLayout[]).find((layout) => channelCount(layout) === channels) ?? null;

/** What each channel of a track plays, and the side when the source reaches only one of two. */
export type ChannelMap = { readonly channels: readonly number[]; readonly side: -1 | 0 | 1 };

/**
 * Fits the source channels of a clip (null = nothing connected) to its track. One channel feeds the whole track; a source on
 * one side of a stereo track becomes both channels with the balance at that side, which sounds the same.
 */
export const channelMapOf = (wanted: readonly (number | null)[], layout: ChannelLayout): ChannelMap => {
  const count = channelCount(layout);
  const known = wanted.filter((channel): channel is number => channel !== null);
  const first = known[0] ?? 0;
  if (wanted.length < count) return { channels: Array.from({ length: count }, () => first), side: 0 };
  const channels = wanted.slice(0, count).map((channel) => channel ?? first);
  const oneSided = count === 2 && known.length === 1 && wanted.length === 2;
  return { channels, side: !oneSided ? 0 : wanted[0] === null ? 1 : -1 };
};

/**
 * Pan from Premiere's 0 (left) .. 1 (right). Premiere leaves out a value of 1: multichannel sequences write 0 on odd mono tracks
 * and nothing on even ones, which play right. `IsInverted` only turns the knob's display.
 */
export const panOf = (value: string | null | undefined): number => {
  const position = value === null || value === undefined || value === "" ? 1 : Number(value);
  return position >= 0 && position <= 1 ? 2 * position - 1 : 0;
};
