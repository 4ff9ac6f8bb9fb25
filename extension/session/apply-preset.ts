import type { Preset, PresetProcessor } from "../../schema/generated/folder-files.ts";
import type { MixDocument, Processor, Role } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import type { Members } from "../../schema/layers/layer.ts";
import { pointerOf } from "../../schema/pointer.ts";
import { type KnobValues, presetKeys, turnKnobs } from "../../schema/preset.ts";
import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { shown } from "../../schema/shown.ts";

/** A chain of the document: of a track, a clip or a bus. */
export type ChainPlace = { readonly kind: "track" | "clip" | "bus"; readonly id: string; readonly name: string };

/** One difference: an insert or a parameter that comes, goes or changes. */
export type PresetChange = {
  readonly place: ChainPlace;
  readonly processor: string;
  readonly type: string;
  /** "" for the whole insert, else the parameter. */
  readonly parameter: string;
  readonly before: unknown;
  readonly after: unknown;
};

export type PresetPlan = {
  /** The document's file with the preset in its chains. */
  readonly file: Members;
  readonly changes: readonly PresetChange[];
};

const roleNames: readonly string[] = ["dialogue", "music", "effects", "ambience"];

const placesIn = (document: MixDocument): readonly ChainPlace[] => [
  ...document.tracks.map(({ id, name }) => ({ kind: "track" as const, id, name })),
  ...document.tracks.flatMap(({ clips }) => clips.map(({ id, name }) => ({ kind: "clip" as const, id, name }))),
  ...document.buses.map(({ id, name }) => ({ kind: "bus" as const, id, name })),
];

const tracksOf = (document: MixDocument, roles: readonly string[]): readonly ChainPlace[] =>
  document.tracks
    .filter(({ role }) => role !== null && roles.includes(role))
    .map(({ id, name }) => ({ kind: "track", id, name }));

const noPlace = (document: MixDocument, word: string): Problem => {
  const tracks = document.tracks.map(({ name }) => name);
  return {
    code: "usage",
    message: `There is no track, clip, bus or role ${shown(word)}; tracks are ${tracks.join(", ")}, buses ${document.buses.map(({ id }) => id).join(", ")}.`,
    allowed: [...roleNames, ...tracks],
  };
};

/** The chains that words mean: a role (its tracks), an id, or the name of a track, bus or clip. Without words: the tracks of the preset's roles. */
export const presetPlaces = (
  document: MixDocument,
  { name, appliesTo }: Preset,
  words: readonly string[],
): Result<readonly ChainPlace[]> => {
  const all = placesIn(document);
  const found: ChainPlace[] = [];
  for (const word of words) {
    const places = roleNames.includes(word)
      ? tracksOf(document, [word])
      : all.filter((place) => place.id === word || place.name === word);
    if (places.length === 0) return fail(noPlace(document, word));
    found.push(...places);
  }
  const roles: readonly Role[] = appliesTo?.roles ?? (roleNames as readonly Role[]);
  const chosen = words.length > 0 ? found : tracksOf(document, roles);
  if (chosen.length > 0) return ok([...new Map(chosen.map((place) => [place.id, place])).values()]);
  const message = `No track has a role that ${name} is made for (${roles.join(", ")}); say where with --to.`;
  return fail({ code: "usage", message });
};

const pick = (item: PresetProcessor): Members => {
  const keys = presetKeys(item.type);
  return Object.fromEntries(Object.entries(item).filter(([key]) => keys.includes(key)));
};

/** What the inserts of one preset in one chain are called: the same on every application, so that the next one replaces them. */
const idStem = (place: ChainPlace, preset: Preset): string => stableId("prc", place.id, preset.name);

const insertsOf = (items: readonly PresetProcessor[], stem: string): readonly Processor[] =>
  items.map((item, index) => {
    const { id: _, type, enabled, mixPercent, ...others } = pick(item) as PresetProcessor;
    return {
      id: `${stem}_${index + 1}`,
      type,
      enabled: enabled ?? true,
      mixPercent: mixPercent ?? 100,
      ...others,
    } as Processor;
  });

