import type {
  AddTrackReply,
  ImportReply,
  MuteReply,
  NameTrackReply,
  OperationReply,
  OverwriteReply,
  PlacedStem,
  PlaceRequest,
  PlaceResult,
  PreflightReply,
  ReadBackReply,
  SequenceReply,
  SetLevelReply,
  StemPlacement,
  TrackReply,
} from "../../schema/host-protocol.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import type { Reply } from "./bridge.ts";
import { comparePrints, printTracks, type TrackPrint } from "./fingerprint.ts";
import type { HostProgress } from "./host.ts";
import { failureOf, type HostCalls } from "./host-calls.ts";
import { checkRequest, hostProblem } from "./place-request.ts";
import { readTracks } from "./read-snapshot.ts";
import { removeOperation, rollBack, type Unfinished } from "./rollback.ts";
import { atUnity, misplacement, samePath } from "./stem-check.ts";

/** Calls per stem: import, add, name, lay, read back. */
const STEPS_PER_STEM = 5;
/** Preflight, fingerprint, compare, mute. */
const OTHER_STEPS = 4;

type LostReply = Extract<Reply, { kind: "broken" | "unknown" }>;
type OnTrack = { readonly stem: StemPlacement; readonly nodeId: string; readonly trackId: string };

/**
 * One placement from preflight to mute. Every edit is read back; what an edit did whose answer was lost is found out by
 * reading; nothing is sent twice. Whatever fails, `place` leaves the editor's tracks as they were and says so.
 */
export class Placement {
  private readonly calls: HostCalls;
  private readonly request: PlaceRequest;
  private readonly sequence: SequenceReply;
  private readonly onProgress: HostProgress | undefined;
  private readonly warnings: string[] = [];
  private before: TrackPrint[] | null = null;
  /** Ids of the tracks that were added, whether or not the bin's name could note them. */
  readonly added: string[] = [];
  private done = 0;

  constructor(calls: HostCalls, request: PlaceRequest, sequence: SequenceReply, onProgress?: HostProgress) {
    this.calls = calls;
    this.request = request;
    this.sequence = sequence;
    this.onProgress = onProgress;
  }

  async place(): Promise<PlaceResult> {
    checkRequest(this.request, this.sequence);
    try {
      return await this.run();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const left = await rollBack(this.calls, this.unfinished());
      throw new ProblemError(...error.problems, ...this.outcome(left));
    }
  }

  private async run(): Promise<PlaceResult> {
    const { tracks } = await this.preflight();
    const muteIds = this.request.muteTrackIndices.map((index) => this.trackToMute(tracks, index).id);
    const earlier = await this.readOperation();
    const placed = await this.placedEarlier(earlier);
    if (earlier.bin !== null && placed === null) await this.removeEarlier();
    const ours = new Set((placed ?? []).map(({ trackId }) => trackId));
    this.before = await printTracks(this.calls, this.sequence.sequenceId, tracks.length, ours);
    this.step();
    this.calls.undoChain.begin();
    const stems = placed ?? (await this.placeStems());
    await this.compareOriginals(new Set(stems.map(({ trackId }) => trackId)));
    const muted = await this.mute(muteIds);
    const mutedTrackIndices = this.request.muteTrackIndices.filter((index) => muted.has(tracks[index]?.id ?? ""));
    return { placed: stems, originalsUnchanged: true, mutedTrackIndices, warnings: this.warnings };
  }

  private async preflight(): Promise<PreflightReply> {
    const { operationId, stems } = this.request;
    const files = stems.map(({ file }) => file);
    const reply = await this.calls.read<PreflightReply>("place.preflight", { operationId, files });
    this.step();
    return reply;
  }

  private trackToMute(tracks: readonly TrackReply[], index: number): TrackReply {
    const track = tracks[index];
    if (!track) {
      throw hostProblem(
        `There is no audio track A${index + 1} to mute: the sequence has ${tracks.length}. Read it again.`,
      );
    }
    return track;
  }

  private readOperation(): Promise<OperationReply> {
    const { operationId } = this.request;
    return this.calls.read("place.state", { operationId, sequenceId: this.sequence.sequenceId });
  }

