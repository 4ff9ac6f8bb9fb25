import type { FilePort } from "../../engine/files.ts";
import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { readTimelines } from "../interchange/read-timeline.ts";
import type { Timeline } from "../interchange/timeline.ts";

/** What `premix mix` was pointed at. */
export type MixInput =
  | { readonly kind: "project"; readonly file: string }
  | { readonly kind: "mix-folder"; readonly folder: string; readonly documentFile: string };

const MAX_PROJECT_BYTES = 256 * 1024 * 1024;

const usage = (message: string, file: string): Problem => ({ code: "usage", message, file });

const documentsIn = async (files: FilePort, folder: string): Promise<readonly string[]> => {
  const documents = files.join(folder, "documents");
  if ((await files.facts(documents))?.kind !== "folder") return [];
  return [...(await files.list(documents))]
    .filter((name) => /\.mix\.json$|\.mixb$/.test(name))
    .sort()
    .map((name) => files.join(documents, name));
};

/** Finds out what a path is, by looking at it: a project file, or a `mix/` folder with exactly one document. */
export const classifyInput = async (files: FilePort, path: string): Promise<Result<MixInput>> => {
  const facts = await files.facts(path);
  if (!facts) return fail(usage(`There is nothing at "${path}". Name a .prproj, an FCP7 .xml or a mix/ folder.`, path));
  if (facts.kind === "other") {
    return fail(usage(`"${path}" is neither a file nor a folder (a pipe or a device) and is not opened.`, path));
  }
  if (facts.kind === "file") {
    if (!/\.(mix\.json|mixb)$/i.test(path)) return ok({ kind: "project", file: path });
    return fail(usage(`"${path}" is a mix document: render it with premix render, or name its mix/ folder.`, path));
  }
  const documents = await documentsIn(files, path);
  if (documents.length === 1) return ok({ kind: "mix-folder", folder: path, documentFile: documents[0]! });
  const what = documents.length === 0 ? "holds no document" : `holds ${documents.length} documents`;
  const how = "A mix/ folder with exactly one documents/*.mix.json can be mixed; render others with premix render.";
  return fail({ ...usage(`"${path}" ${what}. ${how}`, path), allowed: documents });
};

/** The sequences of a project file, the wanted one (or the first) in front. */
export const readProject = async (
  files: FilePort,
  file: string,
  sequence: string | undefined,
): Promise<Result<{ readonly timeline: Timeline; readonly timelines: readonly Timeline[] }>> => {
  const bytes = await files.readBytes(file, MAX_PROJECT_BYTES);
  const read = await readTimelines(bytes, file, sequence === undefined ? {} : { sequence });
  if (!read.ok) return read;
  const timeline = read.value[0];
  if (!timeline) return fail({ code: "meaning", message: "The file holds no sequence.", file });
  const names = read.value.map(({ name }) => `"${name}"`).join(", ");
  const several: readonly Problem[] =
    read.value.length === 1
      ? []
      : [
          {
            code: "meaning",
            message: `The file holds ${read.value.length} sequences (${names}); the first was taken. Choose with --sequence.`,
            file,
          },
        ];
  return ok({ timeline, timelines: read.value }, [...read.warnings, ...several]);
};
