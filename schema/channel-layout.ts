/** Speaker order of every layout (SMPTE / ITU-R BS.2051 names). Mono is one speaker without a place. */
export const channelLayouts = {
  mono: ["M"],
  stereo: ["L", "R"],
  "5.1": ["L", "R", "C", "LFE", "Ls", "Rs"],
  "7.1": ["L", "R", "C", "LFE", "Ls", "Rs", "Lrs", "Rrs"],
} as const;

export type ChannelLayout = keyof typeof channelLayouts;

/** The smallest layout that has room for so many channels. */
export const layoutOfChannels = (channels: number): ChannelLayout => {
  if (channels <= 2) return channels <= 1 ? "mono" : "stereo";
  return channels <= 6 ? "5.1" : "7.1";
};

export const channelCount = (layout: ChannelLayout): number => channelLayouts[layout].length;
