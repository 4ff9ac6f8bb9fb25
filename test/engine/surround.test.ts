import { describe, expect, test } from "vitest";
import { foldGains } from "../../engine/layout-fold.ts";
import { type ChannelLayout, channelCount, channelLayouts } from "../../schema/channel-layout.ts";
import type { Bus, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { startInProcessWorker } from "../support/in-process-worker.ts";
import { channelOf, largestDifference, rmsDb } from "../support/measure-signal.ts";
import {
  bus,
  clip,
  floatSource,
  RATE,
  renderDocument,
  renderSources,
  stemsOf,
  track,
  waveFloats,
} from "../support/render-ground.ts";
import { noise } from "../support/signals.ts";
import { synthesiseSpeech } from "../support/synthetic-speech.ts";

const FRAMES = 20_000;
const layouts = Object.keys(channelLayouts) as ChannelLayout[];

const silent = (samples: Float32Array): boolean => samples.every((value) => value === 0);

/** One track into one bus into stems of the wanted layouts, named by them. */
const oneBus = (layout: ChannelLayout, one: Partial<Track>, stems: readonly ChannelLayout[], more: Partial<Bus> = {}) =>
  renderDocument(FRAMES, [track("t1", "main", [clip("a", "m", 0, FRAMES)], one)], {
    buses: [bus("main", null, { layout, ...more })],
    stems: stemsOf("main", stems),
  });

const withClip = (document: MixDocument, channels: readonly number[]): MixDocument => ({
  ...document,
  tracks: document.tracks.map((one) => ({
    ...one,
    clips: one.clips.map((own) => ({ ...own, channels: [...channels] })),
  })),
});

const upTo = (channels: number): number[] => Array.from({ length: channels }, (_, channel) => channel);

describe("surround", () => {
  test.each(layouts)("a %s file passes track, bus and stem bit for bit, on any number of threads", async (layout) => {
    const channels = channelCount(layout);
    const source = noise(-12, FRAMES * channels);
    // Rears stand before sides in a WAVE file: a track that reads them so gives them back so.
    const order = channels === 8 ? [0, 1, 2, 3, 6, 7, 4, 5] : upTo(channels);
    const document = withClip(oneBus(layout, { layout }, [layout]), order);
    const sources = { m: floatSource(source, channels) };
    const one = await renderSources(document, sources);
    expect(waveFloats(one.file(layout))).toEqual(source);
    const two = await renderSources(document, sources, { threads: 2, blockFrames: 333 }, startInProcessWorker);
    expect(two.file(layout)).toEqual(one.file(layout));
  });

  test("7.1 at another rate keeps every channel in its place", async () => {
    const source = new Float32Array(8 * 22_050);
    for (let frame = 0; frame < 22_050; frame += 1) source.fill(0, frame * 8).fill(0.1, frame * 8 + 5, frame * 8 + 6);
    const document = withClip(oneBus("7.1", { layout: "7.1" }, ["7.1"]), upTo(8));
    const { file } = await renderSources(document, { m: floatSource(source, 8, 44_100) });
    const stem = waveFloats(file("7.1"));
    // The right side is channel 5 of the document and 7 of a WAVE file.
    for (const channel of upTo(8)) expect(channelOf(stem, channel, 8)[10_000]).toBeCloseTo(channel === 7 ? 0.1 : 0, 5);
  });

  test("a mono track stands in the centre of a surround bus, a stereo track on its front sides", async () => {
    const mono = noise(-12, FRAMES);
    const inCentre = await renderSources(withClip(oneBus("5.1", { layout: "mono" }, ["5.1"]), [0]), {
      m: floatSource(mono, 1),
    });
    const stem = waveFloats(inCentre.file("5.1"));
    expect(channelOf(stem, 2, 6)).toEqual(mono);
    for (const channel of [0, 1, 3, 4, 5]) expect(silent(channelOf(stem, channel, 6))).toBe(true);
    const stereo = noise(-12, FRAMES * 2);
    const inFront = waveFloats(
      (await renderSources(oneBus("7.1", {}, ["7.1"]), { m: floatSource(stereo, 2) })).file("7.1"),
    );
    expect(channelOf(inFront, 0, 8)).toEqual(channelOf(stereo, 0, 2));
    expect(channelOf(inFront, 1, 8)).toEqual(channelOf(stereo, 1, 2));
    for (const channel of [2, 3, 4, 5, 6, 7]) expect(silent(channelOf(inFront, channel, 8))).toBe(true);
  });

  test("folding down follows ITU-R BS.775: 7.1 to 5.1 to stereo to mono", () => {
    const half = Math.SQRT1_2;
    expect(foldGains("5.1", "stereo")).toEqual([
      [1, 0, half, 0, half, 0],
      [0, 1, half, 0, 0, half],
    ]);
    expect(foldGains("7.1", "5.1")[4]).toEqual([0, 0, 0, 0, 1, 0, 1, 0]);
    expect(foldGains("7.1", "5.1")[2]).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(foldGains("stereo", "mono")).toEqual([[half, half]]);
    const [toMono = []] = foldGains("5.1", "mono");
    for (const [channel, gain] of [half, half, 1, 0, 0.5, 0.5].entries()) expect(toMono[channel]).toBeCloseTo(gain, 12);
    const steps = (from: ChannelLayout, over: ChannelLayout, to: ChannelLayout) =>
      foldGains(over, to).map((row) =>
        upTo(channelCount(from)).map((source) =>
          row.reduce((sum, gain, middle) => sum + gain * foldGains(from, over)[middle]![source]!, 0),
        ),
      );
    const direct = foldGains("7.1", "stereo");
    for (const [side, row] of steps("7.1", "5.1", "stereo").entries())
      for (const [channel, gain] of row.entries()) expect(gain).toBeCloseTo(direct[side]![channel]!, 12);
  });

  test("one surround bus gives its own, a stereo and a mono stem that are its fold-down to 1e-6", async () => {
    const source = noise(-12, FRAMES * 6);
    const document = withClip(oneBus("5.1", { layout: "5.1" }, ["5.1", "stereo", "mono"]), upTo(6));
    const { file } = await renderSources(document, { m: floatSource(source, 6) });
    expect(waveFloats(file("5.1"))).toEqual(source);
    for (const layout of ["stereo", "mono"] as const) {
      const stem = waveFloats(file(layout));
      foldGains("5.1", layout).forEach((row, channel) => {
        const worst = upTo(FRAMES).reduce((most, frame) => {
          const wanted = row.reduce((sum, gain, from) => sum + gain * source[frame * 6 + from]!, 0);
          return Math.max(most, Math.abs(stem[frame * channelCount(layout) + channel]! - wanted));
        }, 0);
        expect(worst).toBeLessThan(1e-6);
      });
    }
  });

  test("a stereo track on a mono bus is folded, not cut", async () => {
    const source = noise(-12, FRAMES * 2);
    const { file } = await renderSources(oneBus("mono", {}, ["mono"]), { m: floatSource(source, 2) });
    const stem = waveFloats(file("mono"));
    expect(stem[5000]).toBeCloseTo(Math.SQRT1_2 * (source[10_000]! + source[10_001]!), 6);
  });

  test("a delayed path keeps all its pairs in time", async () => {
    const source = noise(-12, FRAMES * 6);
    const limiter = { id: "lim", type: "limiter", enabled: true, mixPercent: 100, ceilingDbtp: 0 };
    const document: MixDocument = {
      ...withClip(oneBus("5.1", { layout: "5.1" }, ["5.1"]), upTo(6)),
      buses: [bus("dx", "main", { layout: "5.1", processors: [limiter] }), bus("main", null, { layout: "5.1" })],
    };
    const tracks = [
      { ...document.tracks[0]!, output: "dx" },
      { ...document.tracks[0]!, id: "t2", clips: document.tracks[0]!.clips.map((own) => ({ ...own, id: "b" })) },
    ];
    const { file } = await renderSources({ ...document, tracks }, { m: floatSource(source, 6) });
    const stem = waveFloats(file("5.1"));
    expect(stem.length).toBe(source.length);
    const twice = source.map((value) => 2 * value);
    expect(largestDifference(stem, twice)).toBeLessThan(1e-6);
  });

  test("a ducker on a stereo bus hears the voice in the centre of a surround bus", async () => {
    const frames = 11 * RATE;
    const voice = new Float32Array(frames);
    voice.set(synthesiseSpeech(4, 0.1, RATE, 1, 120), 3 * RATE);
    const rule = { id: "duck", enabled: true, keys: ["dx"], targets: ["mx"], targetDifferenceLu: 30, maxDepthDb: 12 };
    const document = renderDocument(
      frames,
      [
        track("t1", "dx", [clip("a", "m", 0, frames, { channels: [0] })], { layout: "mono" }),
        track("t2", "mx", [clip("b", "n", 0, frames)]),
      ],
      {
        buses: [bus("dx", "main", { layout: "5.1" }), bus("mx", "main"), bus("main", null, { layout: "5.1" })],
        duckers: [rule],
      },
    );
    const music = noise(-20, frames * 2);
    const { file } = await renderSources(document, { m: floatSource(voice, 1), n: floatSource(music, 2) });
    const left = channelOf(waveFloats(file("mx")), 0);
    const changeDb = (second: number) =>
      rmsDb(left.subarray(second * RATE, (second + 0.5) * RATE)) -
      rmsDb(channelOf(music, 0).subarray(second * RATE, (second + 0.5) * RATE));
    expect(changeDb(1)).toBeCloseTo(0, 3);
    expect(changeDb(5)).toBeCloseTo(-12, 1);
    expect(changeDb(10)).toBeCloseTo(0, 1);
  });
});
