import { createHash } from "node:crypto";
import { join } from "node:path";
import { ProblemError } from "../../../schema/problem.ts";
import { writePanelFolder } from "../../packaging/install-panel.ts";
import { machineOf } from "../../packaging/machine.ts";
import { PANEL_ID, readManifest } from "../../packaging/panel-files.ts";
import { type Certificate, signPanel } from "../../packaging/sign-panel.ts";
import { identityFile } from "../../packaging/signing-identity.ts";
import { verifyFiles } from "../../packaging/verify-files.ts";
import { readZip } from "../../packaging/zip-reader.ts";
import { writeZip } from "../../packaging/zip-writer.ts";
import { absolute, usageProblem } from "../arguments.ts";
import { type CliCall, type Command, type OptionSpec, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";
import { checkoutFolder } from "../program-location.ts";

const certificateOptions: readonly OptionSpec[] = [
  {
    name: "certificate",
    kind: "value",
    shown: "<file>",
    doc: "a .p12 or .pem with key and certificate, not the own one",
  },
  { name: "password-env", kind: "value", shown: "<name>", doc: "the environment variable that holds its password" },
];

const passwordOf = ({ io, values }: CliCall): string | undefined => {
  const name = values["password-env"];
  if (name === undefined) return undefined;
  const password = io.env[name];
  if (password !== undefined) return password;
  throw new ProblemError(usageProblem(`The environment variable ${name} of --password-env is not set.`));
};

const certificateOf = (call: CliCall): Certificate | null => {
  const file = call.values["certificate"];
  const password = passwordOf(call);
  if (file !== undefined) return { file: absolute(call, file), password };
  if (password === undefined) return null;
  throw new ProblemError(usageProblem("--password-env belongs to --certificate <file>."));
};

export const packageCommand: Command = {
  name: "package",
  summary: "makes the signed package of the panel",
  usage: "[-o <file.zxp>] [--certificate <file> [--password-env <name>]]",
  options: [
    outputOption("<file.zxp>", "where the package goes (default: dist/package in the checkout)"),
    ...certificateOptions,
  ],
  examples: ["premix package", "premix package -o premix.zxp --certificate studio.p12 --password-env STUDIO_P12"],
  positionals: [0, 0],
  run: async (call) => {
    const machine = machineOf(call.io.env);
    const { files, madeCertificate } = signPanel(checkoutFolder, machine, certificateOf(call));
    const version = readManifest(files)?.version ?? "";
    const folder = join(checkoutFolder, "dist/package");
    const given = call.values["output"];
    const path = given === undefined ? join(folder, `premix-${version}.zxp`) : absolute(call, given);
    const zip = writeZip(files);
    const { certificate, problems, verifiedFiles, warnings } = verifyFiles(readZip(zip));
    if (problems.length > 0) throw new TypeError(problems.map(({ message }) => message).join(" "));
    const ground = createGround();
    await ground.files.makeFolder(ground.files.folderOf(path));
    await ground.files.writeAtomic(path, zip);
    const panelFolder = join(folder, PANEL_ID);
    writePanelFolder(panelFolder, files);
    const sha256 = createHash("sha256").update(zip).digest("hex");
    const json = { package: path, folder: panelFolder, version, bytes: zip.length, sha256, verifiedFiles, certificate };
    const text = [
      `${path}\n  Premix ${version}, ${(zip.length / 1e6).toFixed(1)} MB, ${verifiedFiles} files signed and verified\n`,
      `  SHA-256 ${sha256}\n  certificate ${certificate!.subject}, ${certificate!.fingerprint}\n`,
      madeCertificate ? `  made on this first use and kept in ${identityFile(machine)}\n` : "",
      ...warnings.map((warning) => `  ${warning}\n`),
      `The same as a folder, for the extensions folder of Premiere: ${panelFolder}\n`,
    ];
    return {
      exitCode: 0,
      json: { ok: true, exitCode: 0, ...json, madeCertificate, notes: warnings },
      text: text.join(""),
    };
  },
};
