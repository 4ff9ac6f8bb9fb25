// The tone that a cue plays against the room of the clip that it is learned from.
import { describe, expect, test } from "vitest";
import type { Clip, Cue, Track } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { startInProcessWorker } from "../support/in-process-worker.ts";
import { channelOf, largestDifference, peakOf, rmsDb, rmsOf } from "../support/measure-signal.ts";
import { cleanSpeech, NOISES } from "../support/noisy-speech.ts";
import { clip, floatSource, RATE, renderDocument, renderSources, track, waveFloats } from "../support/render-ground.ts";
import { concat, dbToGain, noise as hiss, spread } from "../support/signals.ts";
import { autocorrelation, spectrumErrorsDb } from "../support/spectrum.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const LEVEL_DBFS = -55;
const [take = new Float32Array()] = (await demoSpeech(await openEngine())).map((one) => cleanSpeech(one));
const atLevel = (signal: Float32Array): Float32Array => {
  const scale = dbToGain(LEVEL_DBFS) / rmsOf(signal);
  return signal.map((x) => x * scale);
};
const rooms = Object.entries(NOISES).map(([name, make]) => ({ name, room: atLevel(make(take.length, 70)) }));
const inRoom = (room: Float32Array): Float32Array => take.map((x, i) => x + (room[i] ?? 0));
const white = rooms[0]?.room ?? new Float32Array();
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

const roomTone = (startFrame: number, frames: number, more: Partial<Cue> = {}): Cue => ({
  id: "tone",
  name: "Kitchen",
  role: "music",
  enabled: true,
  startTicks: framesToTicks(startFrame, RATE),
  gainDb: 0,
  fadeIn: null,
  fadeOut: null,
  source: { kind: "roomTone", durationTicks: framesToTicks(frames, RATE), clip: "said", seed: 1 },
  ...more,
});

type Setting = {
  readonly cues: Cue[];
  readonly clip?: Partial<Clip>;
  readonly track?: Partial<Track>;
  readonly options?: Parameters<typeof renderSources>[2];
  readonly workers?: boolean;
};

/** A clip of `samples` (both channels, interleaved) on the dialogue bus, the cues on the music bus. */
const render = async (samples: Float32Array, seconds: number, setting: Setting) => {
  const said = clip("said", "m", 0, samples.length / 2, setting.clip);
  const tracks = [track("t1", "dx", [said], setting.track)];
  const document = renderDocument(seconds * RATE, tracks, { cues: setting.cues });
  const start = setting.workers ? startInProcessWorker : undefined;
  const { file, result } = await renderSources(document, { m: floatSource(samples, 2) }, setting.options, start);
  return { mx: waveFloats(file("mx")), dx: waveFloats(file("dx")), result };
};

const still = spread(white.subarray(0, 3 * RATE));

