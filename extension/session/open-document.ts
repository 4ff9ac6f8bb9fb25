import type { FilePort } from "../../engine/files.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { parseDocumentBytes } from "../../schema/json-text.ts";
import type { Result } from "../../schema/problem.ts";

/** Reads and checks a document file, JSON or MessagePack; problems carry file, line and column. */
export const openDocument = async (files: FilePort, path: string): Promise<Result<MixDocument>> =>
  parseDocumentBytes(await files.readBytes(path, MAX_BYTES), path);
