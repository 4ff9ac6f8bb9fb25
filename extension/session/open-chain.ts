import type { FilePort } from "../../engine/files.ts";
import { didYouMean } from "../../schema/did-you-mean.ts";
import type { Processor } from "../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { decodeUtf8, parseJsonText } from "../../schema/json-text.ts";
import { locateProblems } from "../../schema/locate-problems.ts";
import { shippedPresets } from "../../schema/presets/index.ts";
import { fail, failMany, ok, type Problem, type Result } from "../../schema/problem.ts";
import { guessSentence, shown } from "../../schema/shown.ts";
import { validateDocument } from "../../schema/validate.ts";
import { chainDocument, chainPointer } from "./chain-document.ts";
import { type ChainFiles, type ChainSearch, findChainFiles } from "./chain-files.ts";

/** Processors in order, with where they came from. */
export type Chain = {
  /** The preset's name, or the file's. */
  readonly name: string;
  /** "" where a file says nothing. */
  readonly description: string;
  /** null for a shipped preset. */
  readonly file: string | null;
  readonly processors: readonly Processor[];
  readonly files: ChainFiles;
};

type Members = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Members =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const notAChain = (value: unknown, pointer: string): Problem => ({
  code: "schema",
  message: `${pointer === "" ? "This" : pointer} is ${shown(value)}, not a chain. A chain is a list of processors such as [{"type": "gain", "gainDb": -6}], or a preset {"processors": [...]}.`,
  pointer,
});

/** Where in a chain file its list of processors stands. */
const listOf = (value: unknown): Result<{ readonly items: readonly unknown[]; readonly pointer: string }> => {
  if (Array.isArray(value)) return ok({ items: value, pointer: "" });
  if (!isObject(value)) return fail(notAChain(value, ""));
  const items = value["processors"];
  return Array.isArray(items) ? ok({ items, pointer: "/processors" }) : fail(notAChain(items, "/processors"));
};

/** People need not write what every processor has: absent ids, `enabled` and `mixPercent` are what they usually are. */
const completed = (item: unknown, index: number): unknown =>
  isObject(item) ? { id: `prc_${index + 1}`, enabled: true, mixPercent: 100, ...item } : item;

/** Problems of the document around the chain, told as the chain file's own. */
const asChainProblems = (problems: readonly Problem[], pointer: string): readonly Problem[] =>
  problems.map((problem) => ({
    ...problem,
    message: problem.message.replaceAll(chainPointer, pointer),
    ...(problem.pointer === undefined ? {} : { pointer: problem.pointer.replace(chainPointer, pointer) }),
  }));

const stereo = { layout: "stereo", outputLayout: "stereo" } as const;

type ParsedChain = Omit<Chain, "file" | "files"> & {
  /** Pointer to the list of processors. */
  readonly pointer: string;
};

/** The chain in a JSONC text, held to the schema inside the very document that will be rendered. */
const parseChain = (text: string, fileName: string): Result<ParsedChain> => {
  const parsed = parseJsonText(text, fileName, { comments: true });
  if (!parsed.ok) return parsed;
  const list = listOf(parsed.value);
  if (!list.ok) return fail(...locateProblems(list.problems, text, fileName));
  const { items, pointer } = list.value;
  const processors = items.map(completed) as readonly Processor[];
  const format = { sampleRate: 48_000, channels: [0, 1], frames: 48_000, bitDepth: 32, ...stereo } as const;
  const checked = validateDocument(chainDocument({ processors, name: fileName, timeReferenceFrames: 0, ...format }));
  const located = (problems: readonly Problem[]) => locateProblems(asChainProblems(problems, pointer), text, fileName);
  if (!checked.ok) return failMany(located(checked.problems), checked.total);
  const { name, description } = isObject(parsed.value) ? parsed.value : {};
  return ok(
    {
      name: typeof name === "string" ? name : fileName,
      description: typeof description === "string" ? description : "",
      processors,
      pointer,
    },
    located(checked.warnings),
  );
};

const presetNames = shippedPresets.map(({ name }) => name);

const shippedChain = (name: string, text: string): Chain => {
  const chain = parseChain(text, `${name}.mixpreset.jsonc`);
  if (!chain.ok) throw new TypeError(`the shipped preset ${name} is broken: ${chain.problems[0]?.message}`);
  const { pointer: _, ...parsed } = chain.value;
  return { ...parsed, file: null, files: new Map() };
};

/** The presets that come with Premix, by name. */
export const listPresets = (): readonly Chain[] => shippedPresets.map(({ name, text }) => shippedChain(name, text));

const noSuchChain = (given: string): Problem => {
  const guess = didYouMean(given, presetNames);
  return {
    code: "missing-file",
    message: `There is neither a preset nor a file ${shown(given)}; the presets are ${presetNames.join(", ")}.${guessSentence(guess)}`,
    allowed: presetNames,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

/**
 * A chain by the name of a shipped preset, else from a JSON or JSONC file, with the files that its inserts name. `path` is what
 * `given` means as a file.
 */
export const openChain = async (
  files: FilePort,
  given: string,
  path: string,
  search: ChainSearch,
): Promise<Result<Chain>> => {
  const preset = shippedPresets.find(({ name }) => name === given);
  if (preset) return ok(shippedChain(preset.name, preset.text));
  if ((await files.facts(path)) === null) return fail(noSuchChain(given));
  const text = decodeUtf8(await files.readBytes(path, MAX_BYTES), path);
  if (!text.ok) return text;
  const parsed = parseChain(text.value, path);
  if (!parsed.ok) return parsed;
  const { pointer, ...chain } = parsed.value;
  const found = await findChainFiles(files, chain.processors, files.folderOf(path), search);
  const located = (problems: readonly Problem[]) =>
    locateProblems(
      problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer })),
      text.value,
      path,
    );
  if (!found.ok) return fail(...located(found.problems));
  return ok({ ...chain, file: path, files: found.value }, [...parsed.warnings, ...located(found.warnings)]);
};
