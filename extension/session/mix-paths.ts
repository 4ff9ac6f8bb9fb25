import type { FilePort } from "../../engine/files.ts";
import { fileSlug } from "../../engine/stem-output.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";

/** Where a mix's files lie inside its `mix/` folder. */
export type MixPaths = {
  /** Safe, unique base name: the sequence's, and the beginning of its id. */
  readonly slug: string;
  readonly documentFolder: string;
  readonly document: string;
  readonly renders: string;
  /** Sidecars of the media, for all sequences. */
  readonly analysis: string;
  readonly reports: string;
};

/** The places of one sequence below a `mix/` folder. */
export const mixPaths = (files: FilePort, mixFolder: string, { sequence }: Pick<MixDocument, "sequence">): MixPaths => {
  const slug = `${fileSlug(sequence.name)}-${sequence.id.split("_").at(-1)!.slice(0, 6)}`;
  const documentFolder = files.join(mixFolder, "documents");
  return {
    slug,
    documentFolder,
    document: files.join(documentFolder, `${slug}.mix.json`),
    renders: files.join(mixFolder, "renders", slug),
    analysis: files.join(mixFolder, "analysis"),
    reports: files.join(mixFolder, "reports"),
  };
};
