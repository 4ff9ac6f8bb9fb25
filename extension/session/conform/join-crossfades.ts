import type { Clip, Crossfade, Fade, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { stableId } from "../../../schema/ids.ts";
import type { Carry } from "./carry-plan.ts";
import { compare, least } from "./cut-item.ts";

export type JoinedTracks = { readonly tracks: readonly Track[]; readonly crossfades: readonly Crossfade[] };

const startOf = ({ startTicks }: Clip): bigint => BigInt(startTicks);
const endOf = ({ startTicks, durationTicks }: Clip): bigint => BigInt(startTicks) + BigInt(durationTicks);

/** Pairs of clips on a track that sound together, the earlier one first. */
const overlapsOf = (clips: readonly Clip[]): [Clip, Clip][] => {
  const inOrder = [...clips].sort((a, b) => compare(startOf(a), startOf(b)));
  const pairs: [Clip, Clip][] = [];
  let sounding: Clip[] = [];
  for (const clip of inOrder) {
    sounding = sounding.filter((one) => endOf(one) > startOf(clip));
    pairs.push(...sounding.map((one): [Clip, Clip] => [one, clip]));
    sounding.push(clip);
  }
  return pairs;
};

type Change = { fadeIn?: Fade | null; fadeOut?: Fade | null };

/**
 * Cross-fades of the conformed mix: one wherever two clips of a track sound together, as long as they do, with the shape that the mix
 * gave it, else the cut. One that the cut has between clips of two tracks becomes their own fades.
 */
export const joinCrossfades = (
  tracks: readonly Track[],
  carries: readonly Carry[],
  document: MixDocument,
  next: MixDocument,
): JoinedTracks => {
  const byId = new Map(carries.map((carry) => [carry.id, carry]));
  const idOf = new Map(carries.map(({ now, id }) => [now.clip.id, id]));
  const key = (from: string, to: string) => [from, to].sort().join(" ");
  const old = new Map(document.crossfades.map((fade) => [key(fade.from, fade.to), fade]));
  const cut = new Map(next.crossfades.map((fade) => [key(idOf.get(fade.from)!, idOf.get(fade.to)!), fade]));
  const changes = new Map<string, Change>();
  const change = (id: string, more: Change) => changes.set(id, { ...changes.get(id), ...more });
  const found: Crossfade[] = [];
  for (const [first, second] of tracks.flatMap(({ clips }) => overlapsOf(clips))) {
    const pair = key(first.id, second.id);
    const span = {
      startTicks: second.startTicks,
      durationTicks: String(least(endOf(first), endOf(second)) - startOf(second)),
    };
    const isKnown = byId.get(first.id)?.isHeir && byId.get(second.id)?.isHeir;
    const [own, other] = [isKnown ? old.get(pair) : undefined, cut.get(pair)];
    if (own) found.push({ ...own, ...span });
    else if (other) {
      const [from, to] = [idOf.get(other.from)!, idOf.get(other.to)!];
      found.push({ ...other, ...span, id: stableId("xfd", from, to), from, to });
    } else {
      const curve = first.fadeOut?.curve ?? second.fadeIn?.curve ?? "constantPower";
      found.push({ id: stableId("xfd", first.id, second.id), from: first.id, to: second.id, ...span, curve });
      change(first.id, { fadeOut: null });
      change(second.id, { fadeIn: null });
    }
    cut.delete(pair);
  }
  for (const { from, to, durationTicks, curve } of cut.values()) {
    change(idOf.get(from)!, { fadeOut: { durationTicks, curve } });
    change(idOf.get(to)!, { fadeIn: { durationTicks, curve } });
  }
  const order = new Map(document.crossfades.map(({ id }, index) => [id, index]));
  const place = ({ id }: Crossfade) => order.get(id) ?? order.size;
  return {
    crossfades: found.sort((a, b) => place(a) - place(b)),
    tracks: tracks.map((track) => ({
      ...track,
      clips: track.clips.map((clip) => ({ ...clip, ...changes.get(clip.id) })),
    })),
  };
};
