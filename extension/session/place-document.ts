import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { documentTimecode } from "./document-report.ts";
import type { MixReport } from "./mix-report.ts";
import { placedTracks, placeStems } from "./place-stems.ts";
import type { SessionPorts } from "./ports.ts";
import { enrich } from "./read-sequence.ts";
import { type RenderRequest, renderOpened } from "./render-document.ts";
import { settle, take, throwIfCancelled } from "./settle.ts";
import { writeReport } from "./write-report.ts";

export type PlaceDocumentRequest = RenderRequest & { readonly reportFolder: string; readonly reportName: string };

/** Renders a document that was mixed before, exactly as it stands, and places its stems in the host's sequence. */
export const placeDocument = (ports: SessionPorts, request: PlaceDocumentRequest): Promise<Result<MixReport>> =>
  settle(async () => {
    const warnings: Problem[] = [];
    take(await ports.host.connect());
    const snapshot = take(await ports.host.readSequence(undefined, ports.signal), warnings);
    const facts = enrich(snapshot, null).value;
    const { document, render, report } = await renderOpened(ports, request);
    throwIfCancelled(ports.signal);
    const placed = take(await placeStems(ports, document, render.files, facts), warnings);
    const complete: MixReport = {
      ...report,
      placed: placedTracks(placed),
      originalsUnchanged: placed.originalsUnchanged,
      decisions: document.decisions,
      warnings: [...new Set([...report.warnings, ...placed.warnings])],
    };
    const base = documentTimecode(document);
    return ok(await writeReport(ports.files, request.reportFolder, request.reportName, complete, base));
  });
