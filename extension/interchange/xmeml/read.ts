import { ok, type Problem, ProblemError, type Result } from "../../../schema/problem.ts";
import { type FrameRate, formatFrameRate, longest, ticksOfFrame } from "../frame-rate.ts";
import { layoutOf } from "../layout.ts";
import { chooseSequence, readEach, type SequenceListing, severalSequences } from "../sequence-choice.ts";
import { framesOfTimecode, isDropFrameDisplay } from "../timecode.ts";
import type { Timeline } from "../timeline.ts";
import { asResult } from "../xml-text.ts";
import { child, children, find, integerAt, numberAt, textAt, type XmlElement } from "../xml-tree.ts";
import { placeTrack } from "./clips.ts";
import { audioOf, carriedBy, nameOf, openXmeml, tracksOf, type XmemlDocument } from "./document.ts";
import { keyframeOrigin } from "./keyframes.ts";
import { tallyProperties } from "./properties.ts";
import { rateOf } from "./rate.ts";
import { joinTracks } from "./stereo.ts";
import { trackOf } from "./tracks.ts";

export type XmemlOptions = {
  /** Name or id; without it the first sequence with sound is read. */
  readonly sequence?: string;
};

const listingOf = (sequence: XmlElement): SequenceListing => ({
  id: sequence.attributes["id"] ?? "",
  name: nameOf(sequence),
  audioItems: tracksOf(sequence).reduce((sum, track) => sum + children(track, "clipitem").length, 0),
});

const sequenceRate = (sequence: XmlElement, file: string): FrameRate => {
  const stated = rateOf(sequence, rateOf(child(sequence, "timecode"), { numerator: 0, denominator: 1 }));
  if (stated.numerator > 0) return stated;
  throw new ProblemError({
    code: "meaning",
    message: `The sequence "${nameOf(sequence)}" states no frame rate, so its frames have no length. It needs <rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>.`,
    file,
    line: sequence.line,
    column: sequence.column,
  });
};

/** Drop frame as the timecode says; a semicolon says so too where the format is not stated. */
const isDropFrame = (sequence: XmlElement): boolean => {
  const format = textAt(sequence, "timecode/displayformat")?.toUpperCase();
  if (format !== undefined) return format === "DF";
  const text = textAt(sequence, "timecode/string");
  if (text !== null) return text.includes(";");
  const display = sequence.attributes["MZ.Sequence.VideoTimeDisplayFormat"];
  return display !== undefined && isDropFrameDisplay(Number(display));
};

const zeroPoint = (sequence: XmlElement, rate: FrameRate, dropFrame: boolean): bigint => {
  const exact = sequence.attributes["MZ.ZeroPoint"];
  if (exact !== undefined && /^\d{1,20}$/.test(exact)) return BigInt(exact);
  const timecode = child(sequence, "timecode");
  if (timecode === undefined) return 0n;
  const timecodeRate = rateOf(timecode, rate);
  const frame = integerAt(timecode, "frame");
  if (frame !== null) return ticksOfFrame(frame, timecodeRate);
  const text = textAt(timecode, "string");
  return ticksOfFrame((text === null ? null : framesOfTimecode(text, timecodeRate, dropFrame)) ?? 0, timecodeRate);
};

const outputChannels = (sequence: XmlElement): number | null => {
  const audio = audioOf(sequence);
  const stated = integerAt(audio, "numOutputChannels");
  const outputs = find(audio, "outputs");
  if (stated !== null || outputs === undefined) return stated;
  return children(outputs, "group").reduce((sum, group) => sum + (integerAt(group, "numchannels") ?? 0), 0);
};

const layoutOfSequence = (sequence: XmlElement, file: string, warnings: Problem[]): Timeline["layout"] => {
  const channels = outputChannels(sequence);
  const layout = layoutOf(channels);
  if (layout === null && channels !== null)
    warnings.push({
      code: "meaning",
      message: `The sequence has ${channels} output channels; 1, 2, 6 and 8 are mixed. It is read as stereo.`,
      file,
    });
  return layout ?? "stereo";
};

const warnOfUnplaced = (names: readonly string[], file: string): Problem[] =>
  names.map((name) => ({
    code: "meaning" as const,
    message: `Clip "${name}" has neither a start nor an end nor a transition that would give one, so it is left out.`,
    file,
  }));

const readSequence = (sequence: XmlElement, document: XmemlDocument, warnings: Problem[]): Timeline => {
  const { file } = document;
  const rate = sequenceRate(sequence, file);
  const dropFrame = isDropFrame(sequence);
  const sides = tracksOf(sequence).map((element) => ({ element, track: placeTrack(element, document, rate) }));
  const origin = keyframeOrigin(sides.flatMap(({ track }) => track.clips));
  if (origin === "clip")
    warnings.push({
      code: "meaning",
      message:
        "The keyframes of this file count from each clip's in point, not from the media; they are read that way.",
      file,
    });
  const unplaced = sides.flatMap(({ track }) => track.unplaced);
  warnings.push(...warnOfUnplaced(unplaced, file));
  const tracks = joinTracks(sides).map((exploded, index) => trackOf(exploded, index + 1, { file, origin, warnings }));
  const tally = tallyProperties(sequence, document);
  if (unplaced.length > 0) tally.add("clipitem without a place", "dropped", unplaced.length);
  const ends = tracks.flatMap(({ clips }) => clips.map(({ endTicks }) => BigInt(endTicks)));
  const stated = integerAt(sequence, "duration");
  const length = stated !== null && stated > 0 ? ticksOfFrame(stated, rate) : 0n;
  const carriedId = carriedBy(sequence)?.id;
  return {
    format: "xmeml",
    formatVersion: document.version,
    id: sequence.attributes["id"] ?? "",
    name: nameOf(sequence),
    frameRate: formatFrameRate(rate),
    dropFrame,
    zeroPointTicks: String(zeroPoint(sequence, rate, dropFrame)),
    durationTicks: String(longest([length, ...ends])),
    sampleRate: numberAt(audioOf(sequence), "format/samplecharacteristics/samplerate") ?? 48_000,
    layout: layoutOfSequence(sequence, file, warnings),
    ...(carriedId === undefined ? {} : { carriedId }),
    tracks,
    fidelity: tally.entries(),
  };
};

/** Reads the audio of one sequence of a Final Cut Pro 7 XML, with the meaning Premiere's DOM has. */
export const readXmeml = (bytes: Uint8Array, fileName: string, options: XmemlOptions = {}): Result<Timeline> =>
  asResult(() => {
    const document = openXmeml(bytes, fileName);
    const listings = document.sequences.map(listingOf);
    const choice = chooseSequence(listings, options.sequence, fileName);
    if ("problem" in choice) throw new ProblemError(choice.problem);
    const sequence = document.sequences[choice.index] as XmlElement;
    const chosen = listings[choice.index] as SequenceListing;
    const warnings = options.sequence === undefined ? severalSequences(listings, chosen, fileName) : [];
    return ok(readSequence(sequence, document, warnings), warnings);
  });

/** Reads every sequence of a Final Cut Pro 7 XML: those that stand by themselves first, then nested ones. */
export const readAllXmeml = (bytes: Uint8Array, fileName: string): Result<readonly Timeline[]> =>
  asResult(() => {
    const document = openXmeml(bytes, fileName);
    return readEach(document.sequences, fileName, (sequence, warnings) => readSequence(sequence, document, warnings));
  });
