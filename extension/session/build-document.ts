import type { ClipAnalysis } from "../../engine/measures.ts";
import { layoutOfChannels } from "../../schema/channel-layout.ts";
import type {
  ChannelLayout,
  Clip,
  Crossfade,
  Fade,
  Media,
  MixDocument,
  Processor,
  Role,
  Track,
} from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import type { Problem } from "../../schema/problem.ts";
import type { TargetProfile } from "../../schema/target-profiles.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";
import { buildClip, type ClipMedia, clipIds, cutOf } from "./build-clip.ts";
import { type RangeCrossfade, soundingRanges } from "./clip-ranges.ts";
import { busOfRole, documentFrame } from "./document-frame.ts";
import type { SequenceFacts, TrackFacts } from "./read-sequence.ts";
import { decideRole, type RoleVerdict } from "./roles.ts";
import { unsupportedReasons } from "./unsupported.ts";

/** What a document is made of. `media` is keyed by the path as the host told it. */
export type BuildInput = {
  readonly facts: SequenceFacts;
  readonly media: ReadonlyMap<string, ClipMedia>;
  readonly profile: TargetProfile;
  /** By clip id; empty before the clips were listened to. */
  readonly analyses: ReadonlyMap<string, ClipAnalysis>;
};

export type BuiltDocument = {
  readonly document: MixDocument;
  /** Why each clip has its role, by clip id. */
  readonly roles: ReadonlyMap<string, RoleVerdict>;
  readonly warnings: readonly Problem[];
};

const roleOrder: readonly Role[] = ["dialogue", "music", "effects", "ambience"];

type PlacedClip = { readonly clip: Clip; readonly role: Role; readonly width: number };

type TrackBuild = {
  readonly track: TrackFacts;
  readonly clips: readonly PlacedClip[];
  readonly crossfades: readonly Crossfade[];
};

/** The frame rate as a fraction of the ticks of one video frame: 25 fps = "25", 8475667200 ticks = "30000/1001". */
const frameRateOf = (timebaseTicks: string, saved: string | undefined): string => {
  if (saved !== undefined) return saved;
  const ticks = BigInt(timebaseTicks);
  if (ticks <= 0n) return "25";
  if (TICKS_PER_SECOND % ticks === 0n) return String(TICKS_PER_SECOND / ticks);
  const nominal = (TICKS_PER_SECOND + ticks - 1n) / ticks;
  return `${nominal * 1000n}/1001`;
};

/** As an export carried it, or by the project file's GUID; an XML has none that is unique, so there the name counts too. */
const sequenceIdOf = ({ sequence, saved }: SequenceFacts): string => {
  if (saved?.carriedId !== undefined) return saved.carriedId;
  if (saved?.format === "prproj") return stableId("seq", saved.id);
  return saved ? stableId("seq", saved.id, saved.name) : stableId("seq", sequence.sequenceId);
};

const roleOf = (input: BuildInput, track: TrackFacts, index: number, id: string): RoleVerdict => {
  const { reply, saved } = track.clips[index]!;
  return decideRole({
    essentialSound: saved?.essentialSound ?? null,
    ...(saved?.carried ? { carried: saved.carried } : {}),
    trackName: track.reply.name,
    clipName: reply.name,
    mediaPath: reply.mediaPath,
    durationSeconds: Number(BigInt(reply.endTicks) - BigInt(reply.startTicks)) / Number(TICKS_PER_SECOND),
    analysis: input.analyses.get(id) ?? null,
  });
};

const carriedIds = ({ tracks }: SequenceFacts): ReadonlySet<string> =>
  new Set(tracks.flatMap(({ clips }) => clips.flatMap(({ saved }) => saved?.carried?.id ?? [])));

const buildTrackClips = (
  input: BuildInput,
  track: TrackFacts,
  roles: Map<string, RoleVerdict>,
  warnings: Problem[],
) => {
  const ids = clipIds(track, carriedIds(input.facts));
  const cuts = track.clips.map((facts) => cutOf(facts, input.media.get(facts.reply.mediaPath)));
  const laid = soundingRanges(cuts, track.transitions);
  warnings.push(...laid.warnings);
  const placed = track.clips.map((facts, index): PlacedClip => {
    const id = ids[index]!;
    const verdict = roleOf(input, track, index, id);
    roles.set(id, verdict);
    const media = input.media.get(facts.reply.mediaPath);
    const clip = buildClip({ id, facts, media, range: laid.ranges[index]!, roleSource: verdict.source });
    const width = Math.max(clip.channels.length, 1);
    const processors = panOf(facts.saved, id, layoutOfChannels(width));
    return { clip: { ...clip, processors }, role: verdict.role, width };
  });
  const isOneRole = ({ from, to }: RangeCrossfade) => placed[from]!.role === placed[to]!.role;
  const crossfades = laid.crossfades.filter(isOneRole).map(({ from, to, ...span }): Crossfade => {
    return { id: stableId("xfd", ids[from]!, ids[to]!), from: ids[from]!, to: ids[to]!, ...span };
  });
  const between = laid.crossfades.filter((crossfade) => !isOneRole(crossfade));
  return { track, clips: placed.map((one, index) => withOwnFades(one, index, between)), crossfades };
};

/** A cross-fade from one role to another would join two tracks of the document: each clip takes its half as a fade, which sounds the same. */
const withOwnFades = (placed: PlacedClip, index: number, crossfades: readonly RangeCrossfade[]): PlacedClip => {
  const fadeOf = (crossfade: RangeCrossfade | undefined): Fade | null =>
    crossfade ? { durationTicks: crossfade.durationTicks, curve: crossfade.curve } : null;
  const fadeIn = fadeOf(crossfades.find(({ to }) => to === index)) ?? placed.clip.fadeIn;
  const fadeOut = fadeOf(crossfades.find(({ from }) => from === index)) ?? placed.clip.fadeOut;
  return { ...placed, clip: { ...placed.clip, fadeIn, fadeOut } };
};

