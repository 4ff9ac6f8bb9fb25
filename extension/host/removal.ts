import type { OperationReply, SequenceReply } from "../../schema/host-protocol.ts";
import { comparePrints, printTracks, type TrackPrint } from "./fingerprint.ts";
import type { HostCalls } from "./host-calls.ts";
import { hostProblem } from "./place-request.ts";
import { removeOperation } from "./rollback.ts";

/** How a track of the editor's should look when ours are gone: open again if we muted it; running names may move up. */
const expectedOf = (print: TrackPrint, left: readonly TrackPrint[], found: OperationReply): TrackPrint => ({
  ...print,
  track: {
    ...print.track,
    name: left.find(({ track }) => track.id === print.track.id)?.track.name ?? print.track.name,
    muted: print.track.muted && !found.mutedIds.includes(print.track.id),
  },
});

/** Takes out what an operation placed, opens the tracks that it muted, and proves by reading that no other track changed. */
export const removePlacement = async (
  calls: HostCalls,
  { sequenceId, audioTrackCount }: SequenceReply,
  operationId: string,
  added: readonly string[],
): Promise<{ readonly removedTracks: number; readonly notes: readonly string[] }> => {
  const found = await calls.read<OperationReply>("place.state", { operationId, sequenceId });
  if (found.bin === null) return { removedTracks: 0, notes: [] };
  const ours = new Set(found.tracks.map(({ id }) => id));
  const before = await printTracks(calls, sequenceId, audioTrackCount, ours);
  const notes = await removeOperation(calls.forCleaning(), { operationId, sequenceId, added, before: null });
  const after = await printTracks(calls, sequenceId, before.length);
  const stuck = after.filter(({ track }) => ours.has(track.id));
  const left = after.filter((print) => !stuck.includes(print));
  const expected = before.map((print) => expectedOf(print, left, found));
  const differences = comparePrints(expected, left);
  if (differences.length > 0) {
    throw hostProblem(`The stems were removed, but: ${[...notes, ...differences].join(" ")}`);
  }
  return { removedTracks: ours.size - stuck.length, notes };
};
