import { spawnSync } from "node:child_process";
import { findFfmpeg } from "../../../engine/node/ffmpeg.ts";
import { defaultCacheFolder } from "../../../engine/node/node-engine.ts";
import type { RunProgram } from "../../packaging/debug-mode.ts";
import { machineOf } from "../../packaging/machine.ts";
import { absolute } from "../arguments.ts";
import type { CliCall, Command } from "../command.ts";
import type { Check, Patient } from "../doctor/check.ts";
import { checkHostFile } from "../doctor/check-host-file.ts";
import { checkPremiere } from "../doctor/check-premiere.ts";
import { checkProgram } from "../doctor/check-program.ts";
import { checkoutFolder } from "../program-location.ts";
import { printable } from "../text.ts";

const PROGRAM_MS = 10_000;

const runProgram: RunProgram = (command, words) => {
  const { status, stdout } = spawnSync(command, words, { encoding: "utf8", timeout: PROGRAM_MS, windowsHide: true });
  return status === 0 ? stdout : null;
};

const patientOf = (call: CliCall): Patient => {
  const machine = machineOf(call.io.env);
  const folder = call.values["extensions"];
  return {
    machine: folder === undefined ? machine : { ...machine, extensionFolders: [absolute(call, folder)] },
    checkout: checkoutFolder,
    cacheFolder: defaultCacheFolder(),
    nodeVersion: process.version,
    run: runProgram,
    findFfmpeg: async () => (await findFfmpeg())?.name ?? null,
  };
};

const checkText = ({ id, status, message, action }: Check): string =>
  `${status.padEnd(7)}  ${id.padEnd(16)}  ${printable(message)}\n${action === null ? "" : `${" ".repeat(27)}-> ${printable(action)}\n`}`;

export const doctorCommand: Command = {
  name: "doctor",
  summary: "checks the installation and says what to do",
  usage: "[--extensions <dir>] [--host-check <file>]",
  options: [
    {
      name: "extensions",
      kind: "value",
      shown: "<dir>",
      doc: "look for the panel in this folder, not in Premiere's own",
    },
    {
      name: "host-check",
      kind: "value",
      shown: "<file>",
      doc: "compare what the panel found out about a Premiere with the simulated one",
    },
  ],
  examples: ["premix doctor", "premix doctor --host-check premiere-26.json --json"],
  positionals: [0, 0],
  run: async (call) => {
    const patient = patientOf(call);
    const file = call.values["host-check"];
    const checks = [
      ...(await checkProgram(patient)),
      ...checkPremiere(patient),
      ...(file === undefined ? [] : await checkHostFile(absolute(call, file))),
    ];
    const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
    const exitCode = count("problem") > 0 ? 3 : 0;
    const sum = `${count("ok")} ok, ${count("warning")} warnings, ${count("problem")} problems`;
    return {
      exitCode,
      json: { ok: exitCode === 0, exitCode, checks },
      text: `${checks.map(checkText).join("")}${sum}\n`,
    };
  },
};
