import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { bitString, contextTag, element, integer, objectId, sequence, tags, text, time } from "./der.ts";

/** What signs a package: an RSA key and the certificate that names it. */
export type SigningIdentity = { readonly privateKey: KeyObject; readonly certificate: X509Certificate };

const KEY_BITS = 2048;
const DAY_MS = 86_400_000;
/** Without a timestamp a package dies with its certificate, so it gets a long life. */
const LIFE_DAYS = 20 * 365;

const oids = {
  country: "2.5.4.6",
  state: "2.5.4.8",
  organization: "2.5.4.10",
  commonName: "2.5.4.3",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  codeSigning: "1.3.6.1.5.5.7.3.3",
} as const;

const attribute = (oid: string, tag: number, value: string): Uint8Array =>
  element(tags.set, sequence(objectId(oid), text(tag, value)));

/** Names nobody: the certificate travels with every package. */
const subject = sequence(
  attribute(oids.country, tags.printableString, "ZZ"),
  attribute(oids.state, tags.utf8String, "None"),
  attribute(oids.organization, tags.utf8String, "Premix"),
  attribute(oids.commonName, tags.utf8String, "Premix panel (self-signed)"),
);

const yes = element(0x01, Uint8Array.of(0xff));

const extension = (oid: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(objectId(oid), ...(critical ? [yes] : []), element(tags.octetString, value));

/** Certificate authority (of itself); digitalSignature (bit 0) and keyCertSign (bit 5); code signing. */
const extensions = sequence(
  extension(oids.basicConstraints, true, sequence(yes)),
  extension(oids.keyUsage, true, bitString(Uint8Array.of(0b1000_0100), 2)),
  extension(oids.extendedKeyUsage, false, sequence(objectId(oids.codeSigning))),
);

const signatureAlgorithm = sequence(objectId(oids.sha256WithRsa), element(tags.null));

/** A new RSA 2048 key with a self-signed X.509 v3 code-signing certificate (RFC 5280), valid for 20 years from a day before `now`. */
export const createSelfSignedIdentity = (now = new Date()): SigningIdentity => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: KEY_BITS });
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const toBeSigned = sequence(
    element(contextTag(0), integer(Uint8Array.of(2))),
    integer(serial),
    signatureAlgorithm,
    subject,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + LIFE_DAYS * DAY_MS))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    element(contextTag(3), extensions),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const certificate = new X509Certificate(sequence(toBeSigned, signatureAlgorithm, bitString(signature)));
  return { privateKey, certificate };
};
