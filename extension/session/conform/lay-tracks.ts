import { channelCount } from "../../../schema/channel-layout.ts";
import type { ChannelLayout, MixDocument, Role, Track } from "../../../schema/generated/mix-document.ts";
import { stableId } from "../../../schema/ids.ts";
import { hostTrackOf } from "../document-timeline.ts";
import type { CutItem } from "./cut-item.ts";
import type { Match } from "./match-clips.ts";

/** Host tracks of the new cut by the host tracks of the mix that they are, by their index. */
type HostTracks = ReadonlyMap<number, number>;

type Vote = { readonly now: number; readonly old: number; readonly votes: number };

/** A host track is the one from which most of its clips came; each is taken once, and what is left keeps its place. */
export const matchHostTracks = (
  document: MixDocument,
  next: MixDocument,
  matches: ReadonlyMap<CutItem, Match>,
): HostTracks => {
  const counts = new Map<string, Vote>();
  for (const [{ track }, { old, by }] of matches) {
    if (by === "copy") continue;
    const [now, before] = [hostTrackOf(track), hostTrackOf(old.track)];
    const key = `${now} ${before}`;
    counts.set(key, { now, old: before, votes: (counts.get(key)?.votes ?? 0) + 1 });
  }
  const votes = [...counts.values()].sort(
    (a, b) => b.votes - a.votes || Number(b.now === b.old) - Number(a.now === a.old) || a.now - b.now || a.old - b.old,
  );
  const unmoved = next.tracks
    .map(hostTrackOf)
    .filter((index) => document.tracks.some((one) => hostTrackOf(one) === index));
  const matched = new Map<number, number>();
  for (const { now, old } of [...votes, ...unmoved.map((index) => ({ now: index, old: index }))]) {
    if (!matched.has(now) && ![...matched.values()].includes(old)) matched.set(now, old);
  }
  return matched;
};

const wider = (a: ChannelLayout, b: ChannelLayout): ChannelLayout => (channelCount(b) > channelCount(a) ? b : a);

/** The track of the new cut that shows what became of one of the mix. */
const counterpartOf = (track: Track, next: MixDocument, hosts: HostTracks): Track | undefined => {
  const group = next.tracks.filter((one) => hosts.get(hostTrackOf(one)) === hostTrackOf(track));
  return group.find(({ id }) => id === track.id) ?? group.find(({ role }) => role === track.role) ?? group[0];
};

/** A track of the mix at its place in the new cut: name, order and anchor from there, all that sounds from the mix. */
const withPlace = (track: Track, next: MixDocument, hosts: HostTracks, document: MixDocument): Track => {
  const now = counterpartOf(track, next, hosts);
  if (!now) return track;
  const firstOf = ({ tracks }: MixDocument, like: Track) =>
    Math.min(...tracks.filter((one) => hostTrackOf(one) === hostTrackOf(like)).map(({ order }) => order));
  const isMoved = hostTrackOf(now) !== hostTrackOf(track);
  const order = isMoved ? Math.max(0, track.order + firstOf(next, now) - firstOf(document, track)) : track.order;
  return { ...track, name: now.name, order, ...(now.host === undefined ? {} : { host: now.host }) };
};

const busFor = ({ buses }: MixDocument, role: Role | null, now: Track, old: Track | null): string => {
  if (old !== null && (old.role ?? role) === role) return old.output;
  const own = buses.find(({ id }) => id === now.output);
  const same = buses.find((bus) => bus.role === role && bus.kind === "submix");
  const main = buses.find(({ kind }) => kind === "master");
  return (own ?? same ?? main!).id;
};

/** Tracks of the conformed mix: those of the mix, and new ones where the cut has material that none of them carries. */
export class TrackLayout {
  readonly tracks: Track[];
  private readonly added = new Map<string, Track>();
  private readonly document: MixDocument;
  private readonly hosts: HostTracks;

  constructor(document: MixDocument, next: MixDocument, hosts: HostTracks) {
    this.document = document;
    this.hosts = hosts;
    this.tracks = document.tracks.map((track) => ({ ...withPlace(track, next, hosts, document), clips: [] }));
  }

  /** Id of the track that carries a clip of the cut: the clip's own one in the mix, one of its host track and role, or a new one. */
  trackFor(now: CutItem, old: CutItem | null): string {
    const role = (old ?? now).role;
    const home = this.hosts.get(hostTrackOf(now.track));
    if (old && home === hostTrackOf(old.track)) return old.track.id;
    const known = this.document.tracks.find((track) => hostTrackOf(track) === home && track.role === role);
    return (known ?? this.newTrack(now, role, old?.track ?? null)).id;
  }

  /** Puts clips on a track, in its order; a track that gets more channels than it had grows. */
  place(trackId: string, items: readonly { readonly clip: Track["clips"][number]; readonly now: CutItem }[]): void {
    const index = this.tracks.findIndex(({ id }) => id === trackId);
    const track = this.tracks[index]!;
    const needed = items.filter(({ clip }) => clip.channels.length > channelCount(track.layout));
    const layout = needed.reduce((all, { now }) => wider(all, now.track.layout), track.layout);
    this.tracks[index] = { ...track, layout, clips: items.map(({ clip }) => clip) };
  }

  private newTrack({ track: now }: CutItem, role: Role | null, old: Track | null): Track {
    const key = `${hostTrackOf(now)} ${role}`;
    const known = this.added.get(key);
    if (known) return known;
    const isTaken = (id: string) => this.tracks.some((track) => track.id === id);
    const id = isTaken(now.id) || now.role !== role ? stableId("trk", now.id, role ?? "", this.added.size) : now.id;
    const plain = {
      sends: [],
      automation: [],
      processors: now.processors.map((one) => ({ ...one, id: `${id}_${one.type}` })),
    };
    const track = { ...now, ...plain, id, role, output: busFor(this.document, role, now, old), clips: [] };
    this.added.set(key, track);
    this.tracks.push(track);
    return track;
  }
}
