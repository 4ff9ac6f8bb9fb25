import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import type { Difference } from "./media-search.ts";
import type { MediaReference, RelinkedMedia } from "./relink.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";

const usesText = ({ uses }: MediaReference, base: TimecodeBase): string => {
  const shown = uses.slice(0, 5).map(({ clip, startTicks }) => `"${clip}" at ${formatTimecode(startTicks, base)}`);
  return shown.length < uses.length ? `${shown.join(", ")} and ${uses.length - shown.length} more` : shown.join(", ");
};

const differences: Readonly<Record<Exclude<Difference, null>, string>> = {
  size: "its size differs",
  content: "its content differs",
  audio: "its rate, channels, length or origin differ",
};

const nameOf = ({ reference }: RelinkedMedia): string => mediaNameOf(reference.path) || reference.id;

const ambiguousProblem = (one: RelinkedMedia, needed: string): Problem => {
  const several = `Media "${nameOf(one)}" is there more than once and nothing tells which is meant: ${one.candidates.join(", ")}.`;
  const remedy = `Name a narrower folder with --media, remove the copies, or decide with premix relink --accept "${nameOf(one)}=<file>".`;
  return {
    code: "missing-media",
    message: `${several}${needed} ${remedy}`,
    file: one.reference.path,
    allowed: one.candidates,
  };
};

/** A file under its own path that is not the one the mix was made with: rendering it would be another mix. */
const changedProblem = (one: RelinkedMedia): Problem => {
  const why = differences[one.difference ?? "content"];
  const remedy = `Put the old file back, name the folder that holds it with --media, or accept the new one: premix relink <doc> --accept "${nameOf(one)}" --write.`;
  const message = `Media "${nameOf(one)}" is not the file this document was mixed with (${why}). ${remedy}`;
  return { code: "changed-media", message, file: one.path! };
};

/** Why a medium cannot be used as it was found; null when it can. */
export const mediaProblem = (one: RelinkedMedia, base: TimecodeBase): Problem | null => {
  const { reference, state, refused } = one;
  const needed = reference.uses.length > 0 ? ` It is needed by ${usesText(reference, base)}.` : "";
  if (state === "found" || state === "moved") return null;
  if (state === "changed") return changedProblem(one);
  if (state === "ambiguous") return ambiguousProblem(one, needed);
  const why = refused ? ` was not looked for: ${refused}.` : " is not here.";
  const remedy = refused ? "" : " Give the folder that holds it with --media <folder>.";
  return { code: "missing-media", message: `Media "${nameOf(one)}"${why}${needed}${remedy}`, file: reference.path };
};

const movedWarning = (moved: readonly RelinkedMedia[]): Problem => {
  const places = moved.map((one) => `"${nameOf(one)}" = ${one.path}`).join(", ");
  const what = moved.length === 1 ? "1 medium was" : `${moved.length} media were`;
  const how = moved.some(({ by }) => by === "content") ? "name or content" : "name";
  return { code: "missing-media", message: `${what} found at another place by ${how}: ${places}.` };
};

/** Media id -> native path when all are here, with one warning for those found elsewhere; else every other one by name. */
export const requireAllMedia = (
  relinked: readonly RelinkedMedia[],
  base: TimecodeBase,
): Result<Readonly<Record<string, string>>> => {
  const problems = relinked.flatMap((one) => mediaProblem(one, base) ?? []);
  if (problems.length > 0) return fail(...problems);
  const moved = relinked.filter(({ state }) => state === "moved");
  const warnings = moved.length > 0 ? [movedWarning(moved)] : [];
  return ok(Object.fromEntries(relinked.map(({ id, path }) => [id, path!])), warnings);
};
