import type { MediaPaths } from "../../engine/engine.ts";
import { insertMedia, soundingMedia } from "../../engine/plan-render.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { projectFolderOf } from "./document-path.ts";
import { documentTimecode } from "./document-report.ts";
import type { SessionPorts } from "./ports.ts";
import { quickHash } from "./quick-hash.ts";
import { type MediaReference, type RelinkedMedia, relinkMedia, requireAllMedia } from "./relink.ts";
import { take } from "./settle.ts";

const references = (document: MixDocument): MediaReference[] =>
  [...new Set([...soundingMedia(document), ...insertMedia(document)])].map((id) => {
    const medium = document.media[id];
    if (!medium) throw new TypeError(`no media ${id}: the document was not validated`);
    const clips = document.tracks.flatMap(({ clips: list }) => list.filter(({ media }) => media === id));
    const cues = (document.cues ?? []).filter(({ source }) => source.kind === "file" && source.media === id);
    const uses = [...clips, ...cues].map(({ name, startTicks }) => ({ clip: name, startTicks }));
    return { id, path: medium.path, sizeBytes: medium.sizeBytes, uses };
  });

/** A file under its own path that is not the one the mix was made with: rendering it would be another mix. */
const changedProblems = async (
  ports: SessionPorts,
  document: MixDocument,
  { id, path }: RelinkedMedia,
): Promise<Problem[]> => {
  const medium = document.media[id];
  if (!medium || path === null) return [];
  const facts = await ports.files.facts(path);
  const sameSize = medium.sizeBytes === null || facts?.sizeBytes === medium.sizeBytes;
  if (sameSize && (medium.quickHash === null || (await quickHash(ports.files, path)) === medium.quickHash)) return [];
  const message = `Media "${medium.name}" is not the file this document was mixed with (its ${sameSize ? "content" : "size"} differs). Put the old file back, or mix the sequence again.`;
  return [{ code: "changed-media", message, file: path }];
};

/** Native paths of all media that a document plays; a document may only name files in its own folder, its project and the media folders. */
export const documentMedia = async (
  ports: SessionPorts,
  document: MixDocument,
  documentFile: string,
  mediaFolders: readonly string[],
): Promise<Result<MediaPaths>> => {
  const baseFolder = ports.files.folderOf(documentFile);
  const timecode = documentTimecode(document);
  const relinked = await relinkMedia(ports.files, references(document), {
    mediaFolders,
    baseFolders: [baseFolder],
    projectFolder: projectFolderOf(baseFolder),
    trust: "document",
    timecode,
    ...(ports.signal ? { signal: ports.signal } : {}),
  });
  const warnings: Problem[] = [];
  const paths = take(requireAllMedia(relinked, timecode), warnings);
  const changed: Problem[] = [];
  for (const one of relinked) changed.push(...(await changedProblems(ports, document, one)));
  if (changed.length > 0) throw new ProblemError(...changed);
  return ok(paths, warnings);
};
