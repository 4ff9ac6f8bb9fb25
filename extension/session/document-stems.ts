import type { RenderedFile } from "../../engine/engine.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import type { LoudnessMethod } from "./loudness-method.ts";

type Routed = Pick<MixDocument, "buses" | "stems">;

/** Id of the stem that carries the whole mix: the master's; null when the document writes none. */
export const masterStemId = ({ buses, stems }: Routed): string | null => {
  const master = buses.find(({ kind }) => kind === "master");
  return stems.find(({ from }) => from === master?.id)?.id ?? null;
};

/** Id of the stem that carries the dialogue; null when the document writes none. */
export const dialogueStemId = ({ stems }: Routed): string | null =>
  stems.find(({ role }) => role === "dialogue")?.id ?? null;

/** The rendered mix; where a document writes none, its last stem stands for it. */
export const renderedMix = (document: Routed, files: readonly RenderedFile[]): RenderedFile => {
  const id = masterStemId(document);
  const mix = files.find(({ stemId }) => stemId === id) ?? files.at(-1);
  if (!mix) throw new TypeError("a render without files has no mix");
  return mix;
};

/** Loudness in LUFS by which a render is compared with its target; null in silence or without the stem that it asks for. */
export const measuredLoudness = (
  document: Routed,
  files: readonly RenderedFile[],
  method: LoudnessMethod,
): number | null => {
  if (method === "programme") return renderedMix(document, files).measures.integratedLufs;
  const id = dialogueStemId(document);
  return files.find(({ stemId }) => stemId === id)?.measures.integratedLufs ?? null;
};
