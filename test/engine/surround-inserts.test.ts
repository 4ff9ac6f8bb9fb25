// Inserts of tracks that widen them to the layout of their bus.
import { expect, test } from "vitest";
import { type ChannelLayout, channelCount } from "../../schema/channel-layout.ts";
import type { Track } from "../../schema/generated/mix-document.ts";
import { channelOf, largestDifference, peakOf, rmsOf } from "../support/measure-signal.ts";
import {
  bus,
  clip,
  floatSource,
  renderDocument,
  renderSources,
  stemsOf,
  track,
  waveFloats,
} from "../support/render-ground.ts";
import { noise } from "../support/signals.ts";

const FRAMES = 20_000;

/** Stems of a 5.1 bus in its own layout and in stereo, of one track with one insert. */
const renderInsert = async (layout: ChannelLayout, source: Float32Array, insert: Track["processors"][number]) => {
  const channels = Array.from({ length: channelCount(layout) }, (_, channel) => channel);
  const own = track("t1", "main", [clip("a", "m", 0, FRAMES, { channels })], { layout, processors: [insert] });
  const document = renderDocument(FRAMES, [own], {
    buses: [bus("main", null, { layout: "5.1" })],
    stems: stemsOf("main", ["5.1", "stereo"]),
  });
  const { file } = await renderSources(document, { m: floatSource(source, channels.length) });
  return { surround: waveFloats(file("5.1")), stereo: waveFloats(file("stereo")) };
};

test("a mono track stands in its 5.1 bus where its panner puts it", async () => {
  const source = noise(-12, FRAMES);
  const panner = { id: "pan", type: "panner", enabled: true, mixPercent: 100, azimuthDegrees: 110 };
  const { surround } = await renderInsert("mono", source, panner);
  expect(channelOf(surround, 5, 6)).toEqual(source);
  for (const channel of [0, 1, 2, 3, 4]) expect(peakOf(channelOf(surround, channel, 6))).toBe(0);
});

test("a stereo track with an upmix fills its 5.1 bus, on time, and the stereo stem is its source", async () => {
  const source = noise(-12, FRAMES * 2);
  const upmix = { id: "up", type: "upmix", enabled: true, mixPercent: 100, ambiencePercent: 100 };
  const { surround, stereo } = await renderInsert("stereo", source, upmix);
  for (const channel of [4, 5]) expect(rmsOf(channelOf(surround, channel, 6))).toBeGreaterThan(0.3 * rmsOf(source));
  expect(largestDifference(stereo, source)).toBeLessThan(1e-6);
});
