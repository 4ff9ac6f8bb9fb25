import { Sha256 } from "./sha256.ts";

/** RFC 4648 in lower case. */
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const ID_CHARACTERS = 16;

const base32 = (bytes: Uint8Array, characters: number): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: characters }, (_, index) => alphabet[Number.parseInt(bits.substr(index * 5, 5), 2)]).join(
    "",
  );
};

/**
 * A stable id: the prefix, `_` and 80 bits of a SHA-256 over the parts, in base32. Equal parts always give equal ids, so two first
 * exports of one sequence agree; ["a", "bc"] and ["ab", "c"] differ.
 */
export const stableId = (prefix: string, ...parts: readonly (string | number)[]): string => {
  const text = JSON.stringify(parts.map(String));
  return `${prefix}_${base32(new Sha256().update(new TextEncoder().encode(text)).digestBytes(), ID_CHARACTERS)}`;
};
