import { isSame } from "../../schema/diff/same.ts";
import type { MixDocument, Processor } from "../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { validateDocument } from "../../schema/validate.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "./mix-documents.ts";
import type { Random } from "./random.ts";

type Tree = { [key: string]: unknown };

/** One change that a person makes. */
export type Edit = {
  readonly what: string;
  /** What it writes, as ways such as "clp_1.gainDb"; a way speaks for all that lies below it. */
  readonly cells: readonly string[];
  /** Two edits of one cell collide unless they say the same. */
  readonly says: string;
  readonly apply: (document: MixDocument) => void;
  /** Chains whose order it changes. */
  readonly reorders?: string;
  /** Chains whose members it changes. */
  readonly chain?: string;
  /** It does several things, of which a merge may do some where others collide. */
  readonly isCoarse?: boolean;
};

const insert = (id: string, type: string, params: Tree = {}): Processor => ({
  id,
  type,
  enabled: true,
  mixPercent: 100,
  ...params,
});

const band = (frequencyHz: number, gainDb = 0) => ({ kind: "bell", frequencyHz, gainDb, q: 1 });

const chainOf = (owner: string): Processor[] => [
  insert(`prc_${owner}_eq`, "equalizer", { bands: [band(100), band(1000), band(8000)] }),
  insert(`prc_${owner}_comp`, "compressor", { thresholdDb: -24, ratio: 3 }),
  insert(`prc_${owner}_gain`, "gain", { gainDb: 0 }),
];

const points = () => [0, 2, 4, 6].map((at): [string, number, "linear"] => [secondsToTicks(at), -3, "linear"]);

const CLIPS = 5;
/** Clips of other tracks fit into the gaps. */
const SPACING_SECONDS = 12;

const trackOf = (number: number) =>
  trackFixture({
    id: `trk_${number}`,
    order: number * 10,
    name: `A${number}`,
    output: number === 2 ? "bus_mx" : "bus_dx",
    processors: chainOf(`trk_${number}`),
    automation: [{ param: "volumeDb", timebase: "sequence", points: points() }],
    clips: Array.from({ length: CLIPS }, (_, index) =>
      clipFixture({
        id: `clp_${number}_${index}`,
        name: `take ${number}.${index}`,
        startTicks: secondsToTicks(index * SPACING_SECONDS + number * 4),
        durationTicks: secondsToTicks(3),
        fadeIn: index % 2 === 0 ? { durationTicks: secondsToTicks(0.5), curve: "constantPower" } : null,
        processors: index === 0 ? chainOf(`clp_${number}_0`) : [],
      }),
    ),
  });

/** Three tracks of five clips, three buses, chains, automation, a ducker, stems, unknown keys: what concurrent edits start from. */
export const editedDocument = (): MixDocument =>
  minimalDocument({
    media: {
      med_one: {
        path: "a.wav",
        name: "a.wav",
        sizeBytes: null,
        quickHash: null,
        sampleRate: 48_000,
        channels: 2,
        frames: 4_800_000,
      },
    },
    tracks: [trackOf(0), trackOf(1), trackOf(2)],
    buses: [
      busFixture({ processors: chainOf("bus_dx") }),
      busFixture({ id: "bus_mx", name: "Music", role: "music" }),
      busFixture({ id: "bus_fx", name: "Effects", role: "effects" }),
      masterFixture({ processors: [insert("prc_limit", "limiter", { ceilingDbtp: -1.5 })] }),
    ],
    duckers: [{ id: "dck_one", enabled: true, keys: ["role:dialogue"], targets: ["bus_mx"], targetDifferenceLu: 10 }],
    stems: ["DX", "MX", "MIX"].map((name) => ({
      id: `stm_${name}`,
      name,
      role: null,
      from: "bus_main",
      layout: "stereo",
      sampleRate: 48_000,
      bitDepth: 24,
    })),
    extras: { colour: "red", list: [1, 2] },
    studio: { room: "B" },
  });

const owners = (document: MixDocument) => [
  ...document.tracks.flatMap((track) => [track, ...track.clips]),
  ...document.buses,
];
const find = <T extends { readonly id: string }>(items: readonly T[], id: string) => items.find((one) => one.id === id);
const clips = (document: MixDocument) => document.tracks.flatMap((track) => track.clips);
const trackOfClip = (document: MixDocument, id: string) =>
  document.tracks.find((track) => track.clips.some((clip) => clip.id === id));
