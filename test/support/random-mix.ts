import fc from "fast-check";
import type {
  AutomationPoint,
  ChannelLayout,
  Clip,
  Crossfade,
  Fade,
  MixDocument,
  Role,
  Track,
} from "../../schema/generated/mix-document.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "./mix-documents.ts";

const MS = 254_016_000n;
const roles: readonly Role[] = ["dialogue", "music", "effects", "ambience"];
const curve = fc.constantFrom("constantPower" as const, "constantGain" as const);
const tenths = (least: number, most: number) =>
  fc.integer({ min: least * 10, max: most * 10 }).map((value) => value / 10);
const level = fc.oneof(
  { weight: 6, arbitrary: tenths(-40, 12) },
  { weight: 1, arbitrary: tenths(12, 40) },
  { weight: 1, arbitrary: fc.constant(-120) },
);
/** Some are on the frames of 25 per second, most are not. */
const span = (least: number, most: number) =>
  fc.oneof(
    fc.integer({ min: least, max: most }).map((ms) => BigInt(ms) * MS),
    fc.integer({ min: Math.ceil(least / 40), max: Math.floor(most / 40) }).map((frames) => BigInt(frames) * 40n * MS),
  );
const name = fc.oneof(
  fc.constantFrom(
    "Take 1",
    "a \"b\" <c> & 'd'",
    "]]>",
    "",
    "é",
    "\u202e\u0001\u0000",
    "\ud800",
    "line\nbreak\tand tab",
    "🎬",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);

type Piece = {
  readonly gap: bigint;
  readonly length: bigint;
  readonly overlap: boolean;
  readonly curve: Fade["curve"];
  readonly changes: Partial<Clip>;
  readonly fades: readonly [bigint | null, bigint | null];
};

const points = (from: bigint, to: bigint): fc.Arbitrary<AutomationPoint[]> =>
  fc
    .array(fc.tuple(span(Number(from / MS), Number(to / MS)), level, fc.constantFrom("linear", "amplitude", "hold")), {
      maxLength: 4,
    })
    .map((list) =>
      list
        .sort(([a], [b]) => Number(a - b))
        .map(([ticks, db, shape]): AutomationPoint => [String(ticks), Math.min(db, 30), shape as AutomationPoint[2]]),
    );

const piece = (media: readonly string[]): fc.Arbitrary<Piece> =>
  fc.record({
    gap: fc.oneof(fc.constant(0n), span(0, 900)),
    length: span(100, 3000),
    overlap: fc.boolean(),
    curve,
    fades: fc.tuple(fc.option(span(0, 400), { nil: null }), fc.option(span(0, 400), { nil: null })),
    changes: fc.record({
      name,
      media: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...media) }, { weight: 1, arbitrary: fc.constant(null) }),
      enabled: fc.boolean(),
      sourceInTicks: span(0, 5000).map(String),
      speed: fc.oneof(
        { weight: 9, arbitrary: fc.constant("1/1") },
        { weight: 1, arbitrary: fc.constantFrom("1/2", "3/1", "4/3") },
      ),
      reversed: fc.integer({ min: 0, max: 12 }).map((value) => value === 0),
      role: fc.option(fc.constantFrom<Role>(...roles), { nil: null }),
      roleSource: fc.constantFrom("name", "premiere.essentialSound", "100 % mine & yours"),
      gainDb: level,
      volumeDb: level,
      automation: fc
        .option(points(0n, 3000n * MS))
        .map((list) =>
          list === null ? [] : [{ param: "volumeDb" as const, timebase: "clip" as const, points: list }],
        ),
    }),
  });

const fadeOf = (ticks: bigint | null, length: bigint, shape: Fade["curve"]): Fade | null =>
  ticks === null ? null : { durationTicks: String(ticks < length ? ticks : length), curve: shape };

