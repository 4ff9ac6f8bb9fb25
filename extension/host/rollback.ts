import type { OperationReply, RemoveReply, SequenceReply, UndoReply, UnmuteReply } from "../../schema/host-protocol.ts";
import { ProblemError } from "../../schema/problem.ts";
import { comparePrints, printTracks, type TrackPrint } from "./fingerprint.ts";
import type { HostCalls } from "./host-calls.ts";

/** What is known about a half-done placement when it has to go. */
export type Unfinished = {
  readonly operationId: string;
  readonly sequenceId: string;
  /** Tracks that this session added itself: only these, and those that the bin's name notes, are ever removed. */
  readonly added: readonly string[];
  /** The editor's tracks before; null = nothing was touched yet. */
  readonly before: readonly TrackPrint[] | null;
};

/** What the clean-up met: warnings stay true; troubles do not matter once everything of ours is gone. */
type Notes = { readonly warnings: string[]; readonly troubles: string[] };

/** A mutation of the clean-up; whatever the reply, the state is read afterwards before anything is tried again. */
const attempt = async <T>(calls: HostCalls, op: string, args: Record<string, unknown>, notes: Notes) => {
  const reply = await calls.send(op, args);
  if (reply.kind === "answer") return reply.result as T;
  notes.troubles.push(reply.message);
  if (reply.kind === "broken") await calls.load();
  return null;
};

const readOperation = (calls: HostCalls, { operationId, sequenceId }: Unfinished): Promise<OperationReply> =>
  calls.read<OperationReply>("place.state", { operationId, sequenceId });

/** Opens the tracks that we muted: mutes leave no entry on the undo stack. */
const unmute = async (calls: HostCalls, job: Unfinished, found: OperationReply, notes: Notes): Promise<void> => {
  if (found.mutedIds.length === 0) return;
  const opened = await attempt<UnmuteReply>(calls, "place.unmute", { operationId: job.operationId }, notes);
  if (opened && opened.stuckIds.length > 0) {
    notes.warnings.push(`${opened.stuckIds.length} tracks that Premix had muted stay muted: open them by hand.`);
  }
};

/** Goes back on the undo stack to the checkpoint, while the stack's top is still ours. */
const undo = async (calls: HostCalls, notes: Notes): Promise<void> => {
  for (let span = calls.undoChain.span(); span; span = calls.undoChain.span()) {
    const done = await attempt<UndoReply>(calls, "place.undo", span, notes);
    if (done === null || done.steps === 0) return;
  }
};

/** Takes off track after track and the bin. */
const remove = async (calls: HostCalls, job: Unfinished, found: OperationReply, notes: Notes): Promise<void> => {
  for (const { id } of [...found.tracks].reverse()) {
    const args = { operationId: job.operationId, trackId: id, added: job.added };
    const reply = await attempt<RemoveReply>(calls, "place.removeTrack", args, notes);
    if (reply?.warning) notes.warnings.push(reply.warning);
  }
  const reply = await attempt<RemoveReply>(calls, "place.removeBin", { operationId: job.operationId }, notes);
  if (reply?.warning) notes.warnings.push(reply.warning);
};

const activeSequenceId = async (calls: HostCalls): Promise<string | null> => {
  const reply = await calls.send("read.sequence", {});
  return reply.kind === "answer" ? (reply.result as SequenceReply).sequenceId : null;
};

/** Works with our sequence in front, since QE edits only the active one, and puts the editor's back. */
const inFront = async (calls: HostCalls, sequenceId: string, work: () => Promise<void>): Promise<void> => {
  const active = await activeSequenceId(calls);
  if (active === sequenceId) return work();
  await calls.read("place.activate", { sequenceId });
  try {
    await work();
  } finally {
    if (active !== null) await calls.read("place.activate", { sequenceId: active });
  }
};

/** How often the clean-up looks again for something of ours that is still there. */
const ROUNDS = 2;

/** Takes everything of one operation out of the project again; its notes say what could not be done. */
export const removeOperation = async (calls: HostCalls, job: Unfinished): Promise<readonly string[]> => {
  const found = await readOperation(calls, job);
  if (found.bin === null) return [];
  const notes: Notes = { warnings: [], troubles: [] };
  await inFront(calls, job.sequenceId, async () => {
    await unmute(calls, job, found, notes);
    await undo(calls, notes);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const left = await readOperation(calls, job);
      if (left.bin === null) return;
      notes.warnings.length = 0;
      await unmute(calls, job, left, notes);
      await remove(calls, job, left, notes);
    }
  });
  const rest = await readOperation(calls, job);
  return rest.bin === null ? notes.warnings : [...notes.warnings, ...notes.troubles];
};

/** Rolls a failed placement back and proves by reading that the editor's tracks are as before; [] = everything is. */
export const rollBack = async (calls: HostCalls, job: Unfinished): Promise<readonly string[]> => {
  if (job.before === null) return [];
  const cleaning = calls.forCleaning();
  try {
    await cleaning.load();
    const notes = await removeOperation(cleaning, job);
    const after = await printTracks(cleaning, job.sequenceId, job.before.length);
    return [...notes, ...comparePrints(job.before, after)];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return [
      ...error.problems.map(({ message }) => message),
      `What was placed so far may still be there: when Premiere answers again, place or remove operation ${job.operationId}.`,
    ];
  }
};
