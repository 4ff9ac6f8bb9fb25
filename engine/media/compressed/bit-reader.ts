const PADDING_BYTES = 16;

/** Bits of one frame, most significant first. Reading past the end gives zeros; `isPastEnd` tells afterwards. */
export class BitReader {
  private readonly bytes: Uint8Array;
  private readonly endBits: number;
  private at = 0;

  constructor(frame: Uint8Array) {
    this.bytes = new Uint8Array(frame.length + PADDING_BYTES);
    this.bytes.set(frame);
    this.endBits = frame.length * 8;
  }

  get isPastEnd(): boolean {
    return this.at > this.endBits;
  }

  skip(bits: number): void {
    this.at += bits;
  }

  /** Unsigned number of 0 to 32 bits. */
  unsigned(bits: number): number {
    if (bits === 0) return 0;
    const value = this.peek() >>> (32 - bits);
    this.at += bits;
    return value;
  }

  /** Two's complement number of 1 to 33 bits. */
  signed(bits: number): number {
    if (bits > 32) return this.signed(bits - 16) * 65_536 + this.unsigned(16);
    const value = this.peek() >> (32 - bits);
    this.at += bits;
    return value;
  }

  /** Zeros before the next one; the one is taken too. */
  unary(): number {
    let zeros = 0;
    for (let word = this.peek(); word === 0; word = this.peek()) {
      if (this.at > this.endBits) return zeros;
      this.at += 32;
      zeros += 32;
    }
    const more = Math.clz32(this.peek());
    this.at += more + 1;
    return zeros + more;
  }

  /** Rice numbers with `parameter` low bits, folded signs unfolded, into `into` from `from` to `to`. */
  rice(parameter: number, into: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; ++index) {
      const word = this.peek();
      const zeros = Math.clz32(word);
      const length = zeros + 1 + parameter;
      // Nearly always the number lies in one word, and then below 2^31.
      if (length <= 32 && parameter > 0) {
        const folded = (zeros << parameter) | ((word << (zeros + 1)) >>> (32 - parameter));
        into[index] = (folded >>> 1) ^ -(folded & 1);
        this.at += length;
      } else {
        const folded = this.unary() * 2 ** parameter + this.unsigned(parameter);
        into[index] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
  }

  private peek(): number {
    const { bytes, at } = this;
    const byte = Math.min(at >>> 3, bytes.length - 5);
    const shift = at & 7;
    const word = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
    return shift === 0 ? word : (word << shift) | (bytes[byte + 4]! >> (8 - shift));
  }
}
