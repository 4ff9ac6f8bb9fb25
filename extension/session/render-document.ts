import type { RenderOptions, RenderResult } from "../../engine/engine.ts";
import { documentHash } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { documentMedia } from "./document-media.ts";
import { documentTimecode, reportClips, reportSequence, reportStems } from "./document-report.ts";
import type { MixReport } from "./mix-report.ts";
import { openDocument } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, take } from "./settle.ts";
import { judgeRender } from "./verdict.ts";
import { writeReport } from "./write-report.ts";

export type RenderRequest = Pick<RenderOptions, "threads" | "blockFrames"> & {
  readonly documentFile: string;
  /** Receives the stems and the report. */
  readonly outputFolder: string;
  readonly mediaFolders: readonly string[];
};

/** Name of the document without its extensions. */
const reportName = (fileName: string) => fileName.replace(/(?:\.mix)?\.(?:json|mixb|msgpack)$|\.mixb$/i, "") || "mix";

/** A document rendered as it stands, and what there is to report of it. */
export type RenderedDocument = {
  readonly document: MixDocument;
  readonly render: RenderResult;
  readonly report: MixReport;
};

/** Opens, relinks, renders and judges a document; throws ProblemErrors. Writes the stems, not the report. */
export const renderOpened = async (ports: SessionPorts, request: RenderRequest): Promise<RenderedDocument> => {
  const { files, engine, onProgress, signal } = ports;
  const { documentFile, outputFolder, mediaFolders, threads, blockFrames } = request;
  const warnings: Problem[] = [];
  const document = take(await openDocument(files, documentFile), warnings);
  const media = take(await documentMedia(ports, document, documentFile, mediaFolders), warnings);
  const render = take(
    await engine.render(document, media, {
      outputFolder,
      ...(threads === undefined ? {} : { threads }),
      ...(blockFrames === undefined ? {} : { blockFrames }),
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    }),
  );
  const { findings, target } = judgeRender(document, render.files);
  const exitCode = target.verdict === "fail" ? 5 : 0;
  const said = [...findings, ...warnings.map(({ message }) => message), ...render.warnings];
  const report: MixReport = {
    ok: exitCode === 0,
    exitCode,
    document: { path: documentFile, hash: documentHash(document) },
    sequence: reportSequence(document),
    clips: reportClips(document, () => undefined),
    ...reportStems(document, render.files),
    target,
    warnings: [...new Set(said)],
  };
  return { document, render, report };
};

/** Renders a document as it stands: no host, no balance. The same document and media always give the same bytes. */
export const renderDocument = (ports: SessionPorts, request: RenderRequest): Promise<Result<MixReport>> =>
  settle(async () => {
    const { files } = ports;
    const { documentFile, outputFolder } = request;
    const { document, report } = await renderOpened(ports, request);
    const name = reportName(files.baseName(documentFile));
    return ok(await writeReport(files, outputFolder, name, report, documentTimecode(document)));
  });