const layoutOf = (clips: readonly PlacedClip[]): ChannelLayout =>
  layoutOfChannels(Math.max(...clips.map(({ width }) => width)));

/** A clip that carries fewer channels than its track repeats its last one: mono material stands in the middle. */
const widen = (clip: Clip, layout: ChannelLayout): Clip => {
  const wanted = layout === "stereo" ? 2 : clip.channels.length;
  const channels = fill(clip.channels, wanted);
  return clip.channelGainsDb
    ? { ...clip, channels, channelGainsDb: fill(clip.channelGainsDb, wanted) }
    : { ...clip, channels };
};

const fill = (values: readonly number[], wanted: number): number[] =>
  Array.from({ length: wanted }, (_, index) => values[index] ?? values.at(-1) ?? 0);

/** The pan of a saved track or clip as its insert. */
const panOf = (saved: { readonly pan: number } | null, id: string, layout: ChannelLayout): Processor[] => {
  if (!saved || saved.pan === 0) return [];
  const law = layout === "mono" ? "sinCos" : "balance";
  const azimuthDegrees = Math.round(saved.pan * 9000) / 100;
  return [{ id: `${id}_pan`, type: "panner", enabled: true, mixPercent: 100, azimuthDegrees, law }];
};

/** One document track for each role on a host track, because a track leads to the bus of one role. */
const splitByRole = (built: TrackBuild): Track[] => {
  const { reply, saved } = built.track;
  return roleOrder.flatMap((role, nth): Track[] => {
    const members = built.clips.filter((clip) => clip.role === role);
    if (members.length === 0) return [];
    const id = stableId("trk", saved?.id ?? "", String(reply.index), role);
    const layout = layoutOf(members);
    return [
      {
        id,
        order: reply.index * 10 + nth,
        name: reply.name,
        role,
        layout,
        output: busOfRole(role),
        muted: reply.muted,
        volumeDb: saved?.volumeDb ?? 0,
        sends: [],
        processors: panOf(built.track.saved, id, layout),
        automation: [],
        clips: members
          .map(({ clip }) => widen(clip, layout))
          .sort((a, b) => compareTicks(a.startTicks, b.startTicks) || (a.id < b.id ? -1 : 1)),
        host: { premiere: { trackIndex: reply.index, ...(saved?.locked ? { locked: true } : {}) } },
      },
    ];
  });
};

const compareTicks = (a: string, b: string) => {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const mediaOf = (input: BuildInput): { [id: string]: Media } =>
  Object.fromEntries(
    [...input.media.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, media }) => [id, media]),
  );

const silentWarnings = ({ reply, clips }: TrackFacts): Problem[] =>
  clips.flatMap((facts) => {
    const reasons = unsupportedReasons(facts);
    if (reasons.length === 0 || facts.reply.disabled || reply.muted) return [];
    const what = `Clip "${facts.reply.name}" on track A${reply.index + 1} ${reasons.join(" and ")}`;
    const message = `${what}: it is silent in this mix. A later version takes it through a bounce; until then bounce it in Premiere and mix again.`;
    return [{ code: "unsupported" as const, message }];
  });

/** `audioChannelType` of a sequence whose master has any other number of channels. */
const MULTICHANNEL = 3;

/** The layout of the mix: 5.1 as the host says, 7.1 as the saved project says of a multichannel master, else stereo. */
const mixLayout = ({ sequence, saved }: SequenceFacts): ChannelLayout => {
  if (sequence.audioChannelType === 2) return "5.1";
  return sequence.audioChannelType === MULTICHANNEL && saved?.layout === "7.1" ? "7.1" : "stereo";
};

const layoutWarnings = (facts: SequenceFacts): Problem[] =>
  facts.sequence.audioChannelType === MULTICHANNEL && mixLayout(facts) === "stereo"
    ? [{ code: "unsupported", message: "The sequence's master is multichannel; it is mixed to stereo stems." }]
    : [];

/** Writes a sequence down as a mix document: the same facts always give the same document, with the same ids. */
export const buildDocument = (input: BuildInput): BuiltDocument => {
  const { sequence, saved, tracks } = input.facts;
  const layout = mixLayout(input.facts);
  const warnings: Problem[] = [...layoutWarnings(input.facts), ...tracks.flatMap(silentWarnings)];
  const roles = new Map<string, RoleVerdict>();
  const built = tracks.map((track) => buildTrackClips(input, track, roles, warnings));
  const document: MixDocument = {
    format: "mix",
    formatVersion: "1.0",
    minReader: "1.0",
    extensionsUsed: [],
    extensionsRequired: [],
    sequence: {
      id: sequenceIdOf(input.facts),
      name: sequence.name,
      tickRate: "254016000000",
      frameRate: frameRateOf(sequence.timebaseTicks, saved?.frameRate),
      dropFrame: sequence.dropFrame,
      startTicks: sequence.zeroPointTicks,
      durationTicks: sequence.endTicks,
      sampleRate: sequence.sampleRate,
      layout,
      host: { premiere: { sequenceId: sequence.sequenceId, view: { documentId: sequence.documentId } } },
    },
    media: mediaOf(input),
    tracks: built.flatMap(splitByRole),
    crossfades: built.flatMap(({ crossfades }) => crossfades),
    ...documentFrame(input.profile, { layout, sampleRate: sequence.sampleRate }),
    decisions: [],
  };
  return { document, roles, warnings };
};
