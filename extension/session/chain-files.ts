import type { FilePort } from "../../engine/files.ts";
import type { Processor } from "../../schema/generated/mix-document.ts";
import { failMany, ok, type Problem, type Result } from "../../schema/problem.ts";
import { unknownFingerprint } from "./fingerprint.ts";
import { requireAllMedia } from "./media-problems.ts";
import { relinkMedia } from "./relink.ts";

/** Where else than beside a chain file the files of its inserts may lie. */
export type ChainSearch = {
  /** Absolute. */
  readonly workingFolder: string;
  /** Searched by name, in this order. */
  readonly mediaFolders: readonly string[];
  readonly signal?: AbortSignal;
};

/** Native path of each file that the inserts name, by the path as written. */
export type ChainFiles = ReadonlyMap<string, string>;

/** The files that inserts name, each once; in a chain file `file` is a path. */
export const namedFiles = (processors: readonly Processor[]): readonly string[] => [
  ...new Set(processors.flatMap(({ file }) => (typeof file === "string" ? [file] : []))),
];

/** Problems and warnings of one insert's file, at its place in the chain. */
const at = (problems: readonly Problem[], pointer: string): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, pointer }));

/** Finds the files of a chain by the rules for documents: beside the chain file, in the working folder, in the media folders, nowhere else. */
export const findChainFiles = async (
  files: FilePort,
  processors: readonly Processor[],
  chainFolder: string,
  { workingFolder, mediaFolders, signal }: ChainSearch,
): Promise<Result<ChainFiles>> => {
  const timecode = { frameRate: "25", dropFrame: false, startTicks: "0" };
  const references = namedFiles(processors).map((path) => ({
    id: path,
    path,
    fingerprint: unknownFingerprint,
    uses: [],
  }));
  const relinked = await relinkMedia(files, references, {
    mediaFolders,
    baseFolders: [chainFolder, workingFolder],
    trust: "document",
    ...(signal ? { signal } : {}),
  });
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const one of relinked) {
    const pointer = `/${processors.findIndex(({ file }) => file === one.id)}/file`;
    const path = requireAllMedia([one], timecode);
    if (path.ok) {
      found.set(one.id, path.value[one.id]!);
      warnings.push(...at(path.warnings, pointer));
    } else problems.push(...at(path.problems, pointer));
  }
  return problems.length > 0 ? failMany(problems, problems.length) : ok(found, warnings);
};
