/** The identification header of Opus. RFC 7845 5.1. */
export type OpusHead = {
  readonly channels: number;
  readonly preSkipFrames: number;
  /** Linear gain that the decoder must apply. */
  readonly gain: number;
  readonly streams: number;
  readonly coupledStreams: number;
  readonly mapping: readonly number[];
};

/** 10^(2^n / 5120): one factor for each bit of a gain in 1/256 dB. */
const GAIN_FACTORS = [
  1.0004498247918177, 1.0008998519259789, 1.0018005135854464, 1.0036042690200642, 1.0072215287952975,
  1.0144952080687362, 1.0292005271944282, 1.0592537251772889, 1.1220184543019633, 1.2589254117941673,
  1.5848931924611136, 2.51188643150958, 6.309573444801933, 39.810717055349734, 1584.893192461114,
];

/** Gain of a Q7.8 decibel value, by multiplication only: the same on every machine. */
const linearGain = (q78Db: number): number => {
  let gain = 1;
  GAIN_FACTORS.forEach((factor, bit) => {
    if (((Math.abs(q78Db) >> bit) & 1) === 1) gain *= factor;
  });
  return q78Db < 0 ? 1 / gain : gain;
};

/** Parses an "OpusHead" packet; null where it is broken or of a channel mapping that has no meaning (family 2 and up). */
export const parseOpusHead = (packet: Uint8Array): OpusHead | null => {
  if (packet.length < 19 || String.fromCharCode(...packet.subarray(0, 8)) !== "OpusHead") return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channels = packet[9]!;
  const family = packet[18]!;
  if (channels === 0 || packet[8]! >= 16) return null;
  const base = { channels, preSkipFrames: view.getUint16(10, true), gain: linearGain(view.getInt16(16, true)) };
  if (family === 0) {
    return channels > 2
      ? null
      : { ...base, streams: 1, coupledStreams: channels - 1, mapping: [0, 1].slice(0, channels) };
  }
  if (family !== 1 || channels > 8 || packet.length < 21 + channels) return null;
  const streams = packet[19]!;
  const coupledStreams = packet[20]!;
  const mapping = Array.from(packet.subarray(21, 21 + channels));
  const known = mapping.every((index) => index === 255 || index < streams + coupledStreams);
  return streams > 0 && coupledStreams <= streams && known ? { ...base, streams, coupledStreams, mapping } : null;
};