  /** The stems as an earlier run of this operation left them, if it left all of them whole; else null. */
  private async placedEarlier(found: OperationReply): Promise<PlacedStem[] | null> {
    const placed: PlacedStem[] = [];
    for (const stem of this.request.stems) {
      const item = found.items.find(({ mediaPath }) => samePath(mediaPath, stem.file));
      const track = item && found.tracks.find(({ ours }) => ours.some(({ itemNodeId }) => itemNodeId === item.nodeId));
      if (!item || !track) return null;
      const at = await this.calls.read<ReadBackReply>("place.readBack", { trackId: track.id, nodeId: item.nodeId });
      if (misplacement(stem, at, this.request.startTicks, this.sequence.timebaseTicks) !== null) return null;
      placed.push(this.placedStem({ stem, nodeId: item.nodeId, trackId: track.id }, at));
    }
    return found.tracks.length === placed.length ? placed : null;
  }

  /** Takes away what a run that broke off left behind, before starting anew. */
  private async removeEarlier(): Promise<void> {
    const notes = await removeOperation(this.calls, this.unfinished());
    if ((await this.readOperation()).bin !== null) {
      throw hostProblem(`An earlier, unfinished placement could not be removed. ${notes.join(" ")}`);
    }
  }

  private async placeStems(): Promise<PlacedStem[]> {
    const items: string[] = [];
    for (const stem of this.request.stems) items.push(await this.importStem(stem));
    const placed: PlacedStem[] = [];
    for (const [at, stem] of this.request.stems.entries()) {
      const trackId = await this.addTrack(stem, at);
      const onTrack = { stem, trackId, nodeId: items[at] as string };
      await this.nameTrack(onTrack);
      await this.overwrite(onTrack);
      placed.push(await this.readBack(onTrack));
    }
    return placed;
  }

  private async importStem(stem: StemPlacement): Promise<string> {
    const { operationId, binName } = this.request;
    const args = { operationId, binName, file: stem.file, channelType: stem.channelType };
    const { nodeId, mappingComplaint } = await this.mutate<ImportReply>("place.import", args, async () => {
      const found = (await this.readOperation()).items.find(({ mediaPath }) => samePath(mediaPath, stem.file));
      return found ? { ...found, changed: true, mappingComplaint: "" } : null;
    });
    if (mappingComplaint !== "") {
      this.warnings.push(`The channel layout of "${stem.trackName}" could not be set in Premiere: ${mappingComplaint}`);
    }
    return nodeId;
  }

  private async addTrack(stem: StemPlacement, at: number): Promise<string> {
    const args = { operationId: this.request.operationId, stem: at, channelType: stem.channelType };
    const { id, noted } = await this.mutate<AddTrackReply>("place.addTrack", args, async () => {
      const found = await this.readOperation();
      const id = found.notedTracks.find((track) => track.stem === String(at))?.id;
      const track = found.tracks.find((own) => own.id === id);
      return track ? { index: track.index, id: track.id, changed: true, noted: true } : null;
    });
    this.added.push(id);
    if (!noted) this.warnings.push(`Premiere did not let Premix note the track "${stem.trackName}" in its bin's name.`);
    return id;
  }

  private async nameTrack({ stem, trackId }: OnTrack): Promise<void> {
    const args = { trackId, name: stem.trackName };
    const { named, name } = await this.mutate<NameTrackReply>("place.nameTrack", args, async () => {
      const track = (await readTracks(this.calls)).find(({ id }) => id === trackId);
      return track?.name === stem.trackName ? { named: true, name: track.name } : null;
    });
    if (!named) this.warnings.push(`The track of "${stem.trackName}" could not be named: it is called "${name}".`);
  }

  private async overwrite({ trackId, nodeId }: OnTrack): Promise<void> {
    const { operationId, startTicks } = this.request;
    await this.mutate<OverwriteReply>("place.overwrite", { operationId, trackId, nodeId, startTicks }, async () => {
      const track = (await this.readOperation()).tracks.find(({ id }) => id === trackId);
      const ours = track?.ours.some(({ itemNodeId }) => itemNodeId === nodeId);
      return ours ? { changed: true } : null;
    });
  }

