import { documentHash } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { type FidelityCounts, FidelityTally, fidelityCounts } from "../interchange/fidelity.ts";
import type { FidelityEntry } from "../interchange/timeline.ts";
import { type WritableFormat, writeTimeline } from "../interchange/write-timeline.ts";
import { tallyDocument } from "./document-properties.ts";
import { documentTimecode, reportSequence } from "./document-report.ts";
import { documentTimeline } from "./document-timeline.ts";
import { exportMedia } from "./export-media.ts";
import { withStems } from "./export-stems.ts";
import type { MixReport } from "./mix-report.ts";
import { openDocument } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, take } from "./settle.ts";
import { formatTimecode } from "./timecode.ts";

export type ExportRequest = {
  readonly documentFile: string;
  readonly outputFile: string;
  readonly format: WritableFormat;
  readonly mediaFolders: readonly string[];
  /** Folder of a render whose stems stand on new tracks; null = none. */
  readonly stemsFolder: string | null;
};

/** What `premix export --json` prints: counts, and one entry for each property of the document. */
export type ExportReport = Pick<MixReport, "ok" | "exitCode" | "document" | "sequence" | "warnings"> & {
  readonly format: WritableFormat;
  readonly file: string;
  readonly bytes: number;
  readonly counts: FidelityCounts;
  readonly properties: readonly FidelityEntry[];
  /** Names of the tracks that carry the stems. */
  readonly stemTracks: readonly string[];
};

type Written = { readonly bytes: Uint8Array; readonly tally: FidelityTally; readonly stemTracks: readonly string[] };

const write = async (
  ports: SessionPorts,
  document: MixDocument,
  { format, mediaFolders, stemsFolder }: ExportRequest,
  warnings: Problem[],
): Promise<Written> => {
  const tally = new FidelityTally();
  tallyDocument(document, tally);
  const paths = take(await exportMedia(ports, document, mediaFolders), warnings);
  const own = documentTimeline(document, { tally, mediaPathOf: (id, { path }) => paths.get(id) ?? path });
  const timeline = stemsFolder === null ? own : await withStems(ports, document, own, stemsFolder);
  const { sequence } = document;
  const startTimecode = formatTimecode("0", documentTimecode({ ...document, sequence }));
  const bytes = take(writeTimeline(format, timeline, { startTimecode, tally }), warnings);
  return { bytes, tally, stemTracks: timeline.tracks.slice(own.tracks.length).map(({ name }) => name) };
};

/** Writes a document as a project file of another program, with a report of what became of each of its properties. */
export const exportDocument = (ports: SessionPorts, request: ExportRequest): Promise<Result<ExportReport>> =>
  settle(async () => {
    const warnings: Problem[] = [];
    const document = take(await openDocument(ports.files, request.documentFile), warnings);
    const { bytes, tally, stemTracks } = await write(ports, document, request, warnings);
    await ports.files.writeAtomic(request.outputFile, bytes);
    const properties = tally.entries();
    return ok({
      ok: true,
      exitCode: 0,
      document: { path: request.documentFile, hash: documentHash(document) },
      format: request.format,
      file: request.outputFile,
      bytes: bytes.length,
      sequence: reportSequence(document),
      counts: fidelityCounts(properties),
      properties,
      stemTracks,
      warnings: [...new Set(warnings.map(({ message }) => message))],
    });
  });
