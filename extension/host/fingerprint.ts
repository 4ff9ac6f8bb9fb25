import type { FingerprintReply, TrackReply } from "../../schema/host-protocol.ts";
import type { HostCalls, Page } from "./host-calls.ts";

/** One track of the editor's as it was: its facts and a hash over every clip and transition on it. */
export type TrackPrint = { readonly track: TrackReply; readonly hash: string };

const printTrack = async (calls: HostCalls, sequenceId: string, track: number): Promise<FingerprintReply> => {
  let seed: string | undefined;
  for (let from = 0; ; ) {
    const args = { sequenceId, track, from, ...(seed === undefined ? {} : { seed }) };
    const page: Page<FingerprintReply> = await calls.readPage("read.fingerprint", args);
    if (page.next === undefined) return page.result;
    from = page.next.from;
    seed = page.result.hash;
  }
};

/** Fingerprints of all audio tracks of a sequence that are not ours, in order. */
export const printTracks = async (
  calls: HostCalls,
  sequenceId: string,
  trackCount: number,
  ours: ReadonlySet<string> = new Set(),
): Promise<TrackPrint[]> => {
  const prints: TrackPrint[] = [];
  for (let index = 0, count = trackCount; index < count; index += 1) {
    const { track, hash, trackCount: now } = await printTrack(calls, sequenceId, index);
    count = now;
    if (!ours.has(track.id)) prints.push({ track, hash });
  }
  return prints;
};

const differenceOf = (before: TrackPrint, after: TrackPrint | undefined): string | null => {
  const named = `"${before.track.name}"`;
  if (after === undefined) return `Track ${named} is gone.`;
  if (after.track.id !== before.track.id) return `Track ${named} is not where it was.`;
  if (after.track.name !== before.track.name) return `Track ${named} is called "${after.track.name}" now.`;
  if (after.hash !== before.hash) return `The clips of track ${named} are not as they were.`;
  if (after.track.muted !== before.track.muted) {
    return `Track ${named} is ${after.track.muted ? "muted" : "no longer muted"}.`;
  }
  return after.track.locked === before.track.locked ? null : `The lock of track ${named} changed.`;
};

/** How the editor's tracks differ from what they were, one sentence each; [] = untouched. */
export const comparePrints = (before: readonly TrackPrint[], after: readonly TrackPrint[]): string[] => {
  const sentences = before.map((print, at) => differenceOf(print, after[at])).filter((text) => text !== null);
  const more = after.length - before.length;
  return more > 0 ? [...sentences, `There are ${more} more tracks than before.`] : sentences;
};
