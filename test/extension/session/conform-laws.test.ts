import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conformDocument } from "../../../extension/session/conform/conform-document.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Clip, Cue, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { validateDocument } from "../../../schema/validate.ts";
import {
  busFixture,
  clipFixture,
  fullDocument,
  masterFixture,
  minimalDocument,
  trackFixture,
} from "../../support/mix-documents.ts";
import { bareCut, razored, recut, shiftedCut } from "../../support/recut.ts";
import "../../support/seed.ts";

const half = 127_008_000_000n;
const ticks = (halves: number) => String(BigInt(halves) * half);

/** Clips of a track one after another with gaps; sources often repeat, as sounds of an effects track do. */
const clipsOf = (track: number) =>
  fc
    .array(
      fc.record({
        gap: fc.integer({ min: 0, max: 3 }),
        length: fc.integer({ min: 1, max: 6 }),
        sourceIn: fc.integer({ min: 0, max: 4 }),
        media: fc.constantFrom("med_a", "med_b"),
        gainDb: fc.integer({ min: -12, max: 12 }),
        fade: fc.boolean(),
        insert: fc.boolean(),
        points: fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: -20, max: 0 })), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((list) => {
      let at = 2;
      return list.map((one, index): Clip => {
        const start = at + one.gap;
        at = start + one.length;
        const id = `clp_${track}_${index}`;
        const points = [...one.points].sort(([a], [b]) => a - b);
        return clipFixture({
          id,
          name: `Clip ${one.media}`,
          media: one.media,
          startTicks: ticks(start),
          durationTicks: ticks(one.length),
          sourceInTicks: ticks(one.sourceIn),
          gainDb: one.gainDb,
          fadeOut: one.fade ? { durationTicks: ticks(1), curve: "constantGain" } : null,
          processors: one.insert ? [{ id: `prc_${id}`, type: "gain", enabled: true, mixPercent: 100, gainDb: 1 }] : [],
          automation:
            points.length === 0
              ? []
              : [{ param: "volumeDb", timebase: "clip", points: points.map(([at, db]) => [ticks(at), db, "linear"]) }],
          host: { premiere: { itemGuid: `00000000-0000-0000-0000-00000000${track}${String(index).padStart(3, "0")}` } },
        });
      });
    });

const mixes = fc
  .record({
    first: clipsOf(0),
    second: clipsOf(1),
    ride: fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -12, max: 6 })), { maxLength: 5 }),
    cue: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ first, second, ride, cue }): MixDocument => {
    const points = [...ride].sort(([a], [b]) => a - b).map(([at, db]) => [ticks(at), db, "linear"] as const);
    const track = (index: number, clips: Clip[], more: Partial<Track>): Track =>
      trackFixture({
        id: `trk_${index}`,
        order: index * 10,
        clips,
        host: { premiere: { trackIndex: index } },
        ...more,
      });
    const medium = { sizeBytes: 10, quickHash: null, sampleRate: 48_000, channels: 2, frames: 480_000 };
    const cues: Cue[] = [
      {
        id: "cue_one",
        name: "Door",
        role: "effects",
        enabled: true,
        startTicks: ticks(cue),
        gainDb: 0,
        fadeIn: null,
        fadeOut: null,
        source: { kind: "tone", durationTicks: ticks(1), frequencyHz: 1000, levelDbfs: -20 },
      },
    ];
    return minimalDocument({
      media: {
        med_a: { path: "a.wav", name: "a.wav", ...medium },
        med_b: { path: "b.wav", name: "b.wav", ...medium },
      },
      tracks: [
        track(0, first, {
          automation:
            points.length > 0
              ? [{ param: "volumeDb", timebase: "sequence", points: points.map((one) => [...one]) }]
              : [],
          processors: [{ id: "prc_track", type: "gain", enabled: true, mixPercent: 100, gainDb: -1 }],
        }),
        track(1, second, { role: "effects", volumeDb: -3, output: "bus_fx" }),
      ],
      cues,
      buses: [masterFixture(), busFixture({ id: "bus_fx", role: "effects" })],
      decisions: [{ id: "dec_one", rule: "x", subject: "clp_0_0", measured: 1, threshold: 2, unit: "dB", change: "" }],
    });
  });

