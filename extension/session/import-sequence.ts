import { canonicalText, documentHash } from "../../schema/canonical.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import type { TargetProfile } from "../../schema/target-profiles.ts";
import { type FidelityCounts, fidelityCounts } from "../interchange/fidelity.ts";
import type { FidelityEntry, Timeline } from "../interchange/timeline.ts";
import { type BuiltDocument, buildDocument } from "./build-document.ts";
import { reportClips, reportSequence } from "./document-report.ts";
import { gatherMedia, timecodeBaseOf } from "./gather-media.ts";
import type { MixReport } from "./mix-report.ts";
import type { SessionPorts } from "./ports.ts";
import { enrich, requireClips } from "./read-sequence.ts";
import { settle, take } from "./settle.ts";
import { requireValid } from "./valid-document.ts";

export type ImportRequest = {
  /** What was read from the project file; the host was seeded with it. */
  readonly timeline: Timeline;
  readonly documentFile: string;
  readonly mediaFolders: readonly string[];
  readonly profile: TargetProfile;
};

/** What `premix import --json` prints: counts, and one entry for each property of the file. */
export type ImportReport = Pick<MixReport, "ok" | "exitCode" | "document" | "sequence" | "clips" | "warnings"> & {
  readonly format: Timeline["format"];
  readonly formatVersion: string;
  readonly counts: FidelityCounts;
  readonly properties: readonly FidelityEntry[];
};

/** A project file's sequence as a document seen from `documentFolder`, not listened to; media that are not here are only warned about. */
export const importTimeline = async (
  ports: SessionPorts,
  { timeline, mediaFolders, profile }: Omit<ImportRequest, "documentFile">,
  documentFolder: string,
  warnings: Problem[],
): Promise<BuiltDocument> => {
  take(await ports.host.connect());
  const snapshot = take(await ports.host.readSequence(undefined, ports.signal), warnings);
  const enriched = enrich(snapshot, timeline);
  warnings.push(...enriched.warnings);
  const facts = take(requireClips(enriched.value));
  const base = timecodeBaseOf(facts, timeline.frameRate);
  const options = { mediaFolders, documentFolder, required: false };
  const media = take(await gatherMedia(ports, facts, base, options), warnings);
  const built = buildDocument({ facts, media: media.byHostPath, profile, analyses: new Map() });
  warnings.push(...built.warnings);
  requireValid(built.document);
  return built;
};

/** Writes a project file's sequence down as a mix document, without listening to it; media that are not here are only warned about. */
export const importSequence = (ports: SessionPorts, request: ImportRequest): Promise<Result<ImportReport>> =>
  settle(async () => {
    const { timeline, documentFile } = request;
    const warnings: Problem[] = [];
    const documentFolder = ports.files.folderOf(documentFile);
    const built = await importTimeline(ports, request, documentFolder, warnings);
    await ports.files.makeFolder(documentFolder);
    await ports.files.writeAtomic(documentFile, new TextEncoder().encode(canonicalText(built.document)));
    const { fidelity, format, formatVersion } = timeline;
    return ok({
      ok: true,
      exitCode: 0,
      document: { path: documentFile, hash: documentHash(built.document) },
      format,
      formatVersion,
      sequence: reportSequence(built.document),
      counts: fidelityCounts(fidelity),
      properties: fidelity,
      clips: reportClips(built.document, (id) => built.roles.get(id)?.evidence),
      warnings: [...new Set(warnings.map(({ message }) => message))],
    });
  });
