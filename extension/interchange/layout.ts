import { type ChannelLayout, channelCount, channelLayouts } from "../../schema/channel-layout.ts";

/** Layout with that many channels, or null: the engine mixes mono, stereo, 5.1 and 7.1. */
export const layoutOf = (channels: number | null): ChannelLayout | null =>
  (Object.keys(channelLayouts) as ChannelLayout[]).find((layout) => channelCount(layout) === channels) ?? null;

/** What each channel of a track plays, and the side when the source reaches only one of two. */
export type ChannelMap = { readonly channels: readonly number[]; readonly side: -1 | 0 | 1 };

/** Where the channels of a clip with fewer of them stand in a surround track: mono in the centre, others from the left on. */
const firstSpeaker = (channels: number): number => (channels === 1 ? 2 : 0);

/** Source channel of every speaker of a track (null = silent), the other way round of `channelMapOf`. */
export const speakersOf = (channels: readonly number[], layout: ChannelLayout): (number | null)[] => {
  const count = channelCount(layout);
  if (count <= 2) return Array.from({ length: count }, (_, speaker) => channels[speaker] ?? channels.at(-1) ?? null);
  const first = firstSpeaker(channels.length);
  return Array.from({ length: count }, (_, speaker) => channels[speaker - first] ?? null);
};

/** The channels of a clip that fills only some speakers of a surround track, or null when they are no smaller layout. */
const smallerLayout = (wanted: readonly (number | null)[]): readonly number[] | null => {
  const known = wanted.filter((channel): channel is number => channel !== null);
  const first = firstSpeaker(known.length);
  const isTogether = wanted.every((channel, speaker) => {
    return (channel !== null) === (speaker >= first && speaker < first + known.length);
  });
  return known.length > 0 && known.length < wanted.length && isTogether ? known : null;
};

/**
 * Fits the source channels of a clip (null = nothing connected) to its track. One channel feeds the whole track; a source on
 * one side of a stereo track becomes both channels with the balance at that side, which sounds the same; a mono or stereo
 * source in its place in a surround track keeps its few channels.
 */
export const channelMapOf = (wanted: readonly (number | null)[], layout: ChannelLayout): ChannelMap => {
  const count = channelCount(layout);
  const known = wanted.filter((channel): channel is number => channel !== null);
  const first = known[0] ?? 0;
  if (wanted.length < count) return { channels: Array.from({ length: count }, () => first), side: 0 };
  const smaller = count > 2 ? smallerLayout(wanted.slice(0, count)) : null;
  if (smaller !== null) return { channels: smaller, side: 0 };
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
