import { ok, type Problem, ProblemError, type Result } from "../../../schema/problem.ts";
import { TICKS_PER_SECOND } from "../../../schema/ticks.ts";
import { FidelityTally } from "../fidelity.ts";
import { type FrameRate, formatFrameRate, frameRateFromTicks, longest } from "../frame-rate.ts";
import { layoutOf } from "../layout.ts";
import { chooseSequence, readEach, type SequenceListing, severalSequences } from "../sequence-choice.ts";
import { isDropFrameDisplay } from "../timecode.ts";
import type { Timeline } from "../timeline.ts";
import { asResultLater } from "../xml-text.ts";
import { numberIn, ProjectGraph, readObjects, ticksAt } from "./graph.ts";
import { leafOf, type ProjectObject, type ProjectObjects } from "./objects.ts";
import { levelScale } from "./parameters.ts";
import { tallyObjects } from "./properties.ts";
import { faderOf, readTrack, trackLayout } from "./tracks.ts";

export type PrprojOptions = {
  /** Name or id; without it the first sequence with sound is read. */
  readonly sequence?: string;
};

type Groups = {
  readonly audio: ProjectObject | null;
  readonly video: ProjectObject | null;
  readonly tracks: readonly ProjectObject[];
};

const groupsOf = (graph: ProjectGraph, sequence: ProjectObject): Groups => {
  const groups = graph.followAll(sequence, "TrackGroups/TrackGroup/Second");
  const audio = groups.find(({ kind }) => kind === "AudioTrackGroup") ?? null;
  return {
    audio,
    video: groups.find(({ kind }) => kind === "VideoTrackGroup") ?? null,
    tracks: graph.followAll(audio, "TrackGroup/Tracks/Track").filter(({ kind }) => kind === "AudioClipTrack"),
  };
};

const listingOf = (objects: ProjectObjects, sequence: ProjectObject): SequenceListing => {
  const graph = new ProjectGraph(objects);
  const items = groupsOf(graph, sequence).tracks.map(
    (track) => graph.followAll(track, "ClipTrack/ClipItems/TrackItems/TrackItem").length,
  );
  return {
    id: sequence.id,
    name: (leafOf(sequence, "Name") ?? "").normalize("NFC"),
    audioItems: items.reduce((sum, count) => sum + count, 0),
  };
};

const frameRateOf = (graph: ProjectGraph, { video }: Groups, sequence: ProjectObject, file: string): FrameRate => {
  const rate = frameRateFromTicks(numberIn(video, "TrackGroup/FrameRate") ?? 0);
  if (rate !== null) return rate;
  const name = leafOf(sequence, "Name") ?? sequence.id;
  const message = `The sequence "${name}" has no video track group with a frame rate (version ${graph.objects.projectVersion}). Open the project in Premiere and save it again.`;
  throw new ProblemError({ code: "meaning", message, file, line: sequence.line });
};

const sampleRateOf = (audio: ProjectObject | null): number => {
  const ticks = ticksAt(audio, "TrackGroup/FrameRate");
  return ticks === null || ticks <= 0n ? 48_000 : Math.round(Number(TICKS_PER_SECOND) / Number(ticks));
};

/** The sequence ends where its last item does, be it sound or picture. */
const videoEnds = (graph: ProjectGraph, video: ProjectObject | null): bigint[] =>
  graph
    .followAll(video, "TrackGroup/Tracks/Track")
    .flatMap((track) => graph.followAll(track, "ClipTrack/ClipItems/TrackItems/TrackItem"))
    .flatMap((item) => ticksAt(item, "ClipTrackItem/TrackItem/End") ?? []);

const masterLayout = (graph: ProjectGraph, audio: ProjectObject | null): Timeline["layout"] =>
  trackLayout(graph, graph.follow(audio, "MasterTrack")) ??
  layoutOf(numberIn(audio, "NumAdaptiveChannels")) ??
  "stereo";

const readSequence = (objects: ProjectObjects, sequence: ProjectObject, file: string): Timeline => {
  const graph = new ProjectGraph(objects);
  const tally = new FidelityTally();
  const groups = groupsOf(graph, sequence);
  graph.reached.add(sequence);
  const rate = frameRateOf(graph, groups, sequence, file);
  const faders = groups.tracks.map((track) => faderOf(graph, track));
  const scale = levelScale(objects.projectVersion, faders.find(({ maximum }) => maximum !== null)?.maximum ?? null);
  const tracks = groups.tracks.map((track, index) => readTrack(graph, track, index + 1, scale, tally));
  const master = faderOf(graph, graph.follow(groups.audio, "MasterTrack"));
  if (master.volumeDb !== 0 || master.muted)
    tally.add("fader of the mix track", "dropped", 1, "the mix is not turned down twice");
  for (const lost of master.lost) tally.add(`mix track: ${lost}`, "dropped");
  const ends = tracks.flatMap(({ clips }) => clips.map(({ endTicks }) => BigInt(endTicks)));
  const durationTicks = String(longest([...ends, ...videoEnds(graph, groups.video)]));
  const layout = masterLayout(graph, groups.audio);
  tallyObjects(graph.reached, tally);
  for (const effect of tracks.flatMap(({ clips }) => clips.flatMap(({ effects }) => effects)))
    tally.add(`effect ${effect}`, "carried", 1, "named in the clip's effects; its sound is not rendered");
  tally.add(
    "Level",
    "mapped",
    tracks.reduce((sum, { clips }) => sum + clips.length, 0),
    scale.from,
  );
  return {
    format: "prproj",
    formatVersion: String(objects.projectVersion ?? ""),
    id: sequence.id,
    name: (leafOf(sequence, "Name") ?? "").normalize("NFC"),
    frameRate: formatFrameRate(rate),
    dropFrame: isDropFrameDisplay(numberIn(sequence, "Node/Properties/MZ.Sequence.VideoTimeDisplayFormat")),
    zeroPointTicks: String(ticksAt(sequence, "Node/Properties/MZ.ZeroPoint") ?? 0n),
    durationTicks,
    sampleRate: sampleRateOf(groups.audio),
    layout,
    tracks,
    fidelity: tally.entries(),
  };
};

/** Reads the audio of one sequence of a Premiere project, gzipped or plain. */
export const readPrproj = (
  bytes: Uint8Array,
  fileName: string,
  options: PrprojOptions = {},
): Promise<Result<Timeline>> =>
  asResultLater(async () => {
    const objects = await readObjects(bytes, fileName);
    const listings = objects.sequences.map((sequence) => listingOf(objects, sequence));
    const choice = chooseSequence(listings, options.sequence, fileName);
    if ("problem" in choice) throw new ProblemError(choice.problem);
    const chosen = listings[choice.index] as SequenceListing;
    const warnings: Problem[] = options.sequence === undefined ? severalSequences(listings, chosen, fileName) : [];
    return ok(readSequence(objects, objects.sequences[choice.index] as ProjectObject, fileName), warnings);
  });

/** Reads every sequence of a Premiere project, in the order of the file. */
export const readAllPrproj = (bytes: Uint8Array, fileName: string): Promise<Result<readonly Timeline[]>> =>
  asResultLater(async () => {
    const objects = await readObjects(bytes, fileName);
    return readEach(objects.sequences, fileName, (sequence) => readSequence(objects, sequence, fileName));
  });