const processors = (document: MixDocument) => owners(document).flatMap((owner) => owner.processors);
const chainOwner = (document: MixDocument, id: string) =>
  owners(document).find((owner) => owner.processors.some((one) => one.id === id));

/** The way to an entity: what stands in a clip goes when the clip goes. */
const wayTo = (document: MixDocument, id: string): string => {
  const owner = chainOwner(document, id);
  return owner?.id.startsWith("clp_") ? `${owner.id}.${id}` : id;
};

/** The ways of all processors of a track or bus: they go with it. */
const wholeChain = (document: MixDocument, owner: string): string[] =>
  owners(document)
    .filter(({ id }) => id === owner)
    .flatMap((one) => one.processors.map(({ id }) => id));

const field = (
  what: string,
  way: string,
  name: string,
  value: unknown,
  of: (document: MixDocument) => object | undefined,
): Edit => ({
  what: `${what} of ${way} to ${JSON.stringify(value)}`,
  cells: [`${way}.${name}`],
  says: JSON.stringify(value),
  apply: (document) => {
    const entity = of(document);
    if (entity) (entity as Tree)[name] = value;
  },
});

/** Makes one edit out of random choices; `mark` keeps the new ids of the two sides apart. */
type Maker = (base: MixDocument, random: Random, mark: string) => Edit;

const level = (random: Random) => Math.round(random.below(240) - 120) / 10;
const time = (random: Random, seconds: number) => secondsToTicks(random.below(seconds * 10) / 10);
const anyClip: (base: MixDocument, random: Random) => string = (base, random) => random.pick(clips(base)).id;
const clipField =
  (what: string, name: string, value: (random: Random, base: MixDocument) => unknown): Maker =>
  (base, random) => {
    const id = anyClip(base, random);
    return field(what, id, name, value(random, base), (document) => find(clips(document), id));
  };

const newClip = (mark: string, track: string, startTicks: string): Edit => {
  const id = `clp_new_${mark}`;
  return {
    what: `add ${id} on ${track} at ${startTicks}`,
    cells: [id, `${track}.clips.${id}`],
    says: id,
    apply: (document) => {
      const clip = clipFixture({ id, name: id, startTicks, durationTicks: secondsToTicks(1) });
      find(document.tracks, track)?.clips.push(clip);
    },
  };
};

const pointsOf = (document: MixDocument, track: string) => find(document.tracks, track)?.automation[0]?.points ?? [];

const pointEdit = (track: string, at: string, value: number | null): Edit => ({
  what: `point of ${track} at ${at} to ${value}`,
  cells: [`${track}.points.${at}`],
  says: String(value),
  apply: (document) => {
    const list = pointsOf(document, track);
    const index = list.findIndex(([ticks]) => ticks === at);
    if (index >= 0) list.splice(index, 1);
    if (value !== null) list.push([at, value, "linear"]);
    list.sort(([a], [b]) => Number(BigInt(a) - BigInt(b)));
  },
});

/** Puts a processor behind the nearest one before it that is still there. */
const putBehind = (chain: Processor[], was: readonly string[], anchor: number, item: Processor) => {
  const before = was.slice(0, anchor + 1).reverse();
  const place = before.find((id) => chain.some((one) => one.id === id));
  let index = place === undefined ? 0 : chain.findIndex((one) => one.id === place) + 1;
  while (index < chain.length && !was.includes(chain[index]!.id) && chain[index]!.id < item.id) index += 1;
  chain.splice(index, 0, item);
};

const someChain = (base: MixDocument, random: Random) =>
  random.pick(owners(base).filter((owner) => owner.processors.length > 2));

const insertProcessor: Maker = (base, random, mark) => {
  const owner = someChain(base, random);
  const was = owner.processors.map(({ id }) => id);
  const anchor = random.below(was.length + 1) - 1;
  const id = `prc_new_${mark}`;
  const way = owner.id.startsWith("clp_") ? `${owner.id}.${id}` : id;
  return {
    what: `insert ${id} behind ${was[anchor] ?? "the start"} of ${owner.id}`,
    cells: [way, `${owner.id}.processors.${id}`, `gap ${mark.split("_")[0]} ${owner.id} ${anchor}`],
    says: id,
    chain: owner.id,
    apply: (document) => {
      const chain = find(owners(document), owner.id)?.processors;
      if (chain) putBehind(chain, was, anchor, insert(id, "deEsser"));
    },
  };
};