/** As a file without GUIDs comes in again: ids say nothing. */
const anonymous = (document: MixDocument): MixDocument =>
  recut(document, ({ host: _, ...clip }) => [{ ...clip, id: `clp_x${clip.startTicks}_${clip.id.charAt(4)}` }]);

const text = (document: MixDocument) => canonicalText(document);
const withoutHosts = (document: MixDocument) => recut(document, ({ host: _, ...clip }) => [clip]);

/** The document with all its times `by` later, as a reader of the law would write it. */
const later = (document: MixDocument, by: bigint): MixDocument => {
  const plus = (at: string) => String(BigInt(at) + by);
  const shifted = shiftedCut(document, by);
  return {
    ...shifted,
    cues: (document.cues ?? []).map((cue) => ({ ...cue, startTicks: plus(cue.startTicks) })),
    tracks: shifted.tracks.map((track) => ({
      ...track,
      automation: track.automation.map((lane) => ({
        ...lane,
        points: lane.points.map(([at, value, curve]) => [plus(at), value, curve]),
      })),
    })),
  };
};

describe("laws of conforming", () => {
  test("to the same cut it is the identity, whatever the mix holds", () => {
    for (const document of [fullDocument(), minimalDocument()]) {
      const { document: conformed, report } = conformDocument(document, document);
      expect(text(conformed)).toBe(text(document));
      expect({ ...report.counts, kept: 0 }).toEqual({ kept: 0, moved: 0, trimmed: 0, split: 0, new: 0, gone: 0 });
      expect(report.gone).toEqual({ clips: [], crossfades: [], cues: [], media: {} });
    }
    fc.assert(
      fc.property(mixes, (document) => {
        expect(text(conformDocument(document, document).document)).toBe(text(document));
        expect(text(conformDocument(document, bareCut(document)).document)).toBe(text(document));
      }),
      { numRuns: 300 },
    );
  });

  test("to a cut that is only later, everything is only later, with GUIDs and without", () => {
    fc.assert(
      fc.property(mixes, fc.integer({ min: 1, max: 12 }), (document, halves) => {
        const by = BigInt(halves) * half;
        const cut = bareCut(shiftedCut(document, by));
        expect(text(conformDocument(document, cut).document)).toBe(text(later(document, by)));
        const nameless = withoutHosts(document);
        const { document: conformed } = conformDocument(nameless, anonymous(cut));
        expect(text(conformed)).toBe(text(later(nameless, by)));
      }),
      { numRuns: 300 },
    );
  });

  test("there and back restores the sound of every clip that is still there", () => {
    fc.assert(
      fc.property(
        mixes,
        fc.array(fc.constantFrom("keep", "drop", "split", "trim"), { minLength: 12, maxLength: 12 }),
        (document, edits) => {
          let nth = 0;
          const edited = recut(document, (clip) => {
            const edit = edits[nth++ % edits.length];
            const length = BigInt(clip.durationTicks);
            if (edit === "drop") return [];
            if (edit === "split" && length > half) return razored(clip, half);
            if (edit === "trim" && length > half)
              return [{ ...clip, durationTicks: String(length - half), fadeOut: null }];
            return [clip];
          });
          const there = conformDocument(document, bareCut(edited)).document;
          expect(validateDocument(there).ok).toBe(true);
          const back = conformDocument(there, bareCut(document)).document;
          expect(validateDocument(back).ok).toBe(true);
          nth = 0;
          const originals = document.tracks.flatMap((track) => track.clips);
          for (const clip of originals) {
            const edit = edits[nth++ % edits.length];
            const found = back.tracks.flatMap((track) => track.clips).find(({ id }) => id === clip.id)!;
            const isShort = BigInt(clip.durationTicks) <= half;
            if (edit === "keep" || (isShort && edit !== "drop")) expect(found).toEqual(clip);
            if (edit === "split" || edit === "trim") {
              expect(found.gainDb).toBe(clip.gainDb);
              expect(found.processors).toEqual(clip.processors);
            }
            if (edit === "split") expect(found.fadeOut).toEqual(clip.fadeOut);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
