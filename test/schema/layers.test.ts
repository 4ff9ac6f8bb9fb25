import fc from "fast-check";
import { expect, test } from "vitest";
import { engineDefaults } from "../../schema/layers/defaults.ts";
import { type Explanation, explain } from "../../schema/layers/explain.ts";
import type { LayerKind, LayerSource, Members } from "../../schema/layers/layer.ts";
import { resolveDocument } from "../../schema/layers/resolve.ts";
import { pointerOf } from "../../schema/pointer.ts";
import { effort } from "../support/effort.ts";
import { type NaiveLayer, type NaiveTable, naiveBus, naiveDocument, naiveThing } from "../support/naive-layers.ts";

const source = (kind: LayerKind, name: string, layer: Members, locked: readonly string[] = []): LayerSource => ({
  kind,
  name,
  layer,
  file: `${name}.jsonc`,
  inFile: (pointer) => pointer,
  locked,
});

/** A record in which every key may be missing. */
const maybe = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const level = fc.integer({ min: -9, max: 9 });
const levelOrGone = fc.oneof({ weight: 5, arbitrary: level }, fc.constant(null));
const ids = ["a", "b", "c", "d"].map((letter) => `prc_${letter}`);
const directives = { $remove: fc.constant(true), $after: fc.constantFrom(...ids, null, "prc_gone") };

const processor = fc
  .record(
    {
      id: fc.constantFrom(...ids),
      type: fc.constantFrom("gain", "equalizer"),
      gainDb: levelOrGone,
      sidechain: fc.constantFrom(null, "bus_dx"),
      bands: fc.array(fc.record({ gainDb: level }), { maxLength: 2 }),
      state: fc.record({ inner: fc.constantFrom(null, 1) }),
    },
    { requiredKeys: ["id"] },
  )
  .chain((item) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(item) },
      maybe(directives).map((more): Members => ({ ...item, ...more })),
    ),
  );
const processors = fc.oneof(
  { weight: 6, arbitrary: fc.uniqueArray(processor, { selector: ({ id }) => id, maxLength: 4 }) },
  fc.constant(null),
);
const fade = fc.oneof(
  maybe({ durationTicks: fc.constantFrom("1", "2"), curve: fc.constant("constantGain") }),
  fc.constant(null),
);

const track = maybe({ volumeDb: levelOrGone, muted: fc.boolean(), processors });
const clip = maybe({ volumeDb: levelOrGone, gainDb: level, fadeIn: fade, processors });
const bus = maybe({ volumeDb: levelOrGone, processors });
const block = maybe({ track, clip, bus });
const ducker = fc.record(
  {
    id: fc.constantFrom("dck_a", "dck_b"),
    depthDb: levelOrGone,
    keys: fc.constantFrom(["role:music"], ["role:dialogue"]),
  },
  { requiredKeys: ["id"] },
);
const busItem = (id: string) => bus.map((value): Members => ({ ...value, id }));
const layer = maybe({
  track,
  clip,
  "[dialogue]": block,
  "[music]": block,
  "[dialogue][music]": block,
  buses: fc.subarray(["bus_dx", "bus_mx"]).chain((names) => fc.tuple(...names.map(busItem))),
  duckers: fc.uniqueArray(ducker, { selector: ({ id }) => id, maxLength: 2 }),
  targets: maybe({ programme: maybe({ integratedLufs: levelOrGone, toleranceLu: level }) }),
});

/** Every pointer into a layer, list items by id. */
const pointersIn = (value: unknown, at = ""): string[] => {
  if (Array.isArray(value) && value.every((item) => typeof item?.id === "string"))
    return value.flatMap((item) => [`${at}/${item.id}`, ...pointersIn(item, `${at}/${item.id}`)]);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value)
    .filter(([key]) => !["id", "$remove", "$after"].includes(key))
    .flatMap(([key, member]) => [
      ...(member !== null ? [`${at}/${key}`] : []),
      ...(key === "state" ? [] : pointersIn(member, `${at}/${key}`)),
    ]);
};

const removes = (value: unknown) => JSON.stringify(value).includes("$remove");

/** A house: what it locks is what it says. */
const house = layer.chain((value) => {
  const pointers = removes(value) ? [] : pointersIn(value).filter((pointer) => pointer.split("/").length > 2);
  const locked = pointers.length === 0 ? fc.constant<string[]>([]) : fc.subarray(pointers, { maxLength: 3 });
  return fc.record({ value: fc.constant(value), locked });
});