  private async readBack(onTrack: OnTrack): Promise<PlacedStem> {
    const { trackId, nodeId, stem } = onTrack;
    const read = () => this.calls.read<ReadBackReply>("place.readBack", { trackId, nodeId });
    let at = await read();
    if (!atUnity(at)) {
      this.warnings.push(`Premiere laid "${stem.trackName}" at ${at.volumeDb?.toFixed(1)} dB; it was set to 0 dB.`);
      await this.mutate<SetLevelReply>("place.setLevel", { trackId, nodeId, levelDb: 0 }, async () => null);
      at = await read();
    }
    const wrong = misplacement(stem, at, this.request.startTicks, this.sequence.timebaseTicks);
    if (wrong !== null) throw hostProblem(`The stem "${stem.trackName}" was not placed as asked: ${wrong}.`);
    this.step();
    return this.placedStem(onTrack, at);
  }

  private placedStem({ stem, trackId }: OnTrack, at: ReadBackReply): PlacedStem {
    return {
      trackName: at.trackName,
      trackIndex: at.trackIndex,
      trackId,
      file: stem.file,
      startTicks: at.startTicks,
      endTicks: at.endTicks,
      readBack: true,
    };
  }

  private async compareOriginals(ours: ReadonlySet<string>): Promise<void> {
    const before = this.before ?? [];
    const after = await printTracks(this.calls, this.sequence.sequenceId, before.length + ours.size, ours);
    const differences = comparePrints(before, after);
    if (differences.length > 0) throw hostProblem(`Tracks of the sequence changed meanwhile. ${differences.join(" ")}`);
    this.step();
  }

  /** Mutes and gives the ids that read back as muted. */
  private async mute(trackIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (trackIds.length === 0) return new Set();
    const args = { operationId: this.request.operationId, trackIds };
    const { mutedIds, changedIds, noted } = await this.mutate<MuteReply>("place.mute", args, async () => {
      const muted = (await readTracks(this.calls)).filter((track) => track.muted).map(({ id }) => id);
      return trackIds.every((id) => muted.includes(id)) ? { mutedIds: trackIds, changedIds: [], noted: true } : null;
    });
    if (!noted && changedIds.length > 0) this.warnings.push("Premix could not note which tracks it muted.");
    const open = trackIds.length - mutedIds.length;
    if (open > 0)
      this.warnings.push(`${open} tracks could not be muted: mute the sources by hand, or they sound twice.`);
    return new Set(mutedIds);
  }

  /** Sends one edit; `look` finds by reading what an edit did whose answer was lost, null when nothing or not all. */
  private async mutate<T>(
    op: string,
    args: { readonly [name: string]: unknown },
    look: () => Promise<T | null>,
  ): Promise<T> {
    const reply = await this.calls.send(op, args);
    if (reply.kind === "answer") {
      this.step();
      return reply.result as T;
    }
    if (reply.kind === "refused" || reply.kind === "unsent") throw failureOf(reply);
    const seen = await this.lookAfter(reply, look);
    if (seen === null) throw failureOf(reply);
    this.step();
    return seen;
  }

  /** Reads what became of an edit; when that fails too, both failures are told. */
  private async lookAfter<T>(lost: LostReply, look: () => Promise<T | null>): Promise<T | null> {
    try {
      if (lost.kind === "broken") await this.calls.load();
      return await look();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      throw new ProblemError(...failureOf(lost).problems, ...error.problems);
    }
  }

  private step(): void {
    this.done = Math.min(this.done + 1, OTHER_STEPS + STEPS_PER_STEM * this.request.stems.length);
    this.onProgress?.(this.done, OTHER_STEPS + STEPS_PER_STEM * this.request.stems.length);
  }

  private unfinished(): Unfinished {
    return {
      operationId: this.request.operationId,
      sequenceId: this.sequence.sequenceId,
      added: this.added,
      before: this.before,
    };
  }

  private outcome(left: readonly string[]): Problem[] {
    if (this.before === null) return [];
    const message =
      left.length === 0
        ? "Everything that was placed is out again; the tracks of the sequence were read back and are as before."
        : `Not everything is as before: ${left.join(" ")}`;
    return [{ code: left.length === 0 ? "host" : "host-unknown", message }];
  }
}
