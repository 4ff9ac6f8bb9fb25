import { canonicalText, documentHash } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { isMembers, type Members } from "../../../schema/layers/layer.ts";
import { ok, type Problem, type Result } from "../../../schema/problem.ts";
import { findTargetProfile } from "../../../schema/target-profiles.ts";
import type { Timeline } from "../../interchange/timeline.ts";
import { relinkedPathOf } from "../document-path.ts";
import { reportSequence } from "../document-report.ts";
import { importTimeline } from "../import-sequence.ts";
import { kindOfPath } from "../media-path.ts";
import type { MixReport } from "../mix-report.ts";
import { type OpenedDocument, openDocument, openLayered, resolveFile } from "../open-document.ts";
import type { SessionPorts } from "../ports.ts";
import { settle, take } from "../settle.ts";
import { requireValid } from "../valid-document.ts";
import { writeDocument } from "../write-document.ts";
import { conformDocument } from "./conform-document.ts";
import type { ConformReport } from "./conform-report.ts";
import { leftToLayers } from "./leave-to-layers.ts";

/** The new cut: a sequence that the host was seeded with, or a mix document of it. */
export type NewCut = { readonly timeline: Timeline } | { readonly documentFile: string };

export type ConformRequest = {
  readonly documentFile: string;
  readonly cut: NewCut;
  readonly outputFile: string;
  readonly mediaFolders: readonly string[];
};

/** What `premix conform --json` prints, and what is kept beside the document. */
export type ConformFileReport = ConformReport &
  Pick<MixReport, "ok" | "exitCode" | "document" | "sequence"> & { readonly reportFile: string };

/** The same document, its media named as seen from another folder. */
const seenFrom = (files: SessionPorts["files"], document: MixDocument, from: string, to: string): MixDocument => ({
  ...document,
  media: Object.fromEntries(
    Object.entries(document.media).map(([id, medium]) => {
      if (from === to || kindOfPath(medium.path) !== "relative") return [id, medium];
      return [id, { ...medium, path: relinkedPathOf(files.join(from, medium.path), new Map(), [], to) }];
    }),
  ),
});

const readCut = async (ports: SessionPorts, request: ConformRequest, folder: string, warnings: Problem[]) => {
  const { cut, mediaFolders } = request;
  if ("documentFile" in cut) {
    const document = take(await openDocument(ports.files, cut.documentFile), warnings);
    return seenFrom(ports.files, document, ports.files.folderOf(cut.documentFile), folder);
  }
  // Targets come from the mix; an import only has to have some.
  const profile = take(findTargetProfile("ebu-r128"));
  return (await importTimeline(ports, { timeline: cut.timeline, mediaFolders, profile }, folder, warnings)).document;
};

/** In the folder where it was, the mix goes on living on its layers; elsewhere it holds all that they gave. */
const fileValue = (
  conformed: MixDocument,
  opened: OpenedDocument,
  outputFile: string,
  isSameFolder: boolean,
): Members => {
  const { extends: _, ...complete } = conformed;
  if (opened.layers.sources.length === 0) return conformed;
  if (!isSameFolder) return complete;
  const value = leftToLayers(conformed, opened.document, opened.file.value);
  if (!isMembers(value)) return complete;
  const text = canonicalText(value);
  const again = resolveFile({ path: outputFile, text, value }, opened.layers);
  return again.ok && documentHash(again.value.document) === documentHash(conformed) ? value : complete;
};

const reportFileOf = (outputFile: string): string =>
  `${outputFile.replace(/(?:\.mix)?\.json$|\.mixb$|\.msgpack$/i, "")}.conform.json`;

/**
 * Carries a mix onto a changed cut and writes the new document, with a report beside it that holds what became of every clip and,
 * whole, what is not there any more.
 */
export const conformFile = (ports: SessionPorts, request: ConformRequest): Promise<Result<ConformFileReport>> =>
  settle(async () => {
    const { files } = ports;
    const { documentFile, outputFile } = request;
    const warnings: Problem[] = [];
    const folder = files.folderOf(outputFile);
    const opened = take(await openLayered(files, documentFile), warnings);
    const next = await readCut(ports, request, folder, warnings);
    const { document, report } = conformDocument(
      seenFrom(files, opened.document, files.folderOf(documentFile), folder),
      next,
    );
    requireValid(document);
    const reportFile = reportFileOf(outputFile);
    const complete: ConformFileReport = {
      ok: true,
      exitCode: 0,
      document: { path: outputFile, hash: documentHash(document) },
      reportFile,
      sequence: reportSequence(document),
      ...report,
      warnings: [...new Set([...report.warnings, ...warnings.map(({ message }) => message)])],
    };
    await files.makeFolder(folder);
    // The report first: what is gone is kept before the document that has it no more.
    await files.writeAtomic(reportFile, new TextEncoder().encode(`${JSON.stringify(complete, null, 2)}\n`));
    await writeDocument(
      files,
      outputFile,
      fileValue(document, opened, outputFile, folder === files.folderOf(documentFile)),
    );
    return ok(complete);
  });
