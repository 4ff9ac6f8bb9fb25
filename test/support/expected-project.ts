import { all, attribute, inside, type PlainElement, plainTree, value } from "../extension/interchange/plain-tree.ts";

/** Ticks of a frame at the rate of an element: 254,016,000,000 a second, or 1001/1000 of a frame with ntsc. */
const frameTicks = (rate: PlainElement | undefined): bigint => {
  const timebase = BigInt(value(rate, "timebase") ?? "0");
  return value(rate, "ntsc") === "TRUE" ? (254_016_000n * 1001n) / timebase : 254_016_000_000n / timebase;
};

type Range = { readonly startTicks: string; readonly durationTicks: string };

/** A clip as the file has it. */
export type ExpectedClip = {
  readonly media: string;
  /** As each of its exploded halves says; empty where a transition moves its edges. */
  readonly ranges: readonly Range[];
  readonly enabled: boolean;
  readonly levelDb: number | null;
};

export type ExpectedProject = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly clips: readonly ExpectedClip[];
  /** Names of the media without which the sequence cannot sound. */
  readonly needed: readonly string[];
  readonly usedTracks: number;
};

/** Names of the media files by the id that clips refer to. */
const fileNames = (tree: PlainElement): ReadonlyMap<string, string> =>
  new Map(
    all(tree, "file").flatMap((file): [string, string][] => {
      const [id, url] = [attribute(file, "id"), value(file, "pathurl")];
      if (id === undefined || url === undefined) return [];
      return [[id, decodeURIComponent(url.split(/[/\\]/).at(-1) ?? "").replaceAll("&amp;", "&")]];
    }),
  );

const levelOf = (item: PlainElement): number | null => {
  const level = all(item, "parameter").find((one) => value(one, "parameterid") === "level");
  if (level === undefined || all(level, "keyframe").length > 0) return null;
  return Math.max(-120, 20 * Math.log10(Number(value(level, "value"))));
};

/** Edges in frames; null where a transition moves them. */
const edgesOf = (item: PlainElement, track: PlainElement): readonly [bigint, bigint] | null => {
  const [start, end] = ["start", "end"].map((edge) => BigInt(value(item, edge) ?? "-1")) as [bigint, bigint];
  const isMoved = track.children
    .filter(({ name }) => name === "transitionitem")
    .map((one) => ["start", "end"].map((edge) => BigInt(value(one, edge) ?? "-1")))
    .some(([from, to]) => [start, end].some((edge) => from! <= edge && edge <= to!));
  return isMoved || start < 0n || end < 0n ? null : [start, end];
};

const rangeOf = (item: PlainElement, track: PlainElement, rate: PlainElement | undefined): readonly Range[] => {
  const edges = edgesOf(item, track);
  if (!edges) return [];
  const [start, end] = edges;
  return [{ startTicks: String(start * frameTicks(rate)), durationTicks: String((end - start) * frameTicks(rate)) }];
};

const itemsOf = (track: PlainElement): PlainElement[] => track.children.filter(({ name }) => name === "clipitem");

/** The clips of a track of the sequence; Premiere explodes a stereo one into two. */
const clipsOf = (
  names: ReadonlyMap<string, string>,
  group: readonly PlainElement[],
  rate: PlainElement | undefined,
): ExpectedClip[] =>
  itemsOf(group[0]!).map((item, index) => {
    const media = names.get(attribute(inside(item, "file") ?? item, "id") ?? "") ?? "";
    return {
      media,
      ranges: group.flatMap((track) => rangeOf(itemsOf(track)[index]!, track, rate)),
      // A nested sequence has no file; it is silent until it is bounced, and said so.
      enabled: media !== "" && value(item, "enabled") !== "FALSE",
      levelDb: levelOf(item),
    };
  });

/** Tracks that Premiere exploded, put together again. */
const groupsOf = (sequence: PlainElement | undefined): PlainElement[][] => {
  const groups: PlainElement[][] = [];
  for (const track of inside(sequence, "media/audio")?.children.filter(({ name }) => name === "track") ?? []) {
    if (Number(attribute(track, "currentExplodedTrackIndex") ?? "0") === 0) groups.push([track]);
    else groups.at(-1)!.push(track);
  }
  return groups;
};

/** The first sequence with sound of an FCP7 XML. */
export const expectedOfXmeml = (name: string, bytes: Uint8Array): ExpectedProject => {
  const tree = plainTree(new TextDecoder().decode(bytes));
  const sequence = all(tree, "sequence").find((one) => inside(one, "media/audio/track") !== undefined);
  const rate = inside(sequence, "rate");
  const names = fileNames(tree);
  const tracks = groupsOf(sequence).map((group) => ({
    isOn: value(group[0], "enabled") !== "FALSE",
    clips: clipsOf(names, group, rate),
  }));
  const sounding = tracks.filter(({ isOn }) => isOn).flatMap(({ clips }) => clips.filter(({ enabled }) => enabled));
  return {
    name,
    bytes,
    clips: tracks.flatMap(({ clips }) => clips),
    needed: [...new Set(sounding.map(({ media }) => media))].sort(),
    usedTracks: tracks.filter(({ clips }) => clips.length > 0).length,
  };
};
