import type { Automation, Bus, Clip, MixDocument, Processor, Send, Ticks, Track } from "../generated/mix-document.ts";
import { pointerOf } from "../pointer.ts";
import type { Problem } from "../problem.ts";

/** An entity and where it stands. */
export type Placed<T> = { readonly item: T; readonly pointer: string };

/** The same with the id of the track or bus whose signal it shapes. */
export type PlacedOn<T> = Placed<T> & { readonly node: string };

type Owner = Track | Bus | Clip;

/** Every entity of a document that others may name or that names others. */
export type Places = {
  readonly tracks: readonly PlacedOn<Track>[];
  readonly buses: readonly PlacedOn<Bus>[];
  readonly clips: readonly PlacedOn<Clip>[];
  readonly processors: readonly PlacedOn<Processor>[];
  readonly sends: readonly PlacedOn<Send>[];
  readonly automations: readonly Placed<readonly Automation[]>[];
};

const placed = <T>(items: readonly T[], pointer: string, node: (item: T) => string): PlacedOn<T>[] =>
  items.map((item, index) => ({ item, pointer: `${pointer}/${index}`, node: node(item) }));

const membersOf = <T>(owners: readonly PlacedOn<Owner>[], name: string, members: (owner: Owner) => readonly T[]) =>
  owners.flatMap(({ item, pointer, node }) => placed(members(item), `${pointer}/${name}`, () => node));

/** Walks through the document once. */
export const findPlaces = (document: MixDocument): Places => {
  const tracks = placed(document.tracks, "/tracks", ({ id }) => id);
  const buses = placed(document.buses, "/buses", ({ id }) => id);
  const clips = tracks.flatMap(({ item, pointer }) => placed(item.clips, `${pointer}/clips`, () => item.id));
  const channels = [...tracks, ...buses];
  const owners = [...clips, ...channels];
  return {
    tracks,
    buses,
    clips,
    processors: membersOf(owners, "processors", ({ processors }) => processors),
    sends: membersOf(channels, "sends", (owner) => ("sends" in owner ? (owner.sends as readonly Send[]) : [])),
    automations: [...clips, ...tracks].map(({ item, pointer }) => ({
      item: item.automation,
      pointer: `${pointer}/automation`,
    })),
  };
};

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
