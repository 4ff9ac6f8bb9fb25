import type { RenderedFile } from "../../engine/engine.ts";
import type { Clip, MixDocument, Role, Track } from "../../schema/generated/mix-document.ts";
import { ticksToFrames } from "../../schema/ticks.ts";
import { renderedMix } from "./document-stems.ts";
import type { MixReport, ReportClip, ReportStem } from "./mix-report.ts";
import type { TimecodeBase } from "./timecode.ts";

/** Name of the track on the host's timeline: "A1" is the first audio track. */
const timelineName = (track: Track, position: number): string => {
  const premiere = track.host?.["premiere"];
  const index =
    typeof premiere === "object" && premiere !== null && "trackIndex" in premiere
      ? Number(premiere.trackIndex)
      : position;
  return `A${index + 1}`;
};

const reportClip = (
  document: MixDocument,
  track: Track,
  clip: Clip,
  trackName: string,
  evidence: readonly string[],
): ReportClip => ({
  id: clip.id,
  name: clip.name,
  media: clip.media === null ? "" : (document.media[clip.media]?.name ?? ""),
  track: trackName,
  role: clip.role ?? track.role ?? "dialogue",
  roleEvidence: evidence,
  startTicks: clip.startTicks,
  durationTicks: clip.durationTicks,
  sourceInTicks: clip.sourceInTicks,
  enabled: clip.enabled,
});

/** Every clip of a document in track and timeline order; the evidence is what was found, or where the role came from. */
export const reportClips = (
  document: MixDocument,
  evidenceOf: (clipId: string) => readonly string[] | undefined,
): readonly ReportClip[] =>
  [...document.tracks]
    .sort((a, b) => a.order - b.order)
    .flatMap((track, position) =>
      track.clips.map((clip) =>
        reportClip(document, track, clip, timelineName(track, position), evidenceOf(clip.id) ?? [clip.roleSource]),
      ),
    );

/** The sequence as reports show it. */
export const reportSequence = ({ sequence }: MixDocument): MixReport["sequence"] => {
  const frames = ticksToFrames(sequence.durationTicks, sequence.sampleRate);
  const { name, sampleRate, frameRate } = sequence;
  return { name, sampleRate, frames, durationSeconds: frames / sampleRate, frameRate };
};

/** Role of a stem of the document; null for the mix. */
export const roleOfStem =
  (document: MixDocument) =>
  (stemId: string): Role | null =>
    document.stems.find(({ id }) => id === stemId)?.role ?? null;

const reportStem = (document: MixDocument, rendered: RenderedFile): ReportStem => ({
  name: rendered.name,
  role: roleOfStem(document)(rendered.stemId),
  file: rendered.file,
  sha256: rendered.sha256,
  sampleRate: rendered.sampleRate,
  channels: rendered.channels,
  frames: rendered.frames,
  measures: rendered.measures,
});

/** The stems beside the mix, and the mix. */
export const reportStems = (
  document: MixDocument,
  files: readonly RenderedFile[],
): { readonly stems: readonly ReportStem[]; readonly mix: ReportStem } => {
  const mix = renderedMix(document, files);
  const stems = files.filter((file) => file !== mix).map((file) => reportStem(document, file));
  return { stems, mix: { ...reportStem(document, mix), role: null } };
};

/** How a document's timecode counts. */
export const documentTimecode = ({ sequence }: MixDocument): TimecodeBase => ({
  frameRate: sequence.frameRate,
  dropFrame: sequence.dropFrame,
  startTicks: sequence.startTicks,
});
