import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timebaseOf } from "../../../extension/host/simulated-host/seed.ts";
import type { Timeline, TimelineClip } from "../../../extension/interchange/timeline.ts";
import type { AudioClipReply } from "../../../schema/host-protocol.ts";
import { clip, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const ticks = fc.bigInt({ min: 0n, max: 30n * 3600n * 254_016_000_000n });
/** Levels that survive the rounding to 0.0001 dB. */
const levelDb = fc.integer({ min: -1190, max: 150 }).map((tenths) => tenths / 10);

const anyClip: fc.Arbitrary<TimelineClip> = fc
  .record({
    at: ticks,
    length: fc.bigInt({ min: 1n, max: 10n ** 13n }),
    from: ticks,
    name: fc.string({ unit: "grapheme" }),
    volumeDb: levelDb,
    keys: fc.uniqueArray(ticks, { maxLength: 4 }),
    channels: fc.constantFrom([0], [0, 1], [0, 1, 2, 3, 4, 5]),
    kind: fc.constantFrom("media" as const, "sequence" as const, "multicam" as const),
    speed: fc.constantFrom(1, 0.5, 2.25),
    reversed: fc.boolean(),
    enabled: fc.boolean(),
  })
  .map(({ at, length, from, keys, ...rest }) =>
    clip(0, {
      ...rest,
      mediaPath: rest.kind === "sequence" ? "" : `/media/${rest.name}`,
      startTicks: String(at),
      endTicks: String(at + length),
      inTicks: String(from),
      outTicks: String(from + length),
      volumeKeys: keys
        .sort((left, right) => (left < right ? -1 : 1))
        .map((key) => ({ mediaTicks: String(key), levelDb: rest.volumeDb })),
    }),
  );

const anyTimeline: fc.Arbitrary<Timeline> = fc
  .array(fc.tuple(fc.string({ minLength: 1 }), fc.boolean(), fc.boolean(), fc.array(anyClip, { maxLength: 4 })), {
    maxLength: 4,
  })
  .map((tracks) =>
    timeline(
      "Any",
      tracks.map(([name, muted, locked, clips]) => track(name, clips, { muted, locked })),
    ),
  );

const saidOf = (read: AudioClipReply) => ({
  name: read.name,
  mediaPath: read.mediaPath,
  startTicks: read.startTicks,
  endTicks: read.endTicks,
  inTicks: read.inTicks,
  outTicks: read.outTicks,
  speed: read.speed,
  reversed: read.reversed,
  enabled: !read.disabled,
  volumeDb: read.volumeDb,
  volumeKeys: read.volumeKeys,
  channels: read.channelCount,
});

const meantBy = (meant: TimelineClip): ReturnType<typeof saidOf> => ({
  name: meant.name,
  mediaPath: meant.mediaPath,
  startTicks: meant.startTicks,
  endTicks: meant.endTicks,
  inTicks: meant.inTicks,
  outTicks: meant.outTicks,
  speed: meant.speed,
  reversed: meant.reversed,
  enabled: meant.enabled,
  volumeDb: meant.volumeKeys.length > 0 ? null : meant.volumeDb,
  volumeKeys: meant.volumeKeys,
  channels: meant.channels.length,
});

describe("a Premiere seeded from a timeline", () => {
  test("says through the host scripts what the timeline says, to the tick and beyond 2^53", async () => {
    await fc.assert(
      fc.asyncProperty(anyTimeline, async (meant) => {
        const read = await simulate({ timelines: [meant] }).host.readSequence();
        if (!read.ok) throw new Error(read.problems[0]?.message);
        const tracks = read.value.tracks.map(({ name, muted, locked, clips }) => [
          name,
          muted,
          locked,
          clips.map(saidOf),
        ]);
        expect(tracks).toEqual(
          meant.tracks.map(({ name, muted, locked, clips }) => [name, muted, locked, clips.map(meantBy)]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("has one project item per media file, however many clips use it", () => {
    const sim = simulate({
      timelines: [timeline("S", [track("A", [clip(0), clip(5), clip(10)]), track("B", [clip(1)])])],
    });
    expect(sim.dump().items.map(({ name }) => name)).toEqual(["S", "take-0.wav", "take-1.wav"]);
  });

  test.each(["", "x", "0", "25/0", "-25", "1e9"])("%j is no frame rate", (rate) => {
    expect(() => timebaseOf(rate)).toThrow(TypeError);
  });

  test("an odd rate from a project file keeps its exact frame", () => {
    expect(timebaseOf("15/2")).toBe(33_868_800_000n);
    expect(timebaseOf("24000/1001")).toBe(10_594_584_000n);
  });
});
