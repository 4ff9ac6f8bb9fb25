import type { MediaPaths } from "../../engine/engine.ts";
import type { Media } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import type { ClipMedia } from "./build-clip.ts";
import { documentPathOf } from "./document-path.ts";
import { unknownFingerprint } from "./fingerprint.ts";
import { foldName } from "./media-path.ts";
import { requireAllMedia } from "./media-problems.ts";
import { mediumOf } from "./medium-of.ts";
import type { SessionPorts } from "./ports.ts";
import type { ClipFacts, SequenceFacts } from "./read-sequence.ts";
import { type MediaReference, type RelinkedMedia, relinkMedia } from "./relink.ts";
import { take, throwIfCancelled } from "./settle.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";
import { hasOwnMedia, mustSound } from "./unsupported.ts";

export type GatherOptions = {
  readonly mediaFolders: readonly string[];
  /** Folder that will hold the document: the paths in it are written as seen from there. */
  readonly documentFolder: string;
  /** false: media that are not here are only warned about (an import keeps what it cannot see). */
  readonly required: boolean;
};

export type GatheredMedia = {
  /** By the path as the host told it. */
  readonly byHostPath: ReadonlyMap<string, ClipMedia>;
  readonly paths: MediaPaths;
};

type Wanted = { readonly reference: MediaReference; readonly hostPath: string; readonly needed: boolean };

/** How a sequence's timecode counts. */
export const timecodeBaseOf = ({ sequence, saved }: SequenceFacts, frameRate: string): TimecodeBase => ({
  frameRate: saved?.frameRate ?? frameRate,
  dropFrame: sequence.dropFrame,
  startTicks: sequence.zeroPointTicks,
});

/** As an export carried it, unless another medium has it by now; else from the path. */
const mediaIdOf = ({ reply, saved }: ClipFacts, taken: ReadonlySet<string>): string => {
  const carried = saved?.carried?.media;
  if (carried !== undefined && !taken.has(carried)) return carried;
  const folded = foldName(reply.mediaPath.replaceAll("\\", "/"));
  const id = stableId("med", folded);
  return taken.has(id) ? stableId("med", folded, reply.mediaPath) : id;
};

const wantedMedia = ({ tracks }: SequenceFacts): Wanted[] => {
  const byPath = new Map<string, Wanted>();
  const taken = new Set<string>();
  for (const { reply: track, clips } of tracks) {
    for (const clip of clips) {
      if (!hasOwnMedia(clip)) continue;
      const hostPath = clip.reply.mediaPath;
      const use = { clip: clip.reply.name, startTicks: clip.reply.startTicks };
      const old = byPath.get(hostPath);
      const uses = [...(old?.reference.uses ?? []), use];
      const id = old?.reference.id ?? mediaIdOf(clip, taken);
      taken.add(id);
      const reference: MediaReference = { id, path: hostPath, fingerprint: unknownFingerprint, uses };
      byPath.set(hostPath, { reference, hostPath, needed: (old?.needed ?? false) || mustSound(clip, track.muted) });
    }
  }
  return [...byPath.values()];
};

const absentMedia = ({ reference }: Wanted): Media => ({
  path: documentPathOf(null, reference.path, [], ""),
  name: mediaNameOf(reference.path),
  ...unknownFingerprint,
});

/** What an opened file is, with the clips that need it named when it cannot be read. */
const describe = async (
  ports: SessionPorts,
  native: string,
  { reference }: Wanted,
  options: GatherOptions,
  base: TimecodeBase,
): Promise<Result<Media>> => {
  const path = documentPathOf(native, reference.path, options.mediaFolders, options.documentFolder);
  const described = await mediumOf(ports, native, path);
  if (described.ok) return described;
  const first = reference.uses[0];
  const where = first ? ` Clip "${first.clip}" at ${formatTimecode(first.startTicks, base)} needs it.` : "";
  return fail(...described.problems.map((problem) => ({ ...problem, message: `${problem.message}${where}` })));
};

const optionalWarning = ({ reference, needed }: Wanted): Problem => {
  const what = needed
    ? "rendering will need it. Give the folder that holds it with --media <folder>"
    : "no clip that sounds needs it now";
  return {
    code: "missing-media",
    message: `Media "${mediaNameOf(reference.path)}" is not here; ${what}.`,
    file: reference.path,
  };
};

/** Finds and describes all media of a sequence before anything else happens: every missing or unreadable one is named at once. */
export const gatherMedia = async (
  ports: SessionPorts,
  facts: SequenceFacts,
  base: TimecodeBase,
  options: GatherOptions,
): Promise<Result<GatheredMedia>> => {
  const wanted = wantedMedia(facts);
  const relinked = await relinkMedia(
    ports.files,
    wanted.map(({ reference }) => reference),
    {
      mediaFolders: options.mediaFolders,
      baseFolders: [],
      trust: "host",
      ...(ports.signal ? { signal: ports.signal } : {}),
    },
  );
  const isNeeded = (one: RelinkedMedia, index: number) =>
    one.path !== null || (options.required && wanted[index]!.needed);
  const warnings: Problem[] = wanted.filter((_, index) => !isNeeded(relinked[index]!, index)).map(optionalWarning);
  const paths = take(requireAllMedia(relinked.filter(isNeeded), base), warnings);
  const byHostPath = new Map<string, ClipMedia>();
  const problems: Problem[] = [];
  for (const [done, one] of wanted.entries()) {
    throwIfCancelled(ports.signal);
    ports.onProgress?.({ phase: "media", done, total: wanted.length });
    const { id } = one.reference;
    const native = paths[id];
    const described = native === undefined ? ok(absentMedia(one)) : await describe(ports, native, one, options, base);
    if (described.ok) byHostPath.set(one.hostPath, { id, media: described.value });
    else if (options.required && one.needed) problems.push(...described.problems);
    else {
      byHostPath.set(one.hostPath, { id, media: absentMedia(one) });
      warnings.push(...described.problems);
    }
  }
  if (problems.length > 0) throw new ProblemError(...problems);
  return ok({ byHostPath, paths }, warnings);
};