/** Two neighbours change places; whether the one went up or the other down, nobody can tell, so both are written. */
const swapProcessors: Maker = (base, random) => {
  const owner = someChain(base, random);
  const at = random.below(owner.processors.length - 1);
  const pair = [owner.processors[at]!.id, owner.processors[at + 1]!.id];
  const way = owner.id.startsWith("clp_") ? owner.id : `chain ${owner.id}`;
  return {
    what: `swap ${pair.join(" and ")} in ${owner.id}`,
    cells: pair.map((id) => `${way}.order ${id}`),
    says: pair.join(),
    reorders: owner.id,
    chain: owner.id,
    apply: (document) => {
      const chain = find(owners(document), owner.id)?.processors ?? [];
      const [first, second] = pair.map((id) => chain.findIndex((one) => one.id === id)) as [number, number];
      if (first >= 0 && second >= 0) [chain[first], chain[second]] = [chain[second]!, chain[first]!];
    },
  };
};

const deleteProcessor: Maker = (base, random) => {
  const owner = someChain(base, random);
  const { id } = random.pick(owner.processors);
  return {
    what: `delete ${id}`,
    cells: [wayTo(base, id)],
    says: "gone",
    chain: owner.id,
    apply: (document) => {
      const chain = find(owners(document), owner.id)?.processors ?? [];
      const index = chain.findIndex((one) => one.id === id);
      if (index >= 0) chain.splice(index, 1);
    },
  };
};

const deleteClip: Maker = (base, random) => {
  const id = anyClip(base, random);
  return {
    what: `delete ${id}`,
    cells: [id],
    says: "gone",
    apply: (document) => {
      const list = trackOfClip(document, id)?.clips ?? [];
      list.splice(
        list.findIndex((clip) => clip.id === id),
        list.length > 0 ? 1 : 0,
      );
    },
  };
};

const changeTrack: Maker = (base, random) => {
  const id = anyClip(base, random);
  const to = random.pick(base.tracks).id;
  return {
    what: `move ${id} to ${to}`,
    cells: [`${id}.home`, `${to}.clips.${id}`],
    says: to,
    apply: (document) => {
      const own = trackOfClip(document, id);
      const target = find(document.tracks, to);
      if (!own || !target || own.id === to) return;
      const [clip] = own.clips.splice(
        own.clips.findIndex((one) => one.id === id),
        1,
      );
      target.clips.push(clip!);
    },
  };
};

/** A track with all that is on it. */
const deleteTrack: Maker = (base, random) => {
  const { id, clips: own } = random.pick(base.tracks);
  return {
    what: `delete ${id}`,
    cells: [id, `chain ${id}`, ...own.map((clip) => clip.id), ...wholeChain(base, id)],
    says: "gone",
    isCoarse: true,
    apply: (document) => {
      const index = document.tracks.findIndex((track) => track.id === id);
      if (index >= 0) document.tracks.splice(index, 1);
    },
  };
};

const addTrack: Maker = (_, random, mark) => {
  const id = `trk_new_${mark}`;
  const order = random.below(40);
  return {
    what: `add ${id}`,
    cells: [id],
    says: id,
    apply: (document) => {
      const clip = clipFixture({ id: `clp_of_${id}` });
      document.tracks.push(trackFixture({ id, order, output: "bus_fx", clips: [clip] }));
    },
  };
};

const addBus: Maker = (_base, _random, mark) => {
  const id = `bus_new_${mark}`;
  return {
    what: `add ${id}`,
    cells: [id],
    says: id,
    apply: ({ buses }) => {
      buses.splice(1, 0, busFixture({ id, name: id, kind: "effect", role: null }));
    },
  };
};

const deleteBus: Maker = () => ({
  what: "delete bus_fx",
  cells: ["bus_fx"],
  says: "gone",
  apply: ({ buses }) => {
    const index = buses.findIndex(({ id }) => id === "bus_fx");
    if (index >= 0) buses.splice(index, 1);
  },
});

