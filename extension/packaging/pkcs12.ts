import { createPrivateKey, X509Certificate } from "node:crypto";
import { ProblemError } from "../../schema/problem.ts";
import type { SigningIdentity } from "./certificate.ts";
import { contentOf, contextTag, type DerElement, partsOf, readElements, readObjectId, tags } from "./der.ts";
import { decryptByPassword } from "./password-cipher.ts";

// PKCS #12 (RFC 7292), the container of a key and its certificate.

const oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
} as const;

const refuse = (message: string): never => {
  throw new ProblemError({ code: "unsupported", message });
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
  return partsOf(readElements(decryptByPassword(algorithm, contentOf(bytes, 0x80), password))[0]);
};

type Bag = { readonly key?: Uint8Array; readonly certificate?: Uint8Array };

const bagOf = (bag: DerElement, password: string): Bag => {
  const [kind, value] = partsOf(bag);
  const oid = readObjectId(kind);
  if (oid === oids.certificateBag)
    return { certificate: contentOf(unwrap(partsOf(unwrap(value))[1]), tags.octetString) };
  if (oid === oids.shroudedKeyBag) {
    const [algorithm, bytes] = partsOf(unwrap(value));
    return { key: decryptByPassword(algorithm, contentOf(bytes, tags.octetString), password) };
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
