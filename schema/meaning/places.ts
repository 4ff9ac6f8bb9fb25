import type { Automation, Clip, MixDocument, Processor, Send, Ticks } from "../generated/mix-document.ts";
import { pointerOf } from "../pointer.ts";
import type { Problem } from "../problem.ts";

/** An entity and where it stands. */
export type Placed<T> = { readonly item: T; readonly pointer: string };

const placed = <T>(items: readonly T[], pointer: string): Placed<T>[] =>
  items.map((item, index) => ({ item, pointer: `${pointer}/${index}` }));

/** Anything with a chain: a clip, a track or a bus, and the track or bus whose signal it becomes. */
type Owner = {
  readonly pointer: string;
  readonly node: string;
  readonly processors: readonly Processor[];
  readonly sends: readonly Send[];
  readonly automation: readonly Automation[];
};

export const tracksOf = (document: MixDocument) => placed(document.tracks, "/tracks");
export const busesOf = (document: MixDocument) => placed(document.buses, "/buses");

export type PlacedClip = Placed<Clip> & { readonly trackId: string };

export const clipsOf = (document: MixDocument): readonly PlacedClip[] =>
  tracksOf(document).flatMap(({ item, pointer }) =>
    placed(item.clips, `${pointer}/clips`).map((clip) => ({ ...clip, trackId: item.id })),
  );

/** Every clip, track and bus as the owner of a chain. */
export const ownersOf = (document: MixDocument): readonly Owner[] => [
  ...clipsOf(document).map(({ item, pointer, trackId }) => ({ ...item, pointer, node: trackId, sends: [] })),
  ...tracksOf(document).map(({ item, pointer }) => ({ ...item, pointer, node: item.id })),
  ...busesOf(document).map(({ item, pointer }) => ({ ...item, pointer, node: item.id, automation: [] })),
];

export type PlacedProcessor = Placed<Processor> & { readonly node: string };

export const processorsOf = (document: MixDocument): readonly PlacedProcessor[] =>
  ownersOf(document).flatMap(({ processors, pointer, node }) =>
    placed(processors, `${pointer}/processors`).map((processor) => ({ ...processor, node })),
  );

export const sendsOf = (document: MixDocument): readonly (Placed<Send> & { readonly node: string })[] =>
  ownersOf(document).flatMap(({ sends, pointer, node }) =>
    placed(sends, `${pointer}/sends`).map((send) => ({ ...send, node })),
  );

/** A problem of meaning at a place. */
export const wrong = (pointer: string, message: string, more: Partial<Problem> = {}): Problem => ({
  code: "meaning",
  message,
  pointer,
  ...more,
});

/** Ticks as people read them: seconds with three decimals. */
export const inSeconds = (ticks: Ticks | bigint): string => {
  const thousandths = BigInt(ticks) / 254_016_000n;
  const sign = thousandths < 0n ? "-" : "";
  const digits = String(thousandths < 0n ? -thousandths : thousandths).padStart(4, "0");
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3)} s`;
};

/** The place of one media file. */
export const mediaPointer = (id: string): string => pointerOf(["media", id]);
