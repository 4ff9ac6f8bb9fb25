import type { SigningIdentity } from "./certificate.ts";
import type { Machine } from "./machine.ts";
import { type PackageFile, signFiles } from "./package-signature.ts";
import { readPanel } from "./panel-files.ts";
import { givenIdentity, ownIdentity } from "./signing-identity.ts";

export type SignedPanel = {
  readonly files: readonly PackageFile[];
  /** Whether the user's own certificate was made just now. */
  readonly madeCertificate: boolean;
};

export type Certificate = { readonly file: string; readonly password: string | undefined };

const identityOf = (
  machine: Machine,
  given: Certificate | null,
): { readonly identity: SigningIdentity; readonly made: boolean } =>
  given ? { identity: givenIdentity(given.file, given.password), made: false } : ownIdentity(machine);

/** The built panel of a checkout, signed with the given certificate or the user's own. */
export const signPanel = (checkout: string, machine: Machine, given: Certificate | null): SignedPanel => {
  const panel = readPanel(checkout);
  const { identity, made } = identityOf(machine, given);
  return { files: signFiles(panel, identity), madeCertificate: made };
};
