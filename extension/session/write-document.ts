import type { FilePort } from "../../engine/files.ts";
import { canonicalText } from "../../schema/canonical.ts";
import { encodeMessagePack } from "../../schema/codec.ts";
import type { Members } from "../../schema/layers/layer.ts";
import { DOCUMENT_CHUNK, openBundle, otherParts, partOfBytes, writeBundle } from "./bundle.ts";
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
