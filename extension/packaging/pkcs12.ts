import { createDecipheriv, createHash, createPrivateKey, pbkdf2Sync, X509Certificate } from "node:crypto";
import { ProblemError } from "../../schema/problem.ts";
import type { SigningIdentity } from "./certificate.ts";
import {
  contentOf,
  contextTag,
  type DerElement,
  partsOf,
  readElements,
  readInteger,
  readObjectId,
  tags,
} from "./der.ts";

// PKCS #12 (RFC 7292) with passwords by PBES2 (RFC 8018) or by its own three-key triple DES.

const oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  tripleDesBySha1: "1.2.840.113549.1.12.1.3",
} as const;

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

/** Real files have 2,048 to 600,000; a forged count would keep the machine busy for hours. */
const MAX_ROUNDS = 10_000_000;

const refuse = (message: string): never => {
  throw new ProblemError({ code: "unsupported", message });
};

const unknownCipher = (oid: string): never =>
  refuse(
    `Its password protection (${oid}) is too old to be read here. Pack it anew: openssl pkcs12 -legacy -in old.p12 -out all.pem, ` +
      "then openssl pkcs12 -export -in all.pem -out new.p12.",
  );

const roundsOf = (part: DerElement | undefined): number => {
  const rounds = readInteger(part);
  return rounds >= 1 && rounds <= MAX_ROUNDS
    ? rounds
    : refuse(`It asks for ${rounds} rounds of its password function.`);
};

const decipher = ({ name }: Cipher, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer => {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  } catch {
    throw new ProblemError({ code: "usage", message: "The password of the certificate file is not the right one." });
  }
};

const decryptPbes2 = (parameters: DerElement | undefined, bytes: Uint8Array, password: string): Buffer => {
  const [derivation, encryption] = partsOf(parameters).map((part) => partsOf(part));
  const [cipherId, iv] = encryption ?? [];
  const cipher = ciphers[readObjectId(cipherId)] ?? unknownCipher(readObjectId(cipherId));
  const [functionId, settings] = derivation ?? [];
  if (readObjectId(functionId) !== oids.pbkdf2) unknownCipher(readObjectId(functionId));
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

const decryptTripleDes = (parameters: DerElement | undefined, bytes: Uint8Array, password: string): Buffer => {
  const [saltPart, roundsPart] = partsOf(parameters);
  const salt = contentOf(saltPart, tags.octetString);
  const rounds = roundsOf(roundsPart);
  const cipher = ciphers["1.2.840.113549.3.7"]!;
  const key = derive(password, salt, rounds, 1, cipher.keyBytes);
  return decipher(cipher, key, derive(password, salt, rounds, 2, 8), bytes);
};

const decrypt = (algorithm: DerElement | undefined, bytes: Uint8Array, password: string): Buffer => {
  const [id, parameters] = partsOf(algorithm);
  const oid = readObjectId(id);
  if (oid === oids.pbes2) return decryptPbes2(parameters, bytes, password);
  return oid === oids.tripleDesBySha1 ? decryptTripleDes(parameters, bytes, password) : unknownCipher(oid);
};

/** The one element in a `[0]` around it. */
const unwrap = (part: DerElement | undefined): DerElement | undefined => partsOf(part, contextTag(0))[0];

/** The safe contents of one part of the file, decrypted where it is encrypted. */
const safeOf = (info: DerElement, password: string): DerElement[] => {
  const [kind, content] = partsOf(info);
  const oid = readObjectId(kind);
  if (oid === oids.data) return partsOf(readElements(contentOf(unwrap(content), tags.octetString))[0]);
  if (oid !== oids.encryptedData) return refuse(`It has a part of a kind that is not known here (${oid}).`);
  const [, algorithm, bytes] = partsOf(partsOf(unwrap(content))[1]);
  return partsOf(readElements(decrypt(algorithm, contentOf(bytes, 0x80), password))[0]);
};

type Bag = { readonly key?: Uint8Array; readonly certificate?: Uint8Array };

const bagOf = (bag: DerElement, password: string): Bag => {
  const [kind, value] = partsOf(bag);
  const oid = readObjectId(kind);
  if (oid === oids.certificateBag)
    return { certificate: contentOf(unwrap(partsOf(unwrap(value))[1]), tags.octetString) };
  if (oid === oids.shroudedKeyBag) {
    const [algorithm, bytes] = partsOf(unwrap(value));
    return { key: decrypt(algorithm, contentOf(bytes, tags.octetString), password) };
  }
  return oid === oids.keyBag ? { key: contentOf(value, contextTag(0)) } : {};
};

/** The private key of a PKCS #12 file (.p12, .pfx) and the certificate that belongs to it. */
export const readPkcs12 = (file: Uint8Array, password: string): SigningIdentity => {
  const [, authenticated] = partsOf(readElements(file)[0]);
  const safes = partsOf(readElements(contentOf(unwrap(partsOf(authenticated)[1]), tags.octetString))[0]);
  const bags = safes.flatMap((info) => safeOf(info, password)).map((bag) => bagOf(bag, password));
  const key = bags.find((bag) => bag.key)?.key;
  if (!key) return refuse("It holds no private key.");
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" });
  const certificate = bags
    .flatMap((bag) => (bag.certificate ? [new X509Certificate(bag.certificate)] : []))
    .find((one) => one.checkPrivateKey(privateKey));
  return certificate ? { privateKey, certificate } : refuse("It holds no certificate for its private key.");
};
