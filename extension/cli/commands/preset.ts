import { join } from "node:path";
import type { KnobValues } from "../../../schema/preset.ts";
import { turnKnobs } from "../../../schema/preset.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { changePointer, type PresetChange, planPreset, presetPlaces } from "../../session/apply-preset.ts";
import { openLayered, resolveFile } from "../../session/open-document.ts";
import { type FoundPreset, findPreset, listAllPresets } from "../../session/preset-catalog.ts";
import { savePreset } from "../../session/save-preset.ts";
import { take } from "../../session/settle.ts";
import { writeDocument } from "../../session/write-document.ts";
import { absolute, checkPositionals, usageProblem } from "../arguments.ts";
import { type CliCall, type CliOutcome, type Command, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";
import { changesText, presetTable, presetText } from "../preset-text.ts";

const { files } = createGround();

const knobValues = ({ lists }: CliCall): KnobValues =>
  Object.fromEntries(
    (lists["set"] ?? []).map((word) => {
      const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(-?\d+(?:\.\d+)?)$/.exec(word) ?? [];
      if (name !== undefined) return [name, Number(value)];
      throw new ProblemError(usageProblem(`--set is ${JSON.stringify(word)}; the form is <knob>=<number>.`));
    }),
  );

/** The mix/ folder that a call without a document means. */
const mixFolderOf = async (call: CliCall): Promise<string | null> => {
  const folder = absolute(call, call.values["mix"] ?? "mix");
  if ((await files.facts(folder))?.kind === "folder") return folder;
  if (call.values["mix"] === undefined) return null;
  throw new ProblemError({ code: "missing-file", message: `There is no folder "${folder}".`, file: folder });
};

const sentences = (warnings: readonly Problem[]) => [...new Set(warnings.map(({ message }) => message))];

const list = async (call: CliCall): Promise<CliOutcome> => {
  const warnings: Problem[] = [];
  const all = take(await listAllPresets(files, await mixFolderOf(call)), warnings);
  const house = call.values["house"];
  const presets = house === undefined ? all : all.filter(({ source }) => source === house);
  const shownPresets = presets.map(({ preset, source, file }) => ({
    name: preset.name,
    source,
    file,
    description: preset.description ?? "",
    roles: preset.appliesTo?.roles ?? [],
    knobs: Object.keys(preset.parameters ?? {}),
  }));
  const said = sentences(warnings);
  const json = { ok: true, exitCode: 0, presets: shownPresets, warnings: said };
  return { exitCode: 0, json, text: presetTable(presets), warnings: said };
};

const named = async (
  call: CliCall,
  mixFolder: string | null,
  name: string,
  warnings: Problem[],
): Promise<FoundPreset> => take(await findPreset(files, mixFolder, name, absolute(call, name)), warnings);

const show = async (call: CliCall): Promise<CliOutcome> => {
  const warnings: Problem[] = [];
  const { preset, source, file } = await named(call, await mixFolderOf(call), call.positionals[1]!, warnings);
  const turned = { ...preset, processors: [...take(turnKnobs(preset, knobValues(call)))] };
  const said = sentences(warnings);
  const json = { ok: true, exitCode: 0, source, file, preset: turned, warnings: said };
  return { exitCode: 0, json, text: presetText(turned), warnings: said };
};

const changeJson = (change: PresetChange) => ({
  pointer: changePointer(change),
  place: change.place,
  type: change.type,
  before: change.before,
  after: change.after,
});

/** `apply` shows the difference, then writes; `diff` only shows. */
const apply = async (call: CliCall, writes: boolean): Promise<CliOutcome> => {
  const [, given, name] = call.positionals as [string, string, string];
  const path = absolute(call, given);
  const warnings: Problem[] = [];
  const opened = take(await openLayered(files, path), warnings);
  const { preset, source } = await named(call, opened.layers.mixFolder, name, warnings);
  const places = take(presetPlaces(opened.document, preset, call.lists["to"] ?? []));
  const { file, changes } = take(planPreset(opened.file.value, preset, places, knobValues(call)));
  take(resolveFile({ path, text: opened.file.text, value: file }, opened.layers));
  const difference = changesText(changes);
  const isWritten = writes && changes.length > 0;
  if (isWritten && !call.flags.has("json")) call.io.out(difference);
  if (isWritten) await writeDocument(files, path, file);
  const said = sentences(warnings);
  const json = { ok: true, exitCode: 0, file: path, preset: preset.name, source, written: isWritten };
  return {
    exitCode: 0,
    json: { ...json, changes: changes.map(changeJson), warnings: said },
    text: isWritten ? `${path}: ${preset.name} applied.\n` : difference,
    warnings: said,
  };
};

const save = async (call: CliCall): Promise<CliOutcome> => {
  const [, given, name] = call.positionals as [string, string, string];
  const from = call.values["from"];
  if (from === undefined) {
    throw new ProblemError(usageProblem("Say whose chain: --from <track, clip or bus, by id or name>."));
  }
  const path = absolute(call, given);
  const warnings: Problem[] = [];
  const { document, layers } = take(await openLayered(files, path), warnings);
  const [place] = take(
    presetPlaces(document, { format: "preset", formatVersion: "1.0", name, processors: [] }, [from]),
  );
  const folder = layers.mixFolder === null ? files.folderOf(path) : join(layers.mixFolder, "presets");
  const file =
    call.values["output"] === undefined
      ? join(folder, `${name}.mixpreset.jsonc`)
      : absolute(call, call.values["output"]);
  const description = call.values["description"] ?? "";
  const request = { document, place: place!, name, description, file, replaces: call.flags.has("force") };
  take(await savePreset(files, request), warnings);
  const said = sentences(warnings);
  const json = { ok: true, exitCode: 0, file, preset: name, from: place, warnings: said };
  return { exitCode: 0, json, text: `wrote ${file}\n`, warnings: said };
};

type Action = { readonly words: number; readonly form: string; readonly run: (call: CliCall) => Promise<CliOutcome> };

const actions: Readonly<Record<string, Action>> = {
  list: { words: 1, form: "list [--mix <dir>] [--house <name>]", run: list },
  show: { words: 2, form: "show <preset> [--set <knob>=<number> ...]", run: show },
  diff: {
    words: 3,
    form: "diff <doc> <preset> [--to <place> ...] [--set <knob>=<number> ...]",
    run: (call) => apply(call, false),
  },
  apply: {
    words: 3,
    form: "apply <doc> <preset> [--to <place> ...] [--set <knob>=<number> ...]",
    run: (call) => apply(call, true),
  },
  save: { words: 3, form: "save <doc> <name> --from <place> [--description <text>] [--force]", run: save },
};

const names = Object.keys(actions);

const run = async (call: CliCall): Promise<CliOutcome> => {
  const name = call.positionals[0]!;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const message = `There is no premix preset ${JSON.stringify(name)}; there are ${names.join(", ")}.`;
    throw new ProblemError(usageProblem(message, { allowed: names }));
  }
  const { words, form } = action;
  checkPositionals({ ...presetCommand, usage: form, positionals: [words, words] }, call.positionals);
  return action.run(call);
};