/** The chain with the preset where it stood before, else in front. */
const withPreset = (chain: readonly Members[], inserts: readonly Processor[], stem: string): readonly Members[] => {
  const isOurs = ({ id }: Members) => String(id).startsWith(`${stem}_`);
  const at = Math.max(0, chain.findIndex(isOurs));
  const before = chain.slice(0, at).filter((item) => !isOurs(item));
  return [...before, ...inserts, ...chain.slice(at).filter((item) => !isOurs(item))];
};

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const parameterChanges = (place: ChainPlace, before: Members, after: Members): readonly PresetChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !isSame(before[key], after[key]))
    .map((key) => ({
      place,
      processor: String(after["id"]),
      type: String(after["type"]),
      parameter: key,
      before: before[key] ?? null,
      after: after[key] ?? null,
    }));

const chainChanges = (
  place: ChainPlace,
  before: readonly Members[],
  after: readonly Members[],
): readonly PresetChange[] => {
  const whole = (item: Members, isNew: boolean): PresetChange => ({
    place,
    processor: String(item["id"]),
    type: String(item["type"]),
    parameter: "",
    before: isNew ? null : item,
    after: isNew ? item : null,
  });
  const kept = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id }) => !kept.has(id)).map((item) => whole(item, false));
  return [
    ...gone,
    ...after.flatMap((item) => {
      const old = before.find(({ id }) => id === item["id"]);
      return old === undefined ? [whole(item, true)] : parameterChanges(place, old, item);
    }),
  ];
};

const listAt = (value: Members, key: string): readonly Members[] =>
  Array.isArray(value[key]) ? (value[key] as readonly Members[]) : [];

/** The list with one item changed by id; what only a lower layer has gets an item of its own. */
const withItem = (list: readonly Members[], id: string, change: (item: Members) => Members): readonly Members[] => {
  const isThere = list.some((item) => item["id"] === id);
  return isThere ? list.map((item) => (item["id"] === id ? change(item) : item)) : [...list, change({ id })];
};

const withChain = (file: Members, place: ChainPlace, change: (item: Members) => Members): Members => {
  if (place.kind === "bus") return { ...file, buses: withItem(listAt(file, "buses"), place.id, change) };
  const tracks = listAt(file, "tracks");
  if (place.kind === "track") return { ...file, tracks: withItem(tracks, place.id, change) };
  const holds = (track: Members) => listAt(track, "clips").some(({ id }) => id === place.id);
  const inTrack = (track: Members) => ({ ...track, clips: withItem(listAt(track, "clips"), place.id, change) });
  return { ...file, tracks: tracks.map((track) => (holds(track) ? inTrack(track) : track)) };
};

/**
 * What a preset would change in a document's file: its inserts in the chains of these places, their parameters and nothing else. Knobs
 * stand at their own numbers; those not named leave the preset as it is written.
 */
export const planPreset = (
  file: Members,
  preset: Preset,
  places: readonly ChainPlace[],
  knobs: KnobValues,
): Result<PresetPlan> => {
  const turned = turnKnobs(preset, knobs);
  if (!turned.ok) return turned;
  const changes: PresetChange[] = [];
  let changed = file;
  for (const place of places) {
    const stem = idStem(place, preset);
    changed = withChain(changed, place, (item) => {
      const before = listAt(item, "processors");
      const after = withPreset(before, insertsOf(turned.value, stem), stem);
      changes.push(...chainChanges(place, before, after));
      return { ...item, processors: after };
    });
  }
  return ok({ file: changed, changes });
};

/** Where a change stands, for people: the parameter of an insert in a chain. */
export const changePointer = ({ place, processor, parameter }: PresetChange): string =>
  pointerOf([place.kind, place.id, "processors", processor, ...(parameter === "" ? [] : [parameter])]);