describe("a cue of room tone", () => {
  test.each(rooms)(
    "has spectrum and level of the room between the words and never repeats itself: $name",
    async (at) => {
      const cues = [roomTone(RATE, 10 * RATE)];
      const { mx, result } = await render(spread(inRoom(at.room)), 12, { cues });
      expect(result.warnings).toEqual([]);
      const tone = channelOf(mx, 0).subarray(RATE, 11 * RATE);
      const errors = spectrumErrorsDb(tone, at.room);
      expect(rmsOf(errors), "spectrum, 80 Hz to 16 kHz").toBeLessThan(0.8);
      expect(Math.abs(mean(errors)), "level").toBeLessThan(0.4);
      expect(peakOf(autocorrelation(tone).subarray(0.05 * RATE, 9 * RATE)), "beyond 50 ms").toBeLessThan(0.1);
      expect(peakOf(mx.subarray(0, 2 * RATE)) + peakOf(mx.subarray(22 * RATE)), "outside").toBe(0);
    },
  );

  test("neither workers nor the block size change a byte", async () => {
    const [samples, cues] = [spread(inRoom(white)), [roomTone(1234, 2 * RATE)]];
    const { mx, result } = await render(samples, 4, { cues });
    expect(peakOf(mx)).toBeGreaterThan(0);
    for (const more of [
      { workers: true, options: { threads: 2 } },
      { options: { blockFrames: 16 } },
      { options: { blockFrames: 4800 } },
    ]) {
      const again = await render(samples, 4, { cues, ...more });
      expect(again.result.files.map(({ sha256 }) => sha256)).toEqual(result.files.map(({ sha256 }) => sha256));
    }
  });

  test("is as loud as the room in its clip: gains of clip and track count, and its own", async () => {
    const cues = [roomTone(0, 8 * RATE)];
    const louder = { gainDb: 4, volumeDb: -1 };
    const plain = await render(still, 8, { cues });
    const gained = await render(still, 8, { cues, clip: louder, track: { volumeDb: 2 } });
    const turned = await render(still, 8, { cues: [roomTone(0, 8 * RATE, { gainDb: -5 })], clip: louder });
    const level = ({ mx }: { mx: Float32Array }) => rmsDb(mx);
    expect(Math.abs(level(plain) - rmsDb(still))).toBeLessThan(0.3);
    expect(level(gained) - level(plain)).toBeCloseTo(5, 3);
    expect(level(turned) - level(plain)).toBeCloseTo(-2, 3);
  });

  test("a disabled clip on a muted track still lends its room", async () => {
    const { mx, dx } = await render(still, 4, {
      cues: [roomTone(0, 4 * RATE)],
      clip: { enabled: false },
      track: { muted: true },
    });
    expect(peakOf(dx)).toBe(0);
    expect(Math.abs(rmsDb(mx) - rmsDb(still))).toBeLessThan(0.5);
  });

  test("hears no more of the file than the clip plays", async () => {
    const second = { sourceInTicks: framesToTicks(3 * RATE, RATE), durationTicks: framesToTicks(3 * RATE, RATE) };
    const both = concat(
      still,
      still.map((x) => 4 * x),
      still,
    );
    const { mx } = await render(both, 4, { cues: [roomTone(0, 4 * RATE)], clip: second });
    expect(Math.abs(rmsDb(mx) - rmsDb(still) - 12.04)).toBeLessThan(0.5);
  });

  test("fades as other cues do, and another seed is another stretch of the same tone", async () => {
    const fade = { durationTicks: framesToTicks(RATE, RATE), curve: "constantGain" as const };
    const one = await render(still, 4, { cues: [roomTone(0, 4 * RATE)] });
    const faded = await render(still, 4, { cues: [roomTone(0, 4 * RATE, { fadeIn: fade, fadeOut: fade })] });
    const at = Math.round(0.5 * RATE) * 2;
    expect(faded.mx[at]! / one.mx[at]!).toBeCloseTo(0.5, 3);
    expect(largestDifference(faded.mx.subarray(2 * RATE, 6 * RATE), one.mx.subarray(2 * RATE, 6 * RATE))).toBe(0);
    const base = roomTone(0, 4 * RATE);
    const other = await render(still, 4, { cues: [{ ...base, source: { ...base.source, seed: 2 } as Cue["source"] }] });
    const product = other.mx.reduce((sum, x, i) => sum + x * one.mx[i]!, 0) / other.mx.length;
    expect(Math.abs(product / (rmsOf(one.mx) * rmsOf(other.mx)))).toBeLessThan(0.02);
  });

  test("channels that share nothing share nothing in the tone, and one channel stands on both sides", async () => {
    const [left, right] = [hiss(-50, 3 * RATE, 91), hiss(-44, 3 * RATE, 92)];
    const wide = Float32Array.from({ length: 6 * RATE }, (_, i) => (i & 1 ? right : left)[i >> 1] ?? 0);
    const { mx } = await render(wide, 6, { cues: [roomTone(0, 6 * RATE)] });
    const [a, b] = [channelOf(mx, 0), channelOf(mx, 1)];
    expect(rmsDb(b) - rmsDb(a)).toBeCloseTo(6, 0);
    expect(Math.abs(a.reduce((sum, x, i) => sum + x * b[i]!, 0) / (a.length * rmsOf(a) * rmsOf(b)))).toBeLessThan(0.05);
    const mono = await render(wide, 2, {
      cues: [roomTone(0, 2 * RATE)],
      clip: { channels: [1] },
      track: { layout: "mono" },
    });
    expect(largestDifference(channelOf(mono.mx, 0), channelOf(mono.mx, 1))).toBe(0);
    expect(Math.abs(rmsDb(mono.mx) - rmsDb(right))).toBeLessThan(0.5);
  });

  test("a clip without a pause is named; the cue is silent and the rest sounds", async () => {
    // Words cut out of digital silence: between them there is no room.
    const words = spread(take.subarray(RATE, 4 * RATE));
    const inline = await render(words, 4, { cues: [roomTone(0, 4 * RATE)] });
    expect(inline.result.warnings).toEqual([expect.stringMatching(/^Cue "Kitchen" found no pause .* Name a clip/)]);
    expect(peakOf(inline.mx)).toBe(0);
    expect(largestDifference(inline.dx.subarray(0, words.length), words)).toBe(0);
    const outside = await render(words, 4, { cues: [roomTone(0, 4 * RATE)], workers: true, options: { threads: 2 } });
    expect(outside.result.warnings).toEqual(inline.result.warnings);
  });

  test("a clip that cannot sound lends no room, and is named", async () => {
    const { mx, result } = await render(still, 2, { cues: [roomTone(0, 2 * RATE)], clip: { reversed: true } });
    expect(result.warnings).toContainEqual(expect.stringMatching(/^Cue "Kitchen" plays the room of clip "said"/));
    expect(peakOf(mx)).toBe(0);
  });
});
