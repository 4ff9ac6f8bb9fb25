/** Writes FLAC bit by bit, so that a test chooses what is in it. RFC 9639. */
export class FlacWriter {
  private bits: number[] = [];

  put(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; --bit) this.bits.push(Math.floor(value / 2 ** bit) & 1);
    return this;
  }

  /** Two's complement. */
  signed(value: number, count: number): this {
    return this.put(value < 0 ? value + 2 ** count : value, count);
  }

  rice(values: readonly number[], parameter: number): this {
    for (const value of values) {
      const folded = value >= 0 ? 2 * value : -2 * value - 1;
      for (let zeros = Math.floor(folded / 2 ** parameter); zeros > 0; --zeros) this.put(0, 1);
      this.put(1, 1).put(folded % 2 ** parameter, parameter);
    }
    return this;
  }

  bytes(): Uint8Array {
    while (this.bits.length % 8 !== 0) this.bits.push(0);
    return Uint8Array.from({ length: this.bits.length / 8 }, (_, index) =>
      this.bits.slice(8 * index, 8 * index + 8).reduce((byte, bit) => 2 * byte + bit, 0),
    );
  }
}

const crc = (bytes: Uint8Array, width: 8 | 16, polynomial: number): number => {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; ++bit) {
      value = (value & (1 << (width - 1))) !== 0 ? (value << 1) ^ polynomial : value << 1;
      value &= 2 ** width - 1;
    }
  }
  return value;
};

export type FlacFacts = { readonly bits: number; readonly channels: number; readonly blockFrames: number };

const SAMPLE_SIZE: Readonly<Record<number, number>> = { 8: 1, 12: 2, 16: 4, 20: 5, 24: 6, 32: 7 };

/** "fLaC" and STREAMINFO at 48 kHz. */
export const flacHeader = ({ bits, channels, blockFrames }: FlacFacts, frames: number): Uint8Array =>
  Uint8Array.from([
    ...[0x66, 0x4c, 0x61, 0x43],
    ...new FlacWriter()
      .put(1, 1)
      .put(0, 7)
      .put(34, 24)
      .put(blockFrames, 16)
      .put(blockFrames, 16)
      .put(0, 48)
      .put(48_000, 20)
      .put(channels - 1, 3)
      .put(bits - 1, 5)
      .put(frames, 36)
      .put(0, 128)
      .bytes(),
  ]);

/** One frame; `subframes` writes what stands between the header and the checksum. */
export const flacFrame = (
  { bits, blockFrames }: FlacFacts,
  number: number,
  assignment: number,
  subframes: (writer: FlacWriter) => void,
): Uint8Array => {
  const header = new FlacWriter()
    .put(0b11111111_11111000, 16)
    .put(7, 4)
    .put(0, 4)
    .put(assignment, 4)
    .put(SAMPLE_SIZE[bits]!, 3)
    .put(0, 1)
    .put(number, 8)
    .put(blockFrames - 1, 16)
    .bytes();
  const body = new FlacWriter();
  for (const byte of [...header, crc(header, 8, 0x07)]) body.put(byte, 8);
  subframes(body);
  const bytes = body.bytes();
  const checksum = crc(bytes, 16, 0x8005);
  return Uint8Array.from([...bytes, checksum >> 8, checksum & 255]);
};
