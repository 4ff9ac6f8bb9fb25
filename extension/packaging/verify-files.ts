import { createVerify, X509Certificate } from "node:crypto";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { canonicalXml, elementsOf, readXmlNodes, textOf, type XmlNode } from "./canonical-xml.ts";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.ts";
import {
  canonicalisation,
  MIMETYPE,
  MIMETYPE_FILE,
  type PackageFile,
  rsaSha1Method,
  SIGNATURES_FILE,
  sha256Base64,
  sha256Method,
  uriOf,
} from "./package-signature.ts";

/** What a check of a package found; good when `problems` is empty. */
export type PackageVerdict = {
  /** Files whose digest is as signed. */
  readonly verifiedFiles: number;
  readonly certificate: CertificateFacts | null;
  readonly timestamped: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
};

const bad = (message: string, file?: string): Problem => ({
  code: "bad-signature",
  message,
  ...(file === undefined ? {} : { file }),
});

const refuse = (message: string): never => {
  throw new ProblemError(bad(message, SIGNATURES_FILE));
};

/** The one child of a name. Two would let a signature speak of one and a reader look at the other. */
const only = (node: XmlNode, name: string): XmlNode => {
  const found = elementsOf(node).filter((child) => child.name === name);
  return found.length === 1 ? found[0]! : refuse(`<${node.name}> holds ${found.length} <${name}> where one is due.`);
};

const holdAlgorithm = (node: XmlNode, ...allowed: readonly string[]): string => {
  const algorithm = node.attributes["Algorithm"] ?? "";
  if (allowed.includes(algorithm)) return algorithm;
  return refuse(`<${node.name}> is "${algorithm}"; allowed: ${allowed.join(", ")}.`);
};

const compact = (node: XmlNode): string => textOf(node).replace(/\s/g, "");

/** Node's names of the hashes behind the signature methods that are taken. */
const signatureHashes: Readonly<Record<string, string>> = {
  [rsaSha1Method]: "sha1",
  "http://www.w3.org/TR/xmldsig-core#rsa-sha1": "sha1",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "sha256",
};

const digestIn = (reference: XmlNode): string => {
  holdAlgorithm(only(reference, "DigestMethod"), sha256Method);
  return compact(only(reference, "DigestValue"));
};

type SignatureParts = {
  readonly signedInfo: XmlNode;
  readonly manifest: XmlNode;
  readonly certificate: X509Certificate;
  readonly facts: CertificateFacts;
  readonly signature: Buffer;
  readonly timestamped: boolean;
};

/** A damaged certificate may be read and still have a key or dates that cannot: everything of it is asked for here. */
const readCertificate = (base64: string): Pick<SignatureParts, "certificate" | "facts"> => {
  try {
    const certificate = new X509Certificate(Buffer.from(base64, "base64"));
    return { certificate, facts: certificateFacts(certificate) };
  } catch {
    return refuse("The certificate in it cannot be read.");
  }
};

const contentsOf = (signature: XmlNode): XmlNode => {
  const manifests = elementsOf(signature)
    .filter(({ name }) => name === "Object")
    .flatMap(elementsOf)
    .filter(({ name, attributes }) => name === "Manifest" && attributes["Id"] === "PackageContents");
  return manifests.length === 1
    ? manifests[0]!
    : refuse(`It holds ${manifests.length} lists of the package's contents where one is due.`);
};

const partsOf = (root: XmlNode): SignatureParts => {
  const signature = only(root, "Signature");
  return {
    signedInfo: only(signature, "SignedInfo"),
    manifest: contentsOf(signature),
    ...readCertificate(compact(only(only(only(signature, "KeyInfo"), "X509Data"), "X509Certificate"))),
    signature: Buffer.from(compact(only(signature, "SignatureValue")), "base64"),
    timestamped: /<(\w+:)?EncapsulatedTimeStamp\b/.test(canonicalXml(signature)),
  };
};

const signatureProblems = ({ signedInfo, manifest, certificate, signature }: SignatureParts): Problem[] => {
  holdAlgorithm(only(signedInfo, "CanonicalizationMethod"), canonicalisation);
  const method = holdAlgorithm(only(signedInfo, "SignatureMethod"), ...Object.keys(signatureHashes));
  const reference = only(signedInfo, "Reference");
  if (reference.attributes["URI"] !== "#PackageContents")
    refuse("It does not sign the list of the package's contents.");
  for (const transform of elementsOf(only(reference, "Transforms"))) holdAlgorithm(transform, canonicalisation);
  const problems: Problem[] = [];
  const verify = createVerify(signatureHashes[method]!).update(canonicalXml(signedInfo));
  if (certificate.publicKey.asymmetricKeyType !== "rsa" || !verify.verify(certificate.publicKey, signature))
    problems.push(bad("The signature was not made with the key of the certificate beside it.", SIGNATURES_FILE));
  if (sha256Base64(canonicalXml(manifest)) !== digestIn(reference))
    problems.push(bad("The list of the package's contents is not the one that was signed.", SIGNATURES_FILE));
  return problems;
};

