/** The permutation of RFC 2268, section 2, made of the digits of pi. */
const PI_BYTES = Buffer.from(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32" +
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a" +
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e" +
    "c5f3db47e5a59c770aa62068fe7fc1ad",
  "hex",
);

const SHIFTS = [1, 2, 3, 5] as const;
const BLOCK_BYTES = 8;

/** 64 words from a key whose effective length is its own. */
const expandKey = (key: Uint8Array): Uint16Array => {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  const pi = (index: number): number => PI_BYTES[index & 255]!;
  for (let at = key.length; at < 128; at += 1) bytes[at] = pi(bytes[at - 1]! + bytes[at - key.length]!);
  bytes[128 - key.length] = pi(bytes[128 - key.length]!);
  for (let at = 127 - key.length; at >= 0; at -= 1) bytes[at] = pi(bytes[at + 1]! ^ bytes[at + key.length]!);
  return Uint16Array.from({ length: 64 }, (_, at) => bytes[2 * at]! | (bytes[2 * at + 1]! << 8));
};

/** Takes one mixing round back; `from` is the first of its four key words. */
const unmix = (words: Uint16Array, keys: Uint16Array, from: number): void => {
  for (let at = 3; at >= 0; at -= 1) {
    const [last, middle, first] = [words[(at + 3) % 4]!, words[(at + 2) % 4]!, words[(at + 1) % 4]!];
    const turned = (words[at]! >>> SHIFTS[at]!) | (words[at]! << (16 - SHIFTS[at]!));
    words[at] = turned - keys[from + at]! - (last & middle) - (~last & first);
  }
};

const unmash = (words: Uint16Array, keys: Uint16Array): void => {
  for (let at = 3; at >= 0; at -= 1) words[at] = words[at]! - keys[words[(at + 3) % 4]! & 63]!;
};

/** Rounds of mixing are 16; after the 5th and the 11th comes one of mashing. */
const decryptBlock = (block: Buffer, keys: Uint16Array): Buffer => {
  const words = Uint16Array.from({ length: 4 }, (_, at) => block.readUInt16LE(2 * at));
  for (let round = 15; round >= 0; round -= 1) {
    unmix(words, keys, 4 * round);
    if (round === 11 || round === 5) unmash(words, keys);
  }
  const out = Buffer.alloc(BLOCK_BYTES);
  words.forEach((word, at) => void out.writeUInt16LE(word, 2 * at));
  return out;
};

/**
 * RC2 in CBC mode (RFC 2268) without the padding, which Node's OpenSSL no longer has and the certificates of Adobe's tool still
 * need; null when the padding is not one, as after a wrong password.
 */
export const decryptRc2Cbc = (key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer | null => {
  if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0) return null;
  const keys = expandKey(key);
  const out = Buffer.alloc(bytes.length);
  let before = iv;
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const clear = decryptBlock(Buffer.from(block), keys);
    for (let index = 0; index < BLOCK_BYTES; index += 1) out[at + index] = clear[index]! ^ before[index]!;
    before = block;
  }
  const padding = out.at(-1)!;
  const isPadding = padding >= 1 && padding <= BLOCK_BYTES && out.subarray(-padding).every((byte) => byte === padding);
  return isPadding ? out.subarray(0, -padding) : null;
};
