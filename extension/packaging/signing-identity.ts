import { createPrivateKey, X509Certificate } from "node:crypto";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { fileError } from "../../engine/node/file-problem.ts";
import { ProblemError } from "../../schema/problem.ts";
import { createSelfSignedIdentity, type SigningIdentity } from "./certificate.ts";
import type { Machine } from "./machine.ts";
import { readPkcs12 } from "./pkcs12.ts";

const MAX_BYTES = 1024 * 1024;

/** Where the certificate made on first use is kept, readable for its user alone. */
export const identityFile = ({ configFolder }: Pick<Machine, "configFolder">): string =>
  join(configFolder, "signing.pem");

const refuse = (file: string, message: string): never => {
  throw new ProblemError({ code: "unsupported", message, file });
};

const readPem = (text: string, password: string | undefined): SigningIdentity => ({
  privateKey: createPrivateKey({
    key: text,
    format: "pem",
    ...(password === undefined ? {} : { passphrase: password }),
  }),
  certificate: new X509Certificate(text),
});

const parse = (bytes: Buffer, password: string | undefined, file: string): SigningIdentity => {
  try {
    const isPem = bytes.subarray(0, 4096).includes("-----BEGIN ");
    return isPem ? readPem(bytes.toString("utf8"), password) : readPkcs12(bytes, password ?? "");
  } catch (error) {
    if (error instanceof ProblemError)
      throw new ProblemError(...error.problems.map((problem) => ({ ...problem, file })));
    const message = error instanceof Error ? error.message : String(error);
    return refuse(
      file,
      `No key and certificate can be read from ${file} (${message}). A .p12 or a .pem with both is wanted, and its password.`,
    );
  }
};

const checked = ({ privateKey, certificate }: SigningIdentity, file: string): SigningIdentity => {
  if (privateKey.asymmetricKeyType !== "rsa")
    refuse(file, "Premiere takes RSA certificates only; this one is another kind.");
  if (!certificate.checkPrivateKey(privateKey))
    refuse(file, `The key and the certificate in ${file} do not belong together.`);
  if (new Date(certificate.validTo) < new Date())
    refuse(file, `The certificate in ${file} ended on ${certificate.validTo}. Use another one.`);
  return { privateKey, certificate };
};

const readFile = (file: string): Buffer => {
  try {
    const { size } = fs.statSync(file);
    if (size > MAX_BYTES) refuse(file, `${file} has ${size} bytes, which is too many for a certificate.`);
    return fs.readFileSync(file);
  } catch (error) {
    throw fileError(error, file, "open");
  }
};

/** Key and certificate from a .p12 or .pem file that somebody gives. */
export const givenIdentity = (file: string, password: string | undefined): SigningIdentity =>
  checked(parse(readFile(file), password, file), file);

const refuseOpenFile = (file: string, platform: Machine["platform"]): void => {
  if (platform === "win32" || (fs.statSync(file).mode & 0o077) === 0) return;
  refuse(file, `Others on this machine may read the signing key ${file}. Run: chmod 600 ${file}`);
};

/** Writes for the user alone; whoever was faster has won, and his is used. */
const keep = (file: string, { privateKey, certificate }: SigningIdentity): void => {
  const temporary = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const text = `${privateKey.export({ type: "pkcs8", format: "pem" })}${certificate.toString()}`;
    fs.writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true });
    fs.linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !fs.existsSync(file))
      throw fileError(error, file, "write");
  } finally {
    fs.rmSync(temporary, { force: true });
  }
};

/** The user's own self-signed identity, made on first use. */
export const ownIdentity = (machine: Machine): { readonly identity: SigningIdentity; readonly made: boolean } => {
  const file = identityFile(machine);
  const made = !fs.existsSync(file);
  if (made) keep(file, createSelfSignedIdentity());
  refuseOpenFile(file, machine.platform);
  return { identity: givenIdentity(file, undefined), made };
};
