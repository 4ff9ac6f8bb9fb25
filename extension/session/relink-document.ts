import { documentHash } from "../../schema/canonical.ts";
import type { Media, MixDocument } from "../../schema/generated/mix-document.ts";
import { exitCodeOf, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { searchFolders } from "./allowed-paths.ts";
import { findDocumentMedia } from "./document-media.ts";
import { relinkedPathOf } from "./document-path.ts";
import { documentTimecode } from "./document-report.ts";
import { foldName, kindOfPath, liesIn } from "./media-path.ts";
import { mediaProblem } from "./media-problems.ts";
import { mediumOf } from "./medium-of.ts";
import { openLayered, resolveFile } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import { pathVariables } from "./project/path-variables.ts";
import type { MediaState, RelinkedMedia } from "./relink.ts";
import { settle, take } from "./settle.ts";
import { writeDocument } from "./write-document.ts";

export type RelinkRequest = {
  readonly documentFile: string;
  readonly mediaFolders: readonly string[];
  /** Media by id or name that the user takes as they are now; with a file, that file in their place (absolute). */
  readonly accepted: readonly { readonly media: string; readonly file: string | null }[];
  /** false: only says what would be written. */
  readonly write: boolean;
};

export type RelinkEntry = {
  readonly id: string;
  readonly name: string;
  readonly state: MediaState | "accepted";
  readonly by: RelinkedMedia["by"];
  /** As the document has it, and as it has it afterwards. */
  readonly path: string;
  readonly newPath: string;
  /** Native; null when it is nowhere. */
  readonly file: string | null;
  readonly candidates: readonly string[];
  /** Clips and cues that play it. */
  readonly uses: number;
};

export type RelinkReport = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly document: { readonly path: string; readonly hash: string };
  readonly counts: Readonly<Record<RelinkEntry["state"], number>>;
  readonly media: readonly RelinkEntry[];
  readonly written: boolean;
  readonly errors: readonly Problem[];
  readonly warnings: readonly string[];
};

type Job = {
  readonly ports: Pick<SessionPorts, "files" | "engine" | "signal">;
  readonly request: RelinkRequest;
  readonly variables: ReadonlyMap<string, string>;
  readonly document: MixDocument;
};

const mediaNamed = ({ document }: Job, word: string): string => {
  const all = Object.entries(document.media);
  const found = document.media[word]
    ? [word]
    : all.filter(([, { name }]) => foldName(name) === foldName(word)).map(([id]) => id);
  if (found.length === 1) return found[0]!;
  const what = found.length === 0 ? "No medium has" : `${found.length} media have`;
  const allowed = found.length === 0 ? all.map(([, { name }]) => name) : found;
  const message = `${what} the id or name "${word}"; --accept takes one of ${allowed.slice(0, 20).join(", ")}.`;
  throw new ProblemError({ code: "usage", message, allowed });
};

/** The file that takes a medium's place; only the user's word allows it, and only where the document can name it. */
const acceptedFile = ({ ports, request, variables }: Job, one: RelinkedMedia, file: string | null): string => {
  const folder = ports.files.folderOf(request.documentFile);
  if (file === null && one.state === "changed") return one.path!;
  if (file === null) {
    const message = `Media "${one.reference.path}" is ${one.state}: say which file to take, --accept "${one.id}=<file>".`;
    throw new ProblemError({ code: "usage", message, allowed: one.candidates });
  }
  const places = searchFolders({ mediaFolders: request.mediaFolders, variables, baseFolders: [], trust: "document" });
  const isNamable =
    places.some((place) => liesIn(file, place)) || !relinkedPathOf(file, variables, [], folder).startsWith("$");
  if (isNamable) return file;
  const message = `"${file}" lies outside the document's project and the media folders; add its folder with --media.`;
  throw new ProblemError({ code: "path-refused", message, file });
};

const newPathOf = ({ ports, request, variables }: Job, { state, path, reference }: RelinkedMedia): string => {
  const kind = kindOfPath(reference.path);
  const stays = state === "found" && (kind === "relative" || kind === "variable");
  if (path === null || state === "changed" || stays) return reference.path;
  return relinkedPathOf(path, variables, request.mediaFolders, ports.files.folderOf(request.documentFile));
};

type Relinked = { readonly entry: RelinkEntry; readonly medium: Media; readonly problem: Problem | null };

const entryOf = (job: Job, one: RelinkedMedia): RelinkEntry => {
  const { id, state, by, path, candidates, reference } = one;
  const { name } = job.document.media[id]!;
  const uses = reference.uses.length;
  return { id, name, state, by, path: reference.path, newPath: newPathOf(job, one), file: path, candidates, uses };
};

const settleOne = async (job: Job, one: RelinkedMedia, accepted: string | null | undefined): Promise<Relinked> => {
  const entry = entryOf(job, one);
  const medium = job.document.media[one.id]!;
  if (accepted === undefined || (accepted === null && one.state === "found")) {
    const problem = mediaProblem(one, documentTimecode(job.document));
    return { entry, medium: { ...medium, path: entry.newPath }, problem };
  }
  const file = acceptedFile(job, one, accepted);
  const newPath = accepted === null ? entry.path : newPathOf(job, { ...one, state: "moved", path: file });
  const now = take(await mediumOf(job.ports, file, newPath));
  const { bextTimeReference: _, umid: __, ...kept } = medium;
  return { entry: { ...entry, state: "accepted", newPath, file }, medium: { ...kept, ...now }, problem: null };
};

const countsOf = (entries: readonly RelinkEntry[]): RelinkReport["counts"] => {
  const counts = { found: 0, moved: 0, accepted: 0, changed: 0, missing: 0, ambiguous: 0 };
  for (const { state } of entries) counts[state] += 1;
  return counts;
};

/**
 * Says of every medium of a document whether it is where it should be; writes the new paths (relative or behind a variable, never
 * absolute) when asked to. A changed medium stays refused until it is accepted.
 */
export const relinkDocument = (
  ports: Pick<SessionPorts, "files" | "engine" | "signal">,
  request: RelinkRequest,
): Promise<Result<RelinkReport>> =>
  settle(async () => {
    const { documentFile, mediaFolders } = request;
    const warnings: Problem[] = [];
    const opened = take(await openLayered(ports.files, documentFile), warnings);
    const { document } = opened;
    const job: Job = { ports, request, document, variables: await pathVariables(ports.files, documentFile) };
    const accepted = new Map(request.accepted.map(({ media, file }) => [mediaNamed(job, media), file]));
    const ids = Object.keys(document.media);
    const found = await findDocumentMedia(ports, document, ids, documentFile, mediaFolders);
    const relinked: Relinked[] = [];
    for (const one of found) relinked.push(await settleOne(job, one, accepted.get(one.id)));
    const media = Object.fromEntries(relinked.map(({ entry, medium }) => [entry.id, medium]));
    const value = { ...opened.file.value, media };
    const resolved = take(resolveFile({ path: documentFile, text: null, value }, opened.layers));
    if (request.write) await writeDocument(ports.files, documentFile, value);
    const errors = relinked.flatMap(({ problem }) => problem ?? []);
    const entries = relinked.map(({ entry }) => entry);
    return ok({
      ok: errors.length === 0,
      exitCode: exitCodeOf(errors),
      document: { path: documentFile, hash: documentHash(resolved.document) },
      counts: countsOf(entries),
      media: entries,
      written: request.write,
      errors,
      warnings: [...new Set(warnings.map(({ message }) => message))],
    });
  });
