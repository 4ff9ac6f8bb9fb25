import { createHash, sign } from "node:crypto";
import { escapeAttribute } from "./canonical-xml.ts";
import type { SigningIdentity } from "./certificate.ts";

// The names by which XML signatures call what they are made of (W3C xmldsig-core, xmlenc-core).
export const xmlDsig = "http://www.w3.org/2000/09/xmldsig#";
export const canonicalisation = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
export const sha256Method = "http://www.w3.org/2001/04/xmlenc#sha256";
/** What Adobe's own tool writes, so what Premiere is known to accept; SHA-1 covers only the short SignedInfo, files have SHA-256. */
export const rsaSha1Method = `${xmlDsig}rsa-sha1`;

export const MIMETYPE_FILE = "mimetype";
export const MIMETYPE = "application/vnd.adobe.air-ucf-package+zip";
export const SIGNATURES_FILE = "META-INF/signatures.xml";

/** A file of a package; the path has forward slashes. */
export type PackageFile = { readonly path: string; readonly bytes: Uint8Array };

export const sha256Base64 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("base64");

/** How a path stands in the manifest of digests. */
export const uriOf = (path: string): string => encodeURI(path);

const digest = (value: string, between = ""): string =>
  `<DigestMethod Algorithm="${sha256Method}"></DigestMethod>${between}<DigestValue>${value}</DigestValue>`;

const reference = ({ path, bytes }: PackageFile): string =>
  `<Reference URI="${escapeAttribute(uriOf(path))}">${digest(sha256Base64(bytes))}</Reference>`;

const signedInfoInside = (manifestDigest: string): string =>
  [
    `\n<CanonicalizationMethod Algorithm="${canonicalisation}"></CanonicalizationMethod>`,
    `\n<SignatureMethod Algorithm="${rsaSha1Method}"></SignatureMethod>`,
    `\n<Reference Type="${xmlDsig}Manifest" URI="#PackageContents">`,
    `\n<Transforms>\n<Transform Algorithm="${canonicalisation}"></Transform>\n</Transforms>`,
    `\n${digest(manifestDigest, "\n")}\n</Reference>\n`,
  ].join("");

const wrapped = (base64: string): string => base64.replace(/.{64}(?=.)/g, "$&\n");

/** Empty elements short, as Adobe's tool writes them; the canonical form, which is signed, has them long. */
const shortened = (xml: string): string => xml.replace(/<(\w+)([^<>]*)><\/\1>/g, "<$1$2/>");

/**
 * The text of `META-INF/signatures.xml` over `files`, in their order: an XML signature (RSA-SHA1, as Adobe's tool makes it) over
 * a manifest of SHA-256 digests, laid out as that tool does.
 * The same files and identity give the same text.
 */
export const signaturesXml = (files: readonly PackageFile[], { privateKey, certificate }: SigningIdentity): string => {
  const manifest = `\n${files.map(reference).join("")}`;
  const canonicalManifest = `<Manifest xmlns="${xmlDsig}" Id="PackageContents">${manifest}</Manifest>`;
  const signedInfo = signedInfoInside(sha256Base64(canonicalManifest));
  const canonicalSignedInfo = `<SignedInfo xmlns="${xmlDsig}">${signedInfo}</SignedInfo>`;
  const signature = sign("sha1", Buffer.from(canonicalSignedInfo), privateKey).toString("base64");
  return [
    `<signatures>\n<Signature xmlns="${xmlDsig}" Id="PackageSignature">`,
    `\n<SignedInfo>${shortened(signedInfo)}</SignedInfo>`,
    `\n<SignatureValue Id="PackageSignatureValue">${wrapped(signature)}</SignatureValue>\n`,
    `\n<KeyInfo>\n<X509Data>\n<X509Certificate>${wrapped(certificate.raw.toString("base64"))}\n</X509Certificate>`,
    "\n</X509Data>\n</KeyInfo>",
    `\n<Object>\n<Manifest Id="PackageContents">${shortened(manifest)}</Manifest>\n</Object>`,
    "\n</Signature>\n</signatures>\n",
  ].join("");
};

/** Adds what makes files a signed package: the mimetype in front, the signatures behind. */
export const signFiles = (files: readonly PackageFile[], identity: SigningIdentity): PackageFile[] => {
  const all = [{ path: MIMETYPE_FILE, bytes: Buffer.from(MIMETYPE) }, ...files];
  return [...all, { path: SIGNATURES_FILE, bytes: Buffer.from(signaturesXml(all, identity)) }];
};
