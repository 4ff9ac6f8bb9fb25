import { createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { ProblemError } from "../../schema/problem.ts";
import { contentOf, type DerElement, partsOf, readInteger, readObjectId, tags } from "./der.ts";
import { decryptRc2Cbc } from "./rc2.ts";

// What a password protects: PBES2 (RFC 8018) and the older ways of PKCS #12 (RFC 7292, appendix B and C).

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";

const randomFunctions: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

type Cipher = { readonly name: string; readonly keyBytes: number };

const ciphers: Readonly<Record<string, Cipher>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 },
};

/** PKCS #12's own, with keys made by SHA-1: old, but what Adobe's tool and older programs still write. */
const legacyCiphers: Readonly<Record<string, Cipher>> = {
  "1.2.840.113549.1.12.1.3": { name: "des-ede3-cbc", keyBytes: 24 },
  "1.2.840.113549.1.12.1.5": { name: "rc2-cbc", keyBytes: 16 },
  "1.2.840.113549.1.12.1.6": { name: "rc2-cbc", keyBytes: 5 },
};

/** Real files have 2,048 to 600,000; a forged count would keep the machine busy for hours. */
const MAX_ROUNDS = 10_000_000;

const refuse = (message: string): never => {
  throw new ProblemError({ code: "unsupported", message });
};

const unknownCipher = (oid: string): never =>
  refuse(
    `Its password protection (${oid}) is not known here. Pack it anew: openssl pkcs12 -legacy -in old.p12 -out all.pem, ` +
      "then openssl pkcs12 -export -in all.pem -out new.p12.",
  );

const roundsOf = (part: DerElement | undefined): number => {
  const rounds = readInteger(part);
  return rounds >= 1 && rounds <= MAX_ROUNDS
    ? rounds
    : refuse(`It asks for ${rounds} rounds of its password function.`);
};

const wrongPassword = (): never => {
  throw new ProblemError({ code: "usage", message: "The password of the certificate file is not the right one." });
};

const decipher = ({ name }: Cipher, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer => {
  if (name === "rc2-cbc") return decryptRc2Cbc(key, iv, bytes) ?? wrongPassword();
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  } catch {
    return wrongPassword();
  }
};

const decryptPbes2 = (parameters: DerElement | undefined, bytes: Uint8Array, password: string): Buffer => {
  const [derivation, encryption] = partsOf(parameters).map((part) => partsOf(part));
  const [cipherId, iv] = encryption ?? [];
  const cipher = ciphers[readObjectId(cipherId)] ?? unknownCipher(readObjectId(cipherId));
  const [functionId, settings] = derivation ?? [];
  if (readObjectId(functionId) !== PBKDF2) unknownCipher(readObjectId(functionId));
  const [salt, rounds, ...rest] = partsOf(settings);
  const random = rest.find(({ tag }) => tag === tags.sequence);
  const randomId = random ? readObjectId(partsOf(random)[0]) : "1.2.840.113549.2.7";
  const hash = randomFunctions[randomId] ?? unknownCipher(randomId);
  const key = pbkdf2Sync(password, contentOf(salt, tags.octetString), roundsOf(rounds), cipher.keyBytes, hash);
  return decipher(cipher, key, contentOf(iv, tags.octetString), bytes);
};

/** Repeats bytes to the next whole number of 64-byte blocks. */
const filled = (bytes: Uint8Array): Buffer => {
  const length = Math.ceil(bytes.length / 64) * 64;
  return Buffer.from(Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length]!));
};

/** Adds a block and one to another block, both as big-endian numbers, modulo 2^512. */
const addToBlock = (block: Uint8Array, other: Uint8Array): void => {
  let carry = 1;
  for (let index = block.length - 1; index >= 0; index -= 1) {
    const sum = block[index]! + other[index]! + carry;
    block[index] = sum & 0xff;
    carry = sum >> 8;
  }
};

/** The key derivation of PKCS #12 with SHA-1 (RFC 7292, B.2); `purpose` 1 = key, 2 = initial vector. */
const derive = (password: string, salt: Uint8Array, rounds: number, purpose: 1 | 2, length: number): Buffer => {
  const word = Buffer.from(`${password}\0`, "utf16le").swap16();
  const work = Buffer.concat([filled(salt), filled(word)]);
  const out: Buffer[] = [];
  for (let made = 0; made < length; made += 20) {
    let hash = createHash("sha1").update(Buffer.alloc(64, purpose)).update(work).digest();
    for (let round = 1; round < rounds; round += 1) hash = createHash("sha1").update(hash).digest();
    out.push(hash);
    const block = filled(hash).subarray(0, 64);
    for (let at = 0; at < work.length; at += 64) addToBlock(work.subarray(at, at + 64), block);
  }
  return Buffer.concat(out).subarray(0, length);
};

const decryptLegacy = (
  cipher: Cipher,
  parameters: DerElement | undefined,
  bytes: Uint8Array,
  password: string,
): Buffer => {
  const [saltPart, roundsPart] = partsOf(parameters);
  const salt = contentOf(saltPart, tags.octetString);
  const rounds = roundsOf(roundsPart);
  const key = derive(password, salt, rounds, 1, cipher.keyBytes);
  return decipher(cipher, key, derive(password, salt, rounds, 2, 8), bytes);
};

/** Decrypts by a password in the way that an AlgorithmIdentifier names. */
export const decryptByPassword = (algorithm: DerElement | undefined, bytes: Uint8Array, password: string): Buffer => {
  const [id, parameters] = partsOf(algorithm);
  const oid = readObjectId(id);
  if (oid === PBES2) return decryptPbes2(parameters, bytes, password);
  return decryptLegacy(legacyCiphers[oid] ?? unknownCipher(oid), parameters, bytes, password);
};
