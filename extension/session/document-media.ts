import type { MediaPaths } from "../../engine/engine.ts";
import { insertMedia, soundingMedia } from "../../engine/plan-render.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { projectFolderOf } from "./document-path.ts";
import { documentTimecode } from "./document-report.ts";
import { audioFactsOf } from "./fingerprint.ts";
import { requireAllMedia } from "./media-problems.ts";
import type { SessionPorts } from "./ports.ts";
import { pathVariables } from "./project/path-variables.ts";
import { type MediaReference, type RelinkedMedia, relinkMedia } from "./relink.ts";
import { take } from "./settle.ts";

type Ports = Pick<SessionPorts, "files" | "engine" | "signal">;

/** A medium of a document with the clips and cues that play it. */
const referenceTo = (document: MixDocument, id: string): MediaReference => {
  const medium = document.media[id];
  if (!medium) throw new TypeError(`no media ${id}: the document was not validated`);
  const clips = document.tracks.flatMap(({ clips: list }) => list.filter(({ media }) => media === id));
  const cues = (document.cues ?? []).filter(({ source }) => source.kind === "file" && source.media === id);
  const uses = [...clips, ...cues].map(({ name, startTicks }) => ({ clip: name, startTicks }));
  return { id, path: medium.path, fingerprint: medium, uses };
};

/** Where each of these media of a document is; a document may only name files in its own folder, its project and the folders given. */
export const findDocumentMedia = async (
  { files, engine, signal }: Ports,
  document: MixDocument,
  ids: readonly string[],
  documentFile: string,
  mediaFolders: readonly string[],
): Promise<readonly RelinkedMedia[]> => {
  const baseFolder = files.folderOf(documentFile);
  return relinkMedia(
    files,
    ids.map((id) => referenceTo(document, id)),
    {
      mediaFolders,
      variables: await pathVariables(files, documentFile),
      baseFolders: [baseFolder],
      projectFolder: projectFolderOf(baseFolder),
      trust: "document",
      probe: async (path) => {
        const probed = await engine.probe(path);
        return probed.ok ? audioFactsOf(probed.value) : null;
      },
      ...(signal ? { signal } : {}),
    },
  );
};

/** Native paths of all media that a document plays; one that is missing, or is another file than it was, is a problem. */
export const documentMedia = async (
  ports: Ports,
  document: MixDocument,
  documentFile: string,
  mediaFolders: readonly string[],
): Promise<Result<MediaPaths>> => {
  const ids = [...new Set([...soundingMedia(document), ...insertMedia(document)])];
  const relinked = await findDocumentMedia(ports, document, ids, documentFile, mediaFolders);
  const warnings: Problem[] = [];
  const paths = take(requireAllMedia(relinked, documentTimecode(document)), warnings);
  return ok(paths, warnings);
};
