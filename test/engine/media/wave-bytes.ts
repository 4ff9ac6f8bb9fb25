/** Hand-made audio files of a few bytes: headers built field by field, so that each can lie in one place. */

type Part = string | Uint8Array | readonly number[];

/** Joins texts (one byte a character), bytes and lists of bytes. */
export const bytes = (...parts: Part[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? Array.from(part, (character) => character.charCodeAt(0)) : Array.from(part),
    ),
  );

export const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
export const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65_536) & 0xffff)];
export const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
export const be16 = (value: number): number[] => u16(value).reverse();
export const be32 = (value: number): number[] => u32(value).reverse();
export const be64 = (value: number): number[] => u64(value).reverse();

/** A RIFF chunk; `size` lies about the body, `pad` = false forgets the pad byte. */
export const chunk = (id: string, body: Part, size = bytes(body).length, pad = true): Uint8Array =>
  bytes(id, u32(size), body, pad && bytes(body).length % 2 === 1 ? [0] : []);

/** The same with a big-endian size (RIFX, AIFF). */
export const bigChunk = (id: string, body: Part, size = bytes(body).length): Uint8Array =>
  bytes(id, be32(size), body, bytes(body).length % 2 === 1 ? [0] : []);

type Format = { tag?: number; channels?: number; rate?: number; blockAlign?: number; bits?: number };

/** The 16 bytes of PCMWAVEFORMAT; 16 bit mono at 8 kHz unless said. */
export const format = ({ tag = 1, channels = 1, rate = 8000, bits = 16, blockAlign }: Format = {}): Uint8Array => {
  const block = blockAlign ?? channels * Math.ceil(bits / 8);
  return bytes(u16(tag), u16(channels), u32(rate), u32(rate * block), u16(block), u16(bits));
};

const SUBTYPE_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** The 40 bytes of WAVEFORMATEXTENSIBLE. */
export const extensible = (of: Format, validBits: number, mask: number): Uint8Array =>
  bytes(format({ ...of, tag: 0xfffe }), u16(22), u16(validBits), u32(mask), u16(of.tag ?? 1), SUBTYPE_TAIL);

export const riff = (...chunks: Uint8Array[]): Uint8Array => {
  const body = bytes("WAVE", ...chunks);
  return bytes("RIFF", u32(body.length), body);
};

/** `count` bytes that are no silence: 1, 2, 3 ... */
export const sound = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => index + 1);

/** IEEE 80-bit extended numbers of AIFF. */
export const extended = (rate: number): number[] => {
  const exponent = Math.floor(Math.log2(rate));
  return [...be16(16_383 + exponent), ...be32(Math.floor(rate * 2 ** (31 - exponent))), ...be32(0)];
};

type Common = { channels?: number; frames?: number; bits?: number; rate?: readonly number[]; compression?: string };

export const comm = ({ channels = 1, frames = 4, bits = 16, rate = extended(8000), compression }: Common = {}) =>
  bigChunk("COMM", bytes(be16(channels), be32(frames), be16(bits), rate, compression ?? "", compression ? [0, 0] : []));

export const ssnd = (body: Uint8Array, offset = 0, blockBytes = 0, size = body.length + 8): Uint8Array =>
  bigChunk("SSND", bytes(be32(offset), be32(blockBytes), body), size);

export const aiff = (form: "AIFF" | "AIFC", ...chunks: Uint8Array[]): Uint8Array => {
  const body = bytes(form, ...chunks);
  return bytes("FORM", be32(body.length), body);
};

/** An RF64 or BW64 header; the ds64 chunk stands where the caller puts it. */
export const rf64 = (id: "RF64" | "BW64", ...chunks: Uint8Array[]): Uint8Array =>
  bytes(id, u32(0xffff_ffff), "WAVE", ...chunks);

export const ds64 = (dataBytes: number): Uint8Array => chunk("ds64", bytes(u64(0), u64(dataBytes), u64(0), u32(0)));

const W64_TAIL = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
const W64_RIFF = [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0];

export const w64Chunk = (id: string, body: Uint8Array, size = body.length + 24): Uint8Array =>
  bytes(id, W64_TAIL, u64(size), body, new Uint8Array((8 - (body.length % 8)) % 8));

export const w64 = (...chunks: Uint8Array[]): Uint8Array => {
  const body = bytes("wave", W64_TAIL, ...chunks);
  return bytes("riff", W64_RIFF, u64(body.length + 24), body);
};

type Description = {
  rate?: number;
  id?: string;
  flags?: number;
  packetBytes?: number;
  channels?: number;
  bits?: number;
};

const float64 = (value: number): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return new Uint8Array(view.buffer);
};

export const caf = (description: Description, data: Uint8Array, size: number[] = be64(data.length + 4)): Uint8Array => {
  const { rate = 8000, id = "lpcm", flags = 0, channels = 1, bits = 16 } = description;
  const packetBytes = description.packetBytes ?? channels * Math.ceil(bits / 8);
  return bytes(
    ...["caff", be16(1), be16(0), "desc", be64(32), float64(rate), id, be32(flags), be32(packetBytes), be32(1)],
    ...[be32(channels), be32(bits), "data", size, be32(0), data],
  );
};

export const au = (encoding: number, channels: number, data: Uint8Array, size = data.length): Uint8Array =>
  bytes(".snd", be32(24), be32(size), be32(encoding), be32(8000), be32(channels), data);
