import type { FilePort } from "../../engine/files.ts";
import { canonicalText } from "../../schema/canonical.ts";
import { encodeMessagePack } from "../../schema/codec.ts";
import type { Members } from "../../schema/layers/layer.ts";
import { take } from "./settle.ts";

const isBinary = (path: string) => /\.(mixb|msgpack)$/i.test(path);

/** Writes a document, complete or with what its layers give left out, in the form that the file's name says. */
export const writeDocument = (files: FilePort, path: string, document: Members): Promise<void> =>
  files.writeAtomic(
    path,
    isBinary(path) ? take(encodeMessagePack(document)) : new TextEncoder().encode(canonicalText(document)),
  );
