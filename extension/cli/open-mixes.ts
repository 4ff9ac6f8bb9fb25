import type { FilePort } from "../../engine/files.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { parseDocumentBytes } from "../../schema/json-text.ts";
import { ok, type Result } from "../../schema/problem.ts";
import { readTimelines } from "../interchange/read-timeline.ts";
import { timelineDocument } from "../session/timeline-document.ts";

/** The mixes of a file: one document, or every sequence of a project. */
export type Mixes = { readonly isProject: boolean; readonly documents: readonly MixDocument[] };

const MAX_BYTES = 256 * 1024 * 1024;

/** gzip, or a first character that begins XML. */
const isProject = (bytes: Uint8Array): boolean => {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  return /^(\u00ef\u00bb\u00bf|\u00fe\u00ff|\u00ff\u00fe)?[\s\0]*</.test(head);
};

/** What is in a file's bytes, by their look and not by the name: git hands over temporary files. */
export const mixesOf = async (bytes: Uint8Array, fileName: string): Promise<Result<Mixes>> => {
  if (!isProject(bytes)) {
    const document = parseDocumentBytes(bytes, fileName);
    return document.ok ? ok({ isProject: false, documents: [document.value] }) : document;
  }
  const timelines = await readTimelines(bytes, fileName);
  if (!timelines.ok) return timelines;
  return ok({ isProject: true, documents: timelines.value.map(timelineDocument) }, timelines.warnings);
};

/** The same of a file. */
export const openMixes = async (files: FilePort, path: string): Promise<Result<Mixes>> =>
  mixesOf(await files.readBytes(path, MAX_BYTES), path);
