import type { Cue, MixDocument } from "../../../schema/generated/mix-document.ts";
import { formatTimecode, type TimecodeBase } from "../timecode.ts";
import type { ConformedCue } from "./conform-report.ts";
import { compare, type Piece } from "./cut-item.ts";

type Move = { readonly shift: bigint; readonly why: string };

/** A clip under the cue, of its own role before others; else its neighbours, when they agree. */
const moveOf = (cue: Cue, pieces: readonly Piece[]): Move | null => {
  const at = BigInt(cue.startTicks);
  const under = pieces.filter(({ start, end }) => start <= at && at < end);
  const host = under.find(({ old }) => old.role === cue.role) ?? under[0];
  if (host) return { shift: host.shift, why: `with "${host.now.clip.name}", under which it lies` };
  const before = pieces.filter(({ end }) => end <= at).sort((a, b) => compare(b.end, a.end))[0];
  const after = pieces.filter(({ start }) => start > at).sort((a, b) => compare(a.start, b.start))[0];
  if (before && after && before.shift !== after.shift) return null;
  const neighbour = before ?? after;
  return neighbour ? { shift: neighbour.shift, why: `with "${neighbour.now.clip.name}", next to which it lies` } : null;
};

/** Room tone needs a clip to learn from: its own, or another one of the same recording. */
const withRoom = (
  cue: Cue,
  document: MixDocument,
  clips: ReadonlyMap<string, string | null>,
): { readonly cue: Cue; readonly why: string } | null => {
  if (cue.source.kind !== "roomTone" || clips.has(cue.source.clip)) return { cue, why: "" };
  const { clip } = cue.source;
  const medium = document.tracks.flatMap((track) => track.clips).find(({ id }) => id === clip)?.media ?? null;
  const other = [...clips].find(([, media]) => media !== null && media === medium)?.[0];
  if (other === undefined) return null;
  return {
    cue: { ...cue, source: { ...cue.source, clip: other } },
    why: "; its room is learned from another clip of it",
  };
};

export type MovedCues = {
  readonly cues: readonly Cue[];
  readonly said: readonly ConformedCue[];
  readonly gone: readonly Cue[];
};

/** Cues at their places in the new cut. `clips`: ids of the conformed mix with the media that they play. */
export const moveCues = (
  document: MixDocument,
  pieces: readonly Piece[],
  clips: ReadonlyMap<string, string | null>,
  bases: { readonly before: TimecodeBase; readonly after: TimecodeBase },
): MovedCues => {
  const gone: Cue[] = [];
  const said: ConformedCue[] = [];
  const cues = (document.cues ?? []).flatMap((old): Cue[] => {
    const before = formatTimecode(old.startTicks, bases.before);
    const { id, name } = old;
    const room = withRoom(old, document, clips);
    if (!room) {
      gone.push(old);
      said.push({ id, name, state: "gone", before, after: null, why: "no clip of its room is left" });
      return [];
    }
    const move = moveOf(old, pieces);
    const startTicks = String(BigInt(old.startTicks) + (move?.shift ?? 0n));
    const isLeft = move === null || startTicks.startsWith("-");
    const cue = isLeft ? room.cue : { ...room.cue, startTicks };
    const state = isLeft ? "left" : move.shift === 0n ? "kept" : "moved";
    const why = isLeft ? "nothing around it tells where it belongs: it stays at its time" : move.why;
    said.push({
      id,
      name,
      state,
      before,
      after: formatTimecode(cue.startTicks, bases.after),
      why: `${why}${room.why}`,
    });
    return [cue];
  });
  return { cues, said, gone };
};
