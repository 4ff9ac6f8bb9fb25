import { partOfBytes } from "../../engine/chunk-file-writer.ts";
import type { FilePort } from "../../engine/files.ts";
import { canonicalText, documentHash } from "../../schema/canonical.ts";
import { encodeMessagePack } from "../../schema/codec.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { carryOver } from "../../schema/layers/carry-over.ts";
import type { Members } from "../../schema/layers/layer.ts";
import { DOCUMENT_CHUNK, openBundle, otherParts, writeBundle } from "./bundle.ts";
import { type OpenedDocument, resolveFile } from "./open-document.ts";
import { take } from "./settle.ts";

/** Everything that a bundle holds beside its document stays in it. */
const writeInBundle = async (files: FilePort, path: string, document: Uint8Array): Promise<void> => {
  const before = (await files.facts(path)) ? await openBundle(files, path) : null;
  const parts = [partOfBytes(DOCUMENT_CHUNK, document), ...(before ? otherParts(before) : [])];
  await writeBundle(files, path, parts, async () => void (await before?.source.close()));
};

/** Writes a document, complete or with what its layers give left out, in the form that the file's name says: a `.mixb` bundle, `.msgpack`, else text. */
export const writeDocument = async (files: FilePort, path: string, document: Members): Promise<void> => {
  if (/\.mixb$/i.test(path)) return writeInBundle(files, path, take(encodeMessagePack(document)));
  const isMessagePack = /\.msgpack$/i.test(path);
  const bytes = isMessagePack ? take(encodeMessagePack(document)) : new TextEncoder().encode(canonicalText(document));
  return files.writeAtomic(path, bytes);
};

/**
 * Writes an opened document after a change: its file keeps what it says itself and takes on the change; what its layers say stays
 * unsaid. Where a change cannot be said on top of the layers, the complete document is written.
 */
export const writeChanged = async (files: FilePort, opened: OpenedDocument, changed: MixDocument): Promise<void> => {
  const { file, layers, document } = opened;
  const value = carryOver(file.value, document, changed);
  const again = resolveFile({ path: file.path, text: null, value }, layers);
  const isSaid = again.ok && documentHash(again.value.document) === documentHash(changed);
  await writeDocument(files, file.path, isSaid ? value : changed);
};
