import { didYouMean } from "./did-you-mean.ts";
import { parseFolderFile } from "./folder-file.ts";
import type { Knob, KnobTarget, Preset, PresetProcessor } from "./generated/folder-files.ts";
import { locateProblems } from "./locate-problems.ts";
import type { NumberParam, Param } from "./param.ts";
import { pointerOf, pointerSegments } from "./pointer.ts";
import { fail, failMany, LISTED_PROBLEMS, ok, type Problem, type Result } from "./problem.ts";
import { EXTERNAL_TYPE, findProcessor } from "./processors/index.ts";
import { guessSentence, shown } from "./shown.ts";

/** Where each knob of a preset stands, by name. */
export type KnobValues = { readonly [knob: string]: number };

type Members = { readonly [key: string]: unknown };

/** Finer steps than these are noise of computing. */
const STEPS = 10_000;

const problem = (message: string, pointer: string, more: Partial<Problem> = {}): Problem => ({
  code: "meaning",
  message,
  pointer,
  ...more,
});

/** What an insert of a preset may have beside the parameters of its type: nothing that names a file, a bus or another program. */
const commonKeys = ["id", "type", "enabled", "mixPercent", "note"];

const insertProblems = (item: PresetProcessor, index: number): readonly Problem[] => {
  const place = pointerOf(["processors", index]);
  if (item.type === EXTERNAL_TYPE) {
    return [problem(`${place} belongs to another program; a preset holds Premix's own processors.`, place)];
  }
  return ["file", "sidechain"]
    .filter((key) => (item[key] ?? null) !== null)
    .map((key) =>
      problem(`${place}/${key} names something outside the preset; a preset holds parameters alone.`, place),
    );
};

/** Position of the processor that a knob means by id or position; -1 when there is none. */
const processorIndex = (processors: readonly PresetProcessor[], name: string): number => {
  const byId = processors.findIndex(({ id }) => id === name);
  return byId < 0 && /^(0|[1-9]\d?)$/.test(name) && Number(name) < processors.length ? Number(name) : byId;
};

type Target = { readonly path: readonly string[]; readonly param: NumberParam };

const numberAt = (
  params: Readonly<Record<string, Param>>,
  value: Members,
  path: readonly string[],
): NumberParam | undefined => {
  const [name = "", index, inner] = path;
  const param = Object.hasOwn(params, name) ? params[name] : undefined;
  if (param?.kind === "number" && path.length === 1) return param;
  const items = value[name];
  if (param?.kind !== "list" || path.length !== 3 || !Array.isArray(items)) return undefined;
  const isThere = /^(0|[1-9]\d*)$/.test(index!) && Number(index) < items.length;
  const found = isThere && Object.hasOwn(param.item, inner!) ? param.item[inner!] : undefined;
  return found?.kind === "number" ? found : undefined;
};

/** The number that a knob turns, as a path below `processors`; undefined when the pointer names none. */
const targetOf = (processors: readonly PresetProcessor[], { pointer }: KnobTarget): Target | undefined => {
  const [, name = "", ...path] = pointerSegments(pointer);
  const index = processorIndex(processors, name);
  const item = processors[index];
  const definition = item === undefined ? undefined : findProcessor(item.type);
  const param = definition && numberAt(definition.params, item!, path);
  return param && { path: [String(index), ...path], param };
};

const targetProblems = (preset: Preset, target: KnobTarget, place: string): readonly Problem[] => {
  const found = targetOf(preset.processors, target);
  if (found === undefined) {
    return [
      problem(`${place}/pointer is ${shown(target.pointer)}, which names no number of the chain.`, `${place}/pointer`),
    ];
  }
  const { min, max, unit } = found.param;
  return (["from", "to"] as const)
    .filter((end) => target[end] < min || target[end] > max)
    .map((end) => {
      const message = `${place}/${end} is ${target[end]}; ${target.pointer} allows ${min} to ${max} ${unit}.`;
      return problem(message, `${place}/${end}`, { allowed: [`${min} to ${max}`] });
    });
};