/** Clips one behind the other; where two touch, some of them overlap under a cross-fade. */
const lay = (track: number, layout: ChannelLayout, pieces: readonly Piece[]) => {
  const clips: Clip[] = [];
  const crossfades: Crossfade[] = [];
  let at = 0n;
  for (const [index, one] of pieces.entries()) {
    const last = clips.at(-1);
    const shared =
      last && one.overlap
        ? (BigInt(last.durationTicks) < one.length ? BigInt(last.durationTicks) : one.length) / 3n
        : 0n;
    const start = shared > 0n ? at - shared : at + one.gap;
    const id = `clp_${track}_${index}`;
    const [fadeIn, fadeOut] = one.fades;
    clips.push(
      clipFixture({
        ...one.changes,
        id,
        startTicks: String(start),
        durationTicks: String(one.length),
        fadeIn: fadeOf(fadeIn, one.length, one.curve),
        fadeOut: fadeOf(fadeOut, one.length, one.curve),
        channels: layout === "mono" ? [0] : layout === "stereo" ? [1, 0] : [0],
      }),
    );
    if (last && shared > 0n)
      crossfades.push({
        id: `xfd_${track}_${index}`,
        from: last.id,
        to: id,
        startTicks: String(start),
        durationTicks: String(shared),
        curve: one.curve,
      });
    at = start + one.length;
  }
  return { clips, crossfades, end: at };
};

const mediaIds = ["med_one", "med_two", "med_same"];

const track = (index: number) =>
  fc
    .record({
      name,
      layout: fc.constantFrom<ChannelLayout>("mono", "stereo", "stereo", "5.1"),
      role: fc.option(fc.constantFrom<Role>(...roles), { nil: null }),
      muted: fc.boolean(),
      volumeDb: level,
      azimuth: fc.option(tenths(-90, 90)),
      automation: fc.option(points(0n, 6000n * MS), { freq: 3 }),
      hostIndex: fc.option(fc.integer({ min: 0, max: 4 })),
      pieces: fc.array(piece(mediaIds), { maxLength: 4 }),
    })
    .map(({ azimuth, automation, hostIndex, pieces, ...changes }) => {
      const laid = lay(index, changes.layout, pieces);
      const panner = { id: `prc_${index}`, type: "panner", enabled: true, mixPercent: 100, azimuthDegrees: azimuth };
      const whole: Track = trackFixture({
        ...changes,
        id: `trk_${index}`,
        order: index * 10,
        clips: laid.clips,
        processors: azimuth === null ? [] : [panner],
        automation: automation ? [{ param: "volumeDb", timebase: "sequence", points: automation }] : [],
        ...(hostIndex === null ? {} : { host: { premiere: { trackIndex: hostIndex } } }),
      });
      return { ...laid, track: whole };
    });

const rates = ["24", "25", "24000/1001", "30000/1001", "60000/1001", "50"];

const medium = (path: string): MixDocument["media"][string] => ({
  path,
  name: path.split("/").at(-1)!,
  sizeBytes: 12,
  quickHash: null,
  sampleRate: 48_000,
  channels: 2,
  frames: null,
});

/** Valid documents with clips on and off the frames, fades, cross-fades, lanes, hostile names and two media of one path. */
export const randomMix: fc.Arbitrary<MixDocument> = fc
  .record({
    tracks: fc
      .integer({ min: 1, max: 4 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => track(index)))),
    frameRate: fc.constantFrom(...rates),
    dropFrame: fc.boolean(),
    startMs: fc.integer({ min: 0, max: 40_000_000 }),
    title: name,
    layout: fc.constantFrom<ChannelLayout>("stereo", "5.1"),
  })
  .map(({ tracks, frameRate, dropFrame, startMs, title, layout }) => {
    const base = minimalDocument();
    return minimalDocument({
      sequence: {
        ...base.sequence,
        name: title,
        frameRate,
        dropFrame: dropFrame && ["30000/1001", "60000/1001"].includes(frameRate),
        startTicks: String(BigInt(startMs) * MS),
        layout,
      },
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is how a path variable is written in a document.
      media: {
        med_one: medium("${media}/day 1/a&b.wav"),
        med_two: medium("sounds/two.wav"),
        med_same: medium("${media}/sounds/two.wav"),
      },
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the paths end here.
      tracks: tracks.map((one) => one.track),
      crossfades: tracks.flatMap((one) => one.crossfades),
      buses: [
        ...roles.map((role) => busFixture({ id: `bus_${role}`, name: role, role, layout })),
        masterFixture({ layout }),
      ],
    });
  });
