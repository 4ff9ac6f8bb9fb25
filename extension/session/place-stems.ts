import type { RenderedFile } from "../../engine/engine.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import type { PlaceRequest, PlaceResult } from "../../schema/host-protocol.ts";
import { stableId } from "../../schema/ids.ts";
import type { Result } from "../../schema/problem.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import type { ReportPlaced } from "./mix-report.ts";
import type { SessionPorts } from "./ports.ts";
import type { SequenceFacts } from "./read-sequence.ts";
import { trackNameOf } from "./track-names.ts";

const channelType = (channels: number): 0 | 1 | 2 => (channels === 1 ? 0 : channels === 2 ? 1 : 2);

/** Stems that go onto the timeline: those of a role. The MIX is not placed, because beside the stems it would double the sound. */
const placedFiles = (document: MixDocument, files: readonly RenderedFile[]) => {
  const withRole = new Set(document.stems.filter(({ role }) => role !== null).map(({ id }) => id));
  return files.filter(({ stemId }) => withRole.has(stemId));
};

/** Tracks that are heard now and will be heard through the stems: they are muted once everything was read back. */
const sourceTracks = ({ tracks }: SequenceFacts): number[] =>
  tracks.filter(({ reply, clips }) => !reply.muted && clips.length > 0).map(({ reply }) => reply.index);

/** Id under which a sequence's stems are placed: always the same one, so that a new mix replaces the last. */
export const operationIdOf = (sequenceId: string): string => stableId("premix", sequenceId);

/** What the host is asked to place: one new track a stem, from the sequence start, full length. */
export const placeRequest = (
  document: MixDocument,
  sequenceId: string,
  files: readonly RenderedFile[],
  muteTrackIndices: readonly number[],
): PlaceRequest => ({
  operationId: operationIdOf(sequenceId),
  binName: `${document.sequence.name} Mix`,
  startTicks: "0",
  stems: placedFiles(document, files).map(({ name, file, channels, frames, sampleRate }) => ({
    trackName: trackNameOf(name),
    file,
    channelType: channelType(channels),
    durationTicks: framesToTicks(frames, sampleRate),
  })),
  muteTrackIndices,
});

/** What was placed, as reports show it. */
export const placedTracks = ({ placed }: PlaceResult): readonly ReportPlaced[] =>
  placed.map(({ trackName, trackIndex, file, startTicks, endTicks, readBack }) => {
    return { trackName, trackIndex, file, startTicks, endTicks, readBack };
  });

/** Places the role stems on new tracks, has them read back, then mutes the source tracks. The originals are never changed otherwise. */
export const placeStems = (
  ports: SessionPorts,
  document: MixDocument,
  files: readonly RenderedFile[],
  facts: SequenceFacts,
): Promise<Result<PlaceResult>> =>
  ports.host.placeStems(
    placeRequest(document, facts.sequence.sequenceId, files, sourceTracks(facts)),
    (done, total) => ports.onProgress?.({ phase: "place", done, total }),
    ports.signal,
  );
