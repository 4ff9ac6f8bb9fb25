import { join } from "node:path";
import { ProblemError } from "../../../schema/problem.ts";
import { debugModeCommand } from "../../packaging/debug-mode.ts";
import { installPanel, removePanel, writePanelFolder } from "../../packaging/install-panel.ts";
import { type Machine, machineOf } from "../../packaging/machine.ts";
import { PANEL_ID } from "../../packaging/panel-files.ts";
import { signPanel } from "../../packaging/sign-panel.ts";
import { absolute, usageProblem } from "../arguments.ts";
import type { CliCall, Command } from "../command.ts";
import { checkoutFolder } from "../program-location.ts";

const targetFolder = (call: CliCall, { extensionFolders, platform }: Machine): string => {
  const given = call.values["to"];
  if (given !== undefined) return absolute(call, given);
  const [own] = extensionFolders;
  if (own !== undefined) return own;
  throw new ProblemError(
    usageProblem(
      `Premiere has no extensions folder on this system (${platform}). Say where the panel goes: --to <dir>.`,
    ),
  );
};

/** A link shows the folder in dist/package, which this writes anew. */
const linkedFolder = (machine: Machine): string => {
  const folder = join(checkoutFolder, "dist/package", PANEL_ID);
  writePanelFolder(folder, signPanel(checkoutFolder, machine, null).files);
  return folder;
};

const install = (call: CliCall, machine: Machine, folder: string) => {
  const linkTo = call.flags.has("link") ? linkedFolder(machine) : null;
  const place = installPanel(folder, linkTo ? { linkTo } : { files: signPanel(checkoutFolder, machine, null).files });
  const debug = debugModeCommand(machine.platform);
  const text = [
    `${linkTo ? "Linked" : "Installed"} ${place}\n`,
    "Start Premiere anew: Window > Extensions > Premix. The panel is signed with your own certificate.\n",
    debug ? `If Premiere does not list it, switch CEP's debug mode on and start Premiere again:\n  ${debug}\n` : "",
    "premix doctor looks for what is wrong.\n",
  ];
  const json = { ok: true, exitCode: 0, panel: place, linkedTo: linkTo, debugModeCommand: debug };
  return { exitCode: 0 as const, json, text: text.join("") };
};

const remove = (folder: string) => {
  const removed = removePanel(folder);
  const place = join(folder, PANEL_ID);
  const text = removed ? `Removed ${place}\n` : `There was no panel at ${place}\n`;
  return { exitCode: 0 as const, json: { ok: true, exitCode: 0, panel: place, removed }, text };
};

export const installPanelCommand: Command = {
  name: "install-panel",
  summary: "puts the built panel into Premiere's extensions folder",
  usage: "[--to <dir>] [--link] [--remove]",
  options: [
    { name: "to", kind: "value", shown: "<dir>", doc: "another extensions folder than the user's own" },
    { name: "link", kind: "flag", doc: "link to dist/package, so that the next premix package shows at once" },
    { name: "remove", kind: "flag", doc: "take the panel out again" },
  ],
  examples: ["premix install-panel", "premix install-panel --to ~/extensions --link"],
  positionals: [0, 0],
  run: async (call) => {
    const machine = machineOf(call.io.env);
    const folder = targetFolder(call, machine);
    return call.flags.has("remove") ? remove(folder) : install(call, machine, folder);
  },
};
