import type { ForwardReader } from "./forward-reader.ts";

/** Header of one MPEG audio frame. ISO 11172-3 2.4.1.3, ISO 13818-3. */
export type MpegHeader = {
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly frameBytes: number;
  readonly samplesPerFrame: number;
  /** Bytes from the frame's start to the place of a Xing or Info tag. */
  readonly tagOffset: number;
};

const BIT_RATES_1: Readonly<Record<1 | 2 | 3, readonly number[]>> = {
  1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
};
const BIT_RATES_2_LAYER_1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const BIT_RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Parses the four bytes at `at`; null where no header stands, or one without a length (free format). */
export const parseMpegHeader = (bytes: Uint8Array, at: number): MpegHeader | null => {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
  const version = (second >> 3) & 3;
  const layerBits = (second >> 1) & 3;
  const rate = SAMPLE_RATES[(third >> 2) & 3];
  if (first !== 0xff || second < 0xe0 || version === 1 || layerBits === 0 || rate === undefined) return null;
  const isVersion1 = version === 3;
  const layer = (4 - layerBits) as 1 | 2 | 3;
  const bitRates = isVersion1 ? BIT_RATES_1[layer] : layer === 1 ? BIT_RATES_2_LAYER_1 : BIT_RATES_2;
  const kilobits = bitRates[third >> 4] ?? 0;
  if (kilobits === 0) return null;
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samplesPerFrame = layer === 1 ? 384 : layer === 3 && !isVersion1 ? 576 : 1152;
  const channels = fourth >> 6 === 3 ? 1 : 2;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samplesPerFrame / 8 / slotBytes) * ((kilobits * 1000) / sampleRate)) + ((third >> 1) & 1);
  const sideBytes = isVersion1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  return { layer, sampleRate, channels, samplesPerFrame, frameBytes: slots * slotBytes, tagOffset: 4 + sideBytes };
};

const sameStream = (a: MpegHeader, b: MpegHeader): boolean => a.layer === b.layer && a.sampleRate === b.sampleRate;

/** Bytes that are searched for the next header after rubbish (album art of a broken tag can be long). */
const SEARCH_BYTES = 1 << 20;
const TAIL_BYTES = 4;

/** Moves `reader` to the first header that another of the same kind follows; null when there is none near. */
export const findMpegStart = async (reader: ForwardReader, like: MpegHeader | null): Promise<MpegHeader | null> => {
  const bytes = await reader.need(SEARCH_BYTES + 8192);
  const limit = Math.min(bytes.length - TAIL_BYTES, SEARCH_BYTES);
  for (let at = 0; at <= limit; ++at) {
    const header = bytes[at] === 0xff ? parseMpegHeader(bytes, at) : null;
    if (header === null || (like !== null && !sameStream(header, like))) continue;
    const end = at + header.frameBytes;
    const next = parseMpegHeader(bytes, end);
    // The only frame of a file has nothing behind it, or a tag.
    const isLast = end === bytes.length || (like !== null && end + 128 >= bytes.length);
    if (isLast || (next !== null && sameStream(header, next))) {
      reader.skip(at);
      return header;
    }
  }
  return null;
};

/** Cuts an MPEG audio stream into frames from a found start on, jumping over rubbish and tags. */
export async function* mpegFrames(reader: ForwardReader, first: MpegHeader): AsyncGenerator<Uint8Array> {
  for (;;) {
    let header = parseMpegHeader(await reader.need(TAIL_BYTES), 0);
    if (header === null || !sameStream(header, first)) header = await findMpegStart(reader, first);
    if (header === null) return;
    const bytes = await reader.need(header.frameBytes);
    if (bytes.length < header.frameBytes) return;
    yield bytes.slice(0, header.frameBytes);
    reader.skip(header.frameBytes);
  }
}