const addSend: Maker = (base, random, mark) => {
  const owner = random.pick([...base.tracks, ...base.buses.filter(({ kind }) => kind !== "master")]).id;
  const to = random.pick(["bus_fx", "bus_mx"]);
  const id = `snd_new_${mark}`;
  return {
    what: `send ${id} from ${owner} to ${to}`,
    cells: [`${owner}.sends.${id}`],
    says: id,
    apply: (document) => {
      const sends = find([...document.tracks, ...document.buses], owner)?.sends;
      sends?.push({ id, to, levelDb: -6, tap: "post" });
      sends?.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
};

/** Two neighbours that overlap under a cross-fade: a move and the fade that allows it. */
const addCrossfade: Maker = (base, random, mark) => {
  const track = random.pick(base.tracks);
  const at = random.below(CLIPS - 1);
  const [from, to] = [track.clips[at]!, track.clips[at + 1]!];
  const id = `xfd_new_${mark}`;
  const startTicks = String(BigInt(to.startTicks) - BigInt(secondsToTicks(10)));
  return {
    what: `cross-fade ${from.id} and ${to.id}`,
    cells: [id, `${to.id}.startTicks`],
    says: startTicks,
    isCoarse: true,
    apply: (document) => {
      const clip = find(clips(document), to.id);
      if (!clip) return;
      clip.startTicks = startTicks;
      const durationTicks = secondsToTicks(1);
      document.crossfades.push({ id, from: from.id, to: to.id, startTicks, durationTicks, curve: "constantPower" });
    },
  };
};

const bandGain: Maker = (base, random) => {
  const { id } = random.pick(processors(base).filter(({ type }) => type === "equalizer"));
  const index = random.below(3);
  const value = level(random);
  return {
    what: `band ${index} of ${id} to ${value}`,
    cells: [`${wayTo(base, id)}.bands.${index}.gainDb`],
    says: String(value),
    apply: (document) => {
      const bands = find(processors(document), id)?.["bands"] as Tree[] | undefined;
      if (bands) bands.find(({ frequencyHz }) => frequencyHz === [100, 1000, 8000][index])!["gainDb"] = value;
    },
  };
};

const newBand: Maker = (base, random, mark) => {
  const { id } = random.pick(processors(base).filter(({ type }) => type === "equalizer"));
  const frequencyHz = 200 + random.below(700) + (mark.startsWith("o") ? 0 : 1000);
  return {
    what: `band at ${frequencyHz} Hz in ${id}`,
    cells: [`${wayTo(base, id)}.bands.+${mark}`],
    says: mark,
    apply: (document) => {
      (find(processors(document), id)?.["bands"] as Tree[] | undefined)?.push(band(frequencyHz, 3));
    },
  };
};

const threshold: Maker = (base, random) => {
  const { id } = random.pick(processors(base).filter(({ type }) => type === "compressor"));
  return field("threshold", wayTo(base, id), "thresholdDb", -random.below(60), (document) =>
    find(processors(document), id),
  );
};

const fadeLength: Maker = (base, random) => {
  const id = random.pick(clips(base).filter(({ fadeIn }) => fadeIn !== null)).id;
  const name = random.pick(["durationTicks", "curve"]);
  const value = name === "curve" ? random.pick(["constantPower", "constantGain"]) : time(random, 2);
  return field("fade in", `${id}.fadeIn`, name, value, (document) => find(clips(document), id)?.fadeIn ?? undefined);
};

const busField =
  (name: string, value: (random: Random, base: MixDocument) => unknown): Maker =>
  (base, random) => {
    const { id } = random.pick(base.buses.filter(({ kind }) => kind !== "master"));
    return field(name, id, name, value(random, base), (document) => find(document.buses, id));
  };

const trackField =
  (name: string, value: (random: Random, base: MixDocument) => unknown): Maker =>
  (base, random) => {
    const { id } = random.pick(base.tracks);
    return field(name, id, name, value(random, base), (document) => find(document.tracks, id));
  };

const member =
  (of: (document: MixDocument) => Tree, way: string): Maker =>
  (_, random, mark) =>
    random.below(2) === 0
      ? field("value", way, "colour", random.pick(["green", "blue"]), of)
      : field("new key", way, `key_${mark}`, random.below(9), of);

const appended =
  (list: "stems" | "decisions" | "cues", item: (id: string, random: Random) => object): Maker =>
  (_base, random, mark) => {
    const id = `${list}_${mark}`;
    const value = item(id, random);
    return {
      what: `add ${id} ${JSON.stringify(value)}`,
      cells: [id],
      says: id,
      apply: (document) => {
        const items = (document[list] ?? []) as object[];
        (document as Tree)[list] = [...items, structuredClone(value)];
      },
    };
  };

const makers: readonly Maker[] = [
  clipField("gain", "gainDb", level),
  clipField("volume", "volumeDb", level),
  clipField("name", "name", (random) => `name ${random.below(50)}`),
  clipField("fade out", "fadeOut", (random) => ({ durationTicks: time(random, 2), curve: "constantGain" })),
  clipField("start", "startTicks", (random) => time(random, 60)),
  clipField("enabled", "enabled", () => false),
  clipField("note", "note", (random) => `note ${random.below(3)}`),
  clipField("unknown key", "tagged", (random) => random.below(4)),
  fadeLength,
  (base, random, mark) => newClip(mark, random.pick(base.tracks).id, time(random, 60)),
  (base, random, mark) => newClip(mark, random.pick(base.tracks).id, secondsToTicks(CLIPS * SPACING_SECONDS)),
  deleteClip,
  changeTrack,
  deleteTrack,
  addTrack,
  addBus,
  deleteBus,
  addSend,
  addCrossfade,
  bandGain,
  newBand,
  threshold,
  (base, random) => pointEdit(random.pick(base.tracks).id, secondsToTicks(random.below(4) * 2), level(random)),
  (base, random) => pointEdit(random.pick(base.tracks).id, time(random, 20), level(random)),
  (base, random) => pointEdit(random.pick(base.tracks).id, secondsToTicks(random.below(4) * 2), null),
  insertProcessor,
  insertProcessor,
  swapProcessors,
  deleteProcessor,
  busField("volumeDb", level),
  busField("name", (random) => `bus ${random.below(20)}`),
  busField("output", (random, base) => random.pick(base.buses).id),
  trackField("volumeDb", level),
  trackField("muted", () => true),
  trackField("output", (random, base) => random.pick(base.buses).id),
  (base, random) =>
    field("ducker", "dck_one", random.pick(["targetDifferenceLu", "maxDepthDb"]), random.below(18), (document) =>
      find(document.duckers, base.duckers[0]!.id),
    ),
  (_, random) => {
    const target = random.pick(["bus_fx", "role:effects", "role:ambience"]);
    return {
      what: `ducker also lowers ${target}`,
      cells: [`dck_one.targets.${target}`],
      says: "there",
      apply: (document) => {
        const { targets } = document.duckers[0]!;
        if (!targets.includes(target)) targets.push(target);
      },
    };
  },
  (base, random) => {
    const { id } = random.pick(base.stems);
    return field("bits", id, "bitDepth", random.pick([16, 32]), (document) => find(document.stems, id));
  },
  (base, random) => {
    const { id } = random.pick(base.stems);
    return field("stem name", id, "name", `S${random.below(4)}`, (document) => find(document.stems, id));
  },
  appended("stems", (id, random) => ({
    id,
    name: `N${random.below(6)}`,
    role: null,
    from: "bus_dx",
    layout: "stereo",
    sampleRate: 48_000,
    bitDepth: 24,
  })),
  appended("decisions", (id) => ({
    id,
    rule: "level",
    subject: "trk_0",
    measured: null,
    threshold: null,
    unit: "",
    change: "x",
  })),
  appended("cues", (id, random) => ({
    id,
    name: id,
    role: "music",
    enabled: true,
    startTicks: time(random, 9),
    gainDb: 0,
    fadeIn: null,
    fadeOut: null,
    source: { kind: "silence", durationTicks: secondsToTicks(1) },
  })),
  member((document) => document.extras as Tree, "extras"),
  member((document) => document["studio"] as Tree, "studio"),
];

const isBelow = (a: string, b: string) => a === b || b.startsWith(`${a}.`);

/** Whether two edits write one thing and do not say the same. */
export const collide = (a: Edit, b: Edit): boolean =>
  a.says !== b.says && a.cells.some((cell) => b.cells.some((other) => isBelow(cell, other) || isBelow(other, cell)));

const overlaps = (a: Edit, b: Edit): boolean =>
  a.cells.some((cell) => b.cells.some((other) => isBelow(cell, other) || isBelow(other, cell)));

/** The document after the edits. */
export const withEdits = (base: MixDocument, edits: readonly Edit[]): MixDocument => {
  const document = structuredClone(base);
  for (const { apply } of edits) apply(document);
  return document;
};

const meets = (a: Edit, b: Edit): boolean =>
  overlaps(a, b) || (a.chain === b.chain && (a.reorders !== undefined || b.reorders !== undefined));

/** What one person does: about `count` edits that change something, do not meet each other and leave a valid document. */
export const randomEdits = (base: MixDocument, random: Random, count: number, mark: string): readonly Edit[] => {
  const edits: Edit[] = [];
  let document = base;
  for (let index = 0; index < count; index += 1) {
    const edit = random.pick(makers)(base, random, `${mark}_${index}`);
    const next = withEdits(document, [edit]);
    if (isSame(next, document) || edits.some((other) => meets(edit, other)) || !validateDocument(next).ok) continue;
    edits.push(edit);
    document = next;
  }
  return edits;
};
