import type { Measures } from "./measures.ts";

export type WaveBitDepth = 16 | 24 | 32;

/** The figures of EBU Tech 3285 version 2; what is null stands as "not given". */
export type WaveLoudness = Pick<
  Measures,
  "integratedLufs" | "loudnessRangeLu" | "truePeakDbtp" | "maxMomentaryLufs" | "maxShortTermLufs"
>;

export type WaveFacts = {
  readonly sampleRate: number;
  readonly channels: number;
  /** 16 and 24 are integers, 32 is float. */
  readonly bitDepth: WaveBitDepth;
  /** Frames since midnight at which the first frame stands. */
  readonly timeReferenceFrames: bigint;
  readonly description: string;
  readonly originator: string;
  /** Lines as in EBU R98, for example "A=PCM,F=48000,W=24,M=stereo,T=Premix". Defaults to none. */
  readonly codingHistory?: string;
  /** "yyyy-mm-dd". Defaults to none, so that the same sound always gives the same bytes. */
  readonly originationDate?: string;
  /** "hh:mm:ss". Defaults to none. */
  readonly originationTime?: string;
  readonly loudness?: WaveLoudness;
};

/** Above this size of a whole file a WAV becomes an RF64 (EBU Tech 3306). */
export const RF64_ABOVE_BYTES = 0xffff_ffff;

const UNKNOWN_SIZE = 0xffff_ffff;
const NOT_MEASURED = 0x7fff;
const JUNK_BYTES = 28;
const BEXT_BYTES = 602;
const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_EXTENSIBLE = 0xfffe;
// KSDATAFORMAT_SUBTYPE_*: the tag, then these 14 bytes.
const SUBFORMAT_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

// Speakers by channel count; 5.1 and 7.1 in the order of their bits: L R C LFE, the back pair (5.1: the surrounds), the side pair.
const channelMasks: Readonly<Record<number, number>> = { 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3f, 7: 0x13f, 8: 0x63f };

/**
 * Channel of our layouts for each channel of a file. WAVE orders 7.1 by speaker bit, back pair first, while ours has the sides
 * first (ITU-R BS.2051); all other layouts stand as they are.
 */
export const waveChannelOrder = (channels: number): readonly number[] =>
  channels === 8 ? [0, 1, 2, 3, 6, 7, 4, 5] : Array.from({ length: channels }, (_, channel) => channel);

export const bytesPerFrame = ({ channels, bitDepth }: Pick<WaveFacts, "channels" | "bitDepth">): number =>
  (channels * bitDepth) / 8;

/** Little-endian fields one after another. */
class Fields {
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(value: number): void {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  u64(value: bigint): void {
    this.view.setBigUint64(this.at, value, true);
    this.at += 8;
  }

  /** ASCII in a field of `length` bytes, zeros behind. */
  text(value: string, length: number): void {
    const characters = Uint8Array.from(value.slice(0, length), (character) => character.charCodeAt(0));
    this.bytes.set(characters, this.at);
    this.at += length;
  }

  skip(length: number): void {
    this.at += length;
  }
}

/** bext holds ASCII: letters lose their accents, what has no ASCII form becomes "?". */
const ascii = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e\r\n]/gu, "?");

const historyOf = ({ codingHistory = "" }: WaveFacts): string => {
  const lines = ascii(codingHistory)
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => `${line}\r\n`)
    .join("");
  return lines.length % 2 === 0 ? lines : `${lines}\0`;
};

const hundredths = (value: number | null | undefined): number => {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_MEASURED;
  return Math.max(-32768, Math.min(32766, Math.round(value * 100))) & 0xffff;
};

/** A plain `fmt ` for mono and stereo, which every program reads; more channels need the speaker mask of WAVE_FORMAT_EXTENSIBLE. */
const formatBytes = ({ channels, bitDepth }: WaveFacts): number => {
  if (channels > 2) return 40;
  return bitDepth === 32 ? 18 : 16;
};

const writeFormat = (fields: Fields, facts: WaveFacts): void => {
  const { sampleRate, channels, bitDepth } = facts;
  const size = formatBytes(facts);
  const tag = bitDepth === 32 ? TAG_FLOAT : TAG_PCM;
  fields.text("fmt ", 4);
  fields.u32(size);
  fields.u16(size === 40 ? TAG_EXTENSIBLE : tag);
  fields.u16(channels);
  fields.u32(sampleRate);
  fields.u32(sampleRate * bytesPerFrame(facts));
  fields.u16(bytesPerFrame(facts));
  fields.u16(bitDepth);
  if (size === 16) return;
  fields.u16(size - 18);
  if (size === 18) return;
  fields.u16(bitDepth);
  fields.u32(channelMasks[channels] ?? 0);
  fields.u16(tag);
  for (const byte of SUBFORMAT_TAIL) fields.text(String.fromCharCode(byte), 1);
};

const writeBext = (fields: Fields, facts: WaveFacts, history: string): void => {
  const { loudness } = facts;
  fields.text("bext", 4);
  fields.u32(BEXT_BYTES + history.length);
  fields.text(ascii(facts.description), 256);
  fields.text(ascii(facts.originator), 32);
  fields.skip(32); // OriginatorReference
  fields.text(ascii(facts.originationDate ?? ""), 10);
  fields.text(ascii(facts.originationTime ?? ""), 8);
  fields.u64(facts.timeReferenceFrames);
  fields.u16(2);
  fields.skip(64); // UMID
  fields.u16(hundredths(loudness?.integratedLufs));
  fields.u16(hundredths(loudness?.loudnessRangeLu));
  fields.u16(hundredths(loudness?.truePeakDbtp));
  fields.u16(hundredths(loudness?.maxMomentaryLufs));
  fields.u16(hundredths(loudness?.maxShortTermLufs));
  fields.skip(180);
  fields.text(history, history.length);
};

/** Everything in front of the samples. Its length depends on the format and the coding history only, not on sizes or loudness. */
export const waveHeader = (facts: WaveFacts, dataBytes: number, rf64AboveBytes = RF64_ABOVE_BYTES): Uint8Array => {
  const history = historyOf(facts);
  const hasFact = facts.bitDepth === 32;
  const headerBytes =
    12 + 8 + JUNK_BYTES + 8 + BEXT_BYTES + history.length + 8 + formatBytes(facts) + (hasFact ? 12 : 0) + 8;
  const fileBytes = headerBytes + dataBytes + (dataBytes % 2);
  const isRf64 = fileBytes > rf64AboveBytes;
  const frames = dataBytes / bytesPerFrame(facts);
  const bytes = new Uint8Array(headerBytes);
  const fields = new Fields(bytes);
  fields.text(isRf64 ? "RF64" : "RIFF", 4);
  fields.u32(isRf64 ? UNKNOWN_SIZE : fileBytes - 8);
  fields.text("WAVE", 4);
  fields.text(isRf64 ? "ds64" : "JUNK", 4);
  fields.u32(JUNK_BYTES);
  fields.u64(isRf64 ? BigInt(fileBytes - 8) : 0n);
  fields.u64(isRf64 ? BigInt(dataBytes) : 0n);
  fields.u64(isRf64 ? BigInt(frames) : 0n);
  fields.u32(0);
  writeBext(fields, facts, history);
  writeFormat(fields, facts);
  if (hasFact) {
    fields.text("fact", 4);
    fields.u32(4);
    fields.u32(isRf64 ? UNKNOWN_SIZE : frames);
  }
  fields.text("data", 4);
  fields.u32(isRf64 ? UNKNOWN_SIZE : dataBytes);
  return bytes;
};
