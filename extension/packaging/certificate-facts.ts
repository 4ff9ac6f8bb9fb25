import type { X509Certificate } from "node:crypto";

export type CertificateFacts = {
  readonly subject: string;
  readonly selfSigned: boolean;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly keyBits: number;
  /** SHA-256 over the certificate, lower-case hexadecimal. */
  readonly fingerprint: string;
};

/** What a certificate says of itself; throws where it is damaged. */
export const certificateFacts = (certificate: X509Certificate): CertificateFacts => ({
  subject: certificate.subject.replaceAll("\n", ", "),
  selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
  validFrom: new Date(certificate.validFrom).toISOString(),
  validTo: new Date(certificate.validTo).toISOString(),
  keyBits: certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
  fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
});