const knobProblems = (preset: Preset, name: string, knob: Knob): readonly Problem[] => {
  const place = pointerOf(["parameters", name]);
  const { min, max, default: usual, sets } = knob;
  const isOrdered = min < max && usual >= min && usual <= max;
  const order = isOrdered ? [] : [problem(`${place} needs min < max and a default between them.`, place)];
  return [...order, ...sets.flatMap((target, index) => targetProblems(preset, target, `${place}/sets/${index}`))];
};

/** More knobs than these nobody turns. */
const MAX_KNOBS = 64;

const presetProblems = (preset: Preset): readonly Problem[] => {
  const knobs = Object.entries(preset.parameters ?? {});
  if (knobs.length > MAX_KNOBS) {
    return [problem(`/parameters has ${knobs.length} knobs; at most ${MAX_KNOBS} are allowed.`, "/parameters")];
  }
  return [
    ...preset.processors.flatMap(insertProblems),
    ...knobs.flatMap(([name, knob]) => knobProblems(preset, name, knob)),
  ];
};

/** The value of a parameter between `from` and `to` as its own control travels; `share` 0 to 1. */
const between = ({ from, to }: KnobTarget, { scale }: NumberParam, share: number): number => {
  const value = scale === "log" && from > 0 && to > 0 ? from * (to / from) ** share : from + (to - from) * share;
  return Math.round(value * STEPS) / STEPS;
};

const withValue = (value: unknown, path: readonly string[], leaf: number): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  if (!Array.isArray(value)) return { ...(value as Members), [key]: withValue((value as Members)[key], rest, leaf) };
  return value.map((item, index) => (String(index) === key ? withValue(item, rest, leaf) : item));
};

const unknownKnob = (preset: Preset, name: string): Problem => {
  const allowed = Object.keys(preset.parameters ?? {});
  const guess = didYouMean(name, allowed);
  const there = allowed.length === 0 ? "it has none" : `its knobs are ${allowed.join(", ")}`;
  return {
    code: "usage",
    message: `The preset ${preset.name} has no knob ${shown(name)}; ${there}.${guessSentence(guess)}`,
    allowed,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

/** The chain with knobs turned: each number in its knob's own unit. Knobs that are not named leave the chain as it is written. */
export const turnKnobs = (preset: Preset, values: KnobValues): Result<readonly PresetProcessor[]> => {
  let processors: unknown = preset.processors;
  for (const [name, value] of Object.entries(values)) {
    const knob = Object.hasOwn(preset.parameters ?? {}, name) ? preset.parameters![name] : undefined;
    if (knob === undefined) return fail(unknownKnob(preset, name));
    const { min, max, unit = "" } = knob;
    if (!(value >= min && value <= max)) {
      const message = `${name} is ${value}; the knob goes from ${min} to ${`${max} ${unit}`.trim()}.`;
      return fail({ code: "usage", message, allowed: [`${min} to ${max}`] });
    }
    for (const target of knob.sets) {
      const { path, param } = targetOf(preset.processors, target)!;
      processors = withValue(processors, path, between(target, param, (value - min) / (max - min)));
    }
  }
  return ok(processors as readonly PresetProcessor[]);
};

/** Keys of an insert that a preset may set: the common ones and the parameters of its type. */
export const presetKeys = (type: string): readonly string[] => [
  ...commonKeys,
  ...Object.keys(findProcessor(type)?.params ?? {}),
];

/** The preset in a JSONC text: its shape, its knobs, and that it holds parameters alone; problems have file, line and column. */
export const parsePreset = (text: string, fileName: string): Result<Preset> => {
  const parsed = parseFolderFile(text, fileName, "preset");
  if (!parsed.ok) return parsed;
  const problems = presetProblems(parsed.value);
  if (problems.length === 0) return parsed;
  return failMany(locateProblems(problems.slice(0, LISTED_PROBLEMS), text, fileName), problems.length);
};