const certificateProblems = ({ selfSigned, validFrom, validTo }: CertificateFacts, certificate: X509Certificate) => {
  const problems: Problem[] = [];
  if (certificate.subject === certificate.issuer && !selfSigned)
    problems.push(
      bad("The certificate says that it signed itself, but its signature is not its own.", SIGNATURES_FILE),
    );
  if (validFrom > validTo) problems.push(bad("The certificate ends before it begins.", SIGNATURES_FILE));
  return problems;
};

const timeProblems = ({ validFrom, validTo }: CertificateFacts, timestamped: boolean, now: Date): Problem[] => {
  const at = now.toISOString();
  if (at < validFrom) return [bad(`The certificate begins on ${validFrom.slice(0, 10)}.`, SIGNATURES_FILE)];
  if (at <= validTo || timestamped) return [];
  return [bad(`The certificate ended on ${validTo.slice(0, 10)}. Sign the package again.`, SIGNATURES_FILE)];
};

/** What the signature cannot vouch for: a name that another is said to have given. */
const issuerWarnings = ({ facts, certificate }: SignatureParts): string[] => {
  if (facts.selfSigned) return [];
  const issuer = certificate.issuer.replaceAll("\n", ", ");
  return [
    `The certificate says that ${issuer} issued it, which is not checked: only its fingerprint tells whose it is.`,
  ];
};

const timeWarnings = ({ facts, timestamped }: SignatureParts): string[] =>
  timestamped
    ? ["It carries a timestamp, which is not checked here."]
    : [`It has no timestamp: it is valid until its certificate ends, on ${facts.validTo.slice(0, 10)}.`];

/** Compares every file with the list: changed, missing, not listed, listed twice. */
const fileProblems = (manifest: XmlNode, files: ReadonlyMap<string, Uint8Array>) => {
  const listed = new Map<string, string>();
  const problems: Problem[] = [];
  for (const reference of elementsOf(manifest)) {
    const uri = reference.attributes["URI"] ?? "";
    if (listed.has(uri)) problems.push(bad(`${uri} is listed twice.`, uri));
    listed.set(uri, digestIn(reference));
  }
  let verifiedFiles = 0;
  for (const [path, bytes] of files) {
    if (path === SIGNATURES_FILE) continue;
    const digest = listed.get(uriOf(path));
    listed.delete(uriOf(path));
    if (digest === undefined) problems.push(bad(`${path} is in the package, but was not signed.`, path));
    else if (digest !== sha256Base64(bytes)) problems.push(bad(`${path} was changed after it was signed.`, path));
    else verifiedFiles += 1;
  }
  for (const uri of listed.keys()) problems.push(bad(`${uri} was signed, but is not in the package.`, uri));
  return { verifiedFiles, problems };
};

const mimetypeProblems = (files: ReadonlyMap<string, Uint8Array>): Problem[] =>
  Buffer.from(files.get(MIMETYPE_FILE) ?? []).toString() === MIMETYPE
    ? []
    : [bad(`The file ${MIMETYPE_FILE} does not hold ${MIMETYPE}.`, MIMETYPE_FILE)];

const nothing = { verifiedFiles: 0, certificate: null, timestamped: false, warnings: [] };

const verdictOf = (xml: Uint8Array, files: ReadonlyMap<string, Uint8Array>, now: Date): PackageVerdict => {
  const parts = partsOf(readXmlNodes(xml, SIGNATURES_FILE));
  const { facts: certificate, timestamped } = parts;
  const { verifiedFiles, problems } = fileProblems(parts.manifest, files);
  return {
    verifiedFiles,
    certificate,
    timestamped,
    problems: [
      ...signatureProblems(parts),
      ...certificateProblems(certificate, parts.certificate),
      ...timeProblems(certificate, timestamped, now),
      ...mimetypeProblems(files),
      ...problems,
    ],
    warnings: [...issuerWarnings(parts), ...timeWarnings(parts)],
  };
};

/** Checks signature, certificate and the digest of every file of a package; whatever differs is named. */
export const verifyFiles = (files: readonly PackageFile[], now = new Date()): PackageVerdict => {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const xml = byPath.get(SIGNATURES_FILE);
  if (!xml) return { ...nothing, problems: [bad(`It is not signed: there is no ${SIGNATURES_FILE}.`)] };
  try {
    return verdictOf(xml, byPath, now);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ...nothing, problems: error.problems };
  }
};
