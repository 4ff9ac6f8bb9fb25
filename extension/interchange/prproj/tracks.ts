import type { ChannelLayout } from "../../../schema/channel-layout.ts";
import type { FidelityTally } from "../fidelity.ts";
import { compareTicks } from "../frame-rate.ts";
import { layoutOf, panOf } from "../layout.ts";
import type { TimelineTrack, TimelineTransition } from "../timeline.ts";
import { readClip } from "./clips.ts";
import { channelsOfLayout, isTrue, numberIn, type ProjectGraph, ticksAt } from "./graph.ts";
import { leafOf, type ProjectObject } from "./objects.ts";
import { hasKeys, type LevelScale, type TrackFader, trackFader } from "./parameters.ts";

const layoutsByChannelType: Readonly<Record<string, ChannelLayout>> = { "0": "mono", "1": "stereo", "2": "5.1" };

/** Layout of a track, from its chain's channel labels, else from the channel type that older projects write. */
export const trackLayout = (graph: ProjectGraph, track: ProjectObject | null): ChannelLayout | null => {
  const chain = graph.follow(track, "AudioTrack/ComponentOwner/Components");
  const labels = layoutOf(channelsOfLayout(leafOf(chain, "AudioChannelLayout")));
  return labels ?? layoutsByChannelType[leafOf(track, "AudioTrack/ChannelType") ?? ""] ?? null;
};

const curves: Readonly<Record<string, TimelineTransition["curve"]>> = {
  "Constant Power": "constantPower",
  "Constant Gain": "constantGain",
};

/** Match names are not translated; display names are, and are only shown. */
const transitionOf = (item: ProjectObject): TimelineTransition[] => {
  const start = ticksAt(item, "TransitionTrackItem/TrackItem/Start") ?? 0n;
  const end = ticksAt(item, "TransitionTrackItem/TrackItem/End");
  if (item.kind !== "AudioTransitionTrackItem" || end === null || end <= start) return [];
  const matchName = leafOf(item, "TransitionTrackItem/MatchName") ?? "";
  return [
    {
      name: leafOf(item, "TransitionTrackItem/DisplayName") ?? matchName,
      matchName,
      curve: curves[matchName] ?? "other",
      startTicks: String(start),
      endTicks: String(end),
    },
  ];
};

const trackPan = (graph: ProjectGraph, track: ProjectObject, tally: FidelityTally): number => {
  const panner = graph.follow(track, "AudioTrack/Panner");
  const [balance] = graph.followAll(panner, "PanProcessor/AudioComponent/Component/Params/Param");
  if (balance === undefined) return 0;
  if (hasKeys(balance)) tally.add("automation of the track's pan", "dropped", 1, "the static value is used");
  return panOf(leafOf(balance, "StartKeyframe")?.split(",")[1] ?? leafOf(balance, "CurrentValue"));
};

/** Before Premiere 22 a muted audio track said so on the track; today only its fader says it. */
const isMuted = (graph: ProjectGraph, track: ProjectObject, fader: TrackFader): boolean =>
  fader.muted || ((graph.objects.projectVersion ?? 0) < 40 && isTrue(track, "ClipTrack/Track/IsMuted"));

export const faderOf = (graph: ProjectGraph, track: ProjectObject | null): TrackFader =>
  trackFader(graph, graph.follow(track, "AudioTrack/ComponentOwner/Components"));

/** Reads one audio track; `number` counts from 1 like Premiere's own names. */
export const readTrack = (
  graph: ProjectGraph,
  track: ProjectObject,
  number: number,
  scale: LevelScale,
  tally: FidelityTally,
): TimelineTrack => {
  const layout = trackLayout(graph, track) ?? "stereo";
  const fader = faderOf(graph, track);
  for (const lost of fader.lost) tally.add(lost, "dropped");
  if (numberIn(track, "AudioTrack/Solo") === 1) tally.add("solo of a track", "dropped", 1, "a mix plays every track");
  const items = graph
    .followAll(track, "ClipTrack/ClipItems/TrackItems/TrackItem")
    .filter(({ kind }) => kind === "AudioClipTrackItem");
  const clips = items.flatMap((item) => {
    const read = readClip(graph, item, layout, scale);
    if (read === null) tally.add("clip without a length", "dropped");
    for (const lost of read?.lost ?? []) tally.add(lost, "dropped");
    return read?.clip ?? [];
  });
  return {
    id: track.id,
    name: (leafOf(track, "ClipTrack/Track/Name") ?? leafOf(track, "AudioTrack/Name") ?? `Audio ${number}`).normalize(
      "NFC",
    ),
    layout,
    muted: isMuted(graph, track, fader),
    locked: isTrue(track, "ClipTrack/Track/IsLocked"),
    volumeDb: fader.volumeDb,
    pan: trackPan(graph, track, tally),
    clips: clips.sort((a, b) => compareTicks(BigInt(a.startTicks), BigInt(b.startTicks))),
    transitions: graph.followAll(track, "ClipTrack/TransitionItems/TrackItems/TrackItem").flatMap(transitionOf),
  };
};
