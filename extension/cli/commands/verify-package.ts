import { statSync } from "node:fs";
import { exitCodeOf, type Problem } from "../../../schema/problem.ts";
import type { PackageFile } from "../../packaging/package-signature.ts";
import { readFolder } from "../../packaging/panel-files.ts";
import { verifyFiles } from "../../packaging/verify-files.ts";
import { readZip } from "../../packaging/zip-reader.ts";
import { absolute } from "../arguments.ts";
import type { Command } from "../command.ts";
import { problemJson } from "../failure.ts";
import { createGround } from "../ports.ts";
import { problemText } from "../text.ts";

const MAX_BYTES = 512 * 1024 * 1024;

const readPackage = async (path: string): Promise<readonly PackageFile[]> =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? readFolder(path)
    : readZip(await createGround().files.readBytes(path, MAX_BYTES));

const strangerProblem = (wanted: string | undefined, fingerprint: string | undefined): Problem[] => {
  const plain = wanted?.replaceAll(":", "").toLowerCase();
  if (plain === undefined || plain === fingerprint) return [];
  const message = `It was signed with another certificate: ${fingerprint ?? "none that can be read"}, not ${plain}.`;
  return [{ code: "bad-signature", message }];
};

export const verifyPackageCommand: Command = {
  name: "verify-package",
  summary: "checks the signature, the certificate and every file of a package",
  usage: "<file.zxp | folder> [--fingerprint <sha256>]",
  options: [
    {
      name: "fingerprint",
      kind: "value",
      shown: "<sha256>",
      doc: "the certificate that it must be signed with; without it, any will do that signs it rightly",
    },
  ],
  examples: ["premix verify-package premix-0.1.0.zxp", "premix verify-package dist/package/app.premix.panel --json"],
  positionals: [1, 1],
  run: async (call) => {
    const path = absolute(call, call.positionals[0]!);
    const verdict = verifyFiles(await readPackage(path));
    const { certificate, verifiedFiles, timestamped } = verdict;
    const problems = [...verdict.problems, ...strangerProblem(call.values["fingerprint"], certificate?.fingerprint)];
    const exitCode = exitCodeOf(problems);
    const isGood = problems.length === 0;
    const json = { ok: isGood, exitCode, file: path, verifiedFiles, timestamped, certificate };
    const signer = certificate ? `${certificate.subject}${certificate.selfSigned ? ", self-signed" : ""}` : "nobody";
    const text = [
      ...problems.map(problemText),
      `${path}: ${isGood ? "good" : "NOT GOOD"}, ${verifiedFiles} files as signed, by ${signer}\n`,
      ...(certificate ? [`  certificate ${certificate.fingerprint}, RSA ${certificate.keyBits}\n`] : []),
      ...verdict.warnings.map((warning) => `  ${warning}\n`),
    ];
    return {
      exitCode,
      json: { ...json, errors: problems.map(problemJson), notes: verdict.warnings },
      text: text.join(""),
    };
  },
};