const roles = fc.constantFrom("dialogue", "music", null);
const document = fc.record({
  own: layer,
  tracks: fc.tuple(
    ...[0, 1].map((index) =>
      fc.record({
        own: track,
        role: roles,
        clip: fc.option(clip, { nil: undefined }),
        clips: fc.tuple(
          ...[0, 1].map((at) => fc.record({ own: clip, role: roles, id: fc.constant(`clp_${index}${at}`) })),
        ),
      }),
    ),
  ),
});

const stack = fc.record({ houses: fc.array(house, { maxLength: 3 }), workspace: layer, project: layer, document });

/** Two or three of many, from all over. */
const spread = <T>(items: readonly T[]): readonly T[] =>
  items.filter((_, index) => index % Math.max(1, Math.ceil(items.length / 2)) === 0);

/** Defaults where nothing stands, and the template's items under this owner's ids. */
const completed = (table: NaiveTable, kind: "track" | "clip" | "bus", owner: string) => {
  const { shared } = table;
  const whole = { ...engineDefaults[kind], ...(table.value() as Members) };
  const chain = (whole["processors"] as readonly (Members & { id: string })[]).map((item) => ({
    ...engineDefaults.processor,
    ...item,
    id: shared.has(item.id) ? `${owner}_${item.id}` : item.id,
  }));
  return { ...whole, processors: chain };
};

const STACKS = effort(200, 1000);

test(`on ${STACKS} random stacks the resolver and explain give what a naive resolver gives`, () => {
  fc.assert(
    fc.property(stack, ({ houses, workspace, project, document: { own, tracks } }) => {
      const bases = ["bus_dx", "bus_mx"].map((id) => ({ id, role: id === "bus_dx" ? "dialogue" : "music" }));
      const base = { buses: bases };
      const file = {
        ...own,
        tracks: tracks.map((one, index) => ({
          ...one.own,
          id: `trk_${index}`,
          role: one.role,
          ...(one.clip === undefined ? {} : { clip: one.clip }),
          clips: one.clips.map((clipOf) => ({ ...clipOf.own, id: clipOf.id, role: clipOf.role })),
        })),
      };
      const sources = [
        source("house", "base", base),
        ...houses.map(({ value, locked }, index) => source("house", `house${index}`, value, locked)),
        source("workspace", "workspace", workspace),
        source("project", "project", project),
        source("document", "document", file),
      ];
      const naive: NaiveLayer[] = sources.map(({ name, layer: value, locked }) => ({ name, layer: value, locked }));
      const { document: resolved } = resolveDocument(sources);

      const check = (table: NaiveTable, at: readonly (string | number)[], owner: string) => {
        for (const { path, value, by } of spread(table.leaves())) {
          const copied = path.map((key) => (table.shared.has(key) ? `${owner}_${key}` : key));
          const explained = explain(sources, resolved, pointerOf([...at, ...copied]));
          if (path.at(-1) === "id") continue;
          const { value: found, winner } = (explained as { readonly value: Explanation }).value;
          if (found !== value || winner.source.name !== by) {
            expect([path, found, winner.source.name]).toEqual([path, value, by]);
          }
        }
      };

      for (const [index, one] of file.tracks.entries()) {
        const { clips, clip: inner, ...ownTrack } = one;
        const table = naiveThing(naive, "track", one.role, [], ownTrack);
        const { clips: resolvedClips, ...resolvedTrack } = (resolved["tracks"] as Members[])[index]!;
        expect(resolvedTrack).toEqual(completed(table, "track", one.id));
        check(table, ["tracks", index], one.id);
        for (const [at, ownClip] of clips.entries()) {
          const role = ownClip.role ?? one.role;
          const clipTable = naiveThing(naive, "clip", role, inner === undefined ? [] : [inner], ownClip);
          expect((resolvedClips as Members[])[at]).toEqual(completed(clipTable, "clip", ownClip.id));
          check(clipTable, ["tracks", index, "clips", at], ownClip.id);
        }
      }
      for (const [index, resolvedBus] of (resolved["buses"] as (Members & { id: string })[]).entries()) {
        const { id, role } = bases.find((one) => one.id === resolvedBus.id)!;
        const table = naiveBus(naive, id, role);
        expect(resolvedBus).toEqual(completed(table, "bus", id));
        check(table, ["buses", index], id);
      }
      const keys = ["targets", "duckers", "stems"];
      const table = naiveDocument(naive, keys);
      const { targets, duckers = [] } = table.value() as { targets?: unknown; duckers?: Members[] };
      expect(resolved["targets"]).toEqual(targets);
      expect(resolved["duckers"]).toEqual(duckers.map((one) => ({ enabled: true, ...one })));
      check(table, [], "");
    }),
    { numRuns: STACKS },
  );
});