export const presetCommand: Command = {
  name: "preset",
  summary: "lists, shows, applies and saves presets; shows what one would change",
  usage: Object.values(actions)
    .map(({ form }) => form)
    .join("\n  premix preset "),
  options: [
    {
      name: "to",
      kind: "list",
      shown: "<place>",
      doc: "a role (its tracks), or a track, clip or bus by id or name; may be repeated (default: tracks of the preset's roles)",
    },
    { name: "set", kind: "list", shown: "<knob>=<number>", doc: "turns a knob of the preset; may be repeated" },
    { name: "from", kind: "value", shown: "<place>", doc: "save: the track, clip or bus whose chain is saved" },
    { name: "description", kind: "value", shown: "<text>", doc: "save: what the preset does to the sound" },
    {
      name: "force",
      kind: "flag",
      doc: "save: write the chain of a preset that is there already; comments and knobs stay",
    },
    { name: "house", kind: "value", shown: "<name>", doc: "list: presets of this house alone" },
    { name: "mix", kind: "value", shown: "<dir>", doc: "list, show: the mix/ folder (default: ./mix)" },
    outputOption("<file>", "save: another file than mix/presets/<name>.mixpreset.jsonc"),
  ],
  examples: [
    "premix preset diff mix/documents/reel-1.mix.json voice-clean-up --to DX1 --set brightness=70",
    "premix preset save mix/documents/reel-1.mix.json boom --from DX1",
  ],
  positionals: [1, 3],
  run,
};
