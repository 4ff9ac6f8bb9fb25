/** A stretch of tone; `levelDb` is the peak in dBFS, -Infinity for silence. */
export type Segment = { readonly levelDb: number; readonly seconds: number };

export type LoudnessCase = {
  readonly name: string;
  readonly hz: number;
  /** One entry a segment; the level holds for every channel. */
  readonly segments: readonly Segment[];
  /** Gain of each channel in dB beside the segments' level. */
  readonly channelsDb: readonly number[];
  readonly expected: {
    readonly integratedLufs?: number;
    readonly maxMomentaryLufs?: number;
    readonly maxShortTermLufs?: number;
    readonly loudnessRangeLu?: number;
  };
};

const SILENCE = Number.NEGATIVE_INFINITY;
const stereo = [0, 0];
const tone = (levelDb: number, seconds: number): Segment => ({ levelDb, seconds });
const times = (count: number, segments: readonly Segment[]): Segment[] =>
  Array.from({ length: count }, () => segments).flat();
const twenty = Array.from({ length: 20 }, (_, i) => i);

const stereoCase = (
  name: string,
  segments: readonly Segment[],
  expected: LoudnessCase["expected"],
  hz = 1000,
): LoudnessCase => ({ name, hz, segments, channelsDb: stereo, expected });

const integrated = (integratedLufs: number) => ({ integratedLufs });

/** EBU Tech 3341 (2023) cases 1 to 6 and the file forms of 9, 10, 12 and 13; 7 and 8 are recordings. */
export const ebu3341Loudness: readonly LoudnessCase[] = [
  stereoCase("3341-1", [tone(-23, 20)], { integratedLufs: -23, maxMomentaryLufs: -23, maxShortTermLufs: -23 }),
  stereoCase("3341-2", [tone(-33, 20)], { integratedLufs: -33, maxMomentaryLufs: -33, maxShortTermLufs: -33 }),
  stereoCase("3341-3", [tone(-36, 10), tone(-23, 60), tone(-36, 10)], integrated(-23)),
  stereoCase("3341-4", [tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10)], integrated(-23)),
  stereoCase("3341-5", [tone(-26, 20), tone(-20, 20.1), tone(-26, 20)], integrated(-23)),
  {
    name: "3341-6",
    hz: 1000,
    segments: [tone(0, 20)],
    channelsDb: [-28, -28, -24, -30, -30],
    expected: integrated(-23),
  },
  {
    name: "3341-6 as 5.1",
    hz: 1000,
    segments: [tone(0, 20)],
    channelsDb: [-28, -28, -24, SILENCE, -30, -30],
    expected: integrated(-23),
  },
  stereoCase("3341-9", times(5, [tone(-20, 1.34), tone(-30, 1.66)]), { maxShortTermLufs: -23 }),
  ...twenty.map((i) =>
    stereoCase(`3341-10 file ${i + 1}`, [tone(SILENCE, 0.15 * i), tone(-23, 3), tone(SILENCE, 1)], {
      maxShortTermLufs: -23,
    }),
  ),
  stereoCase("3341-12", times(25, [tone(-20, 0.18), tone(-30, 0.22)]), { maxMomentaryLufs: -23 }),
  ...twenty.map((i) =>
    stereoCase(`3341-13 file ${i + 1}`, [tone(SILENCE, 0.02 * i), tone(-23, 0.4), tone(SILENCE, 1)], {
      maxMomentaryLufs: -23,
    }),
  ),
];

/** A segment of a live case and the reading while it lasts. */
export type LiveStep = { readonly segments: readonly Segment[]; readonly expectedLufs: number };

/** EBU Tech 3341 case 11: maximum short-term loudness of each 6 s segment. */
export const ebu3341Case11: readonly LiveStep[] = twenty.map((i) => ({
  segments: [tone(SILENCE, 0.15 * i), tone(-38 + i, 3), tone(SILENCE, 3 - 0.15 * i)],
  expectedLufs: -38 + i,
}));

/** EBU Tech 3341 case 14: maximum momentary loudness of each 0.8 s segment. */
export const ebu3341Case14: readonly LiveStep[] = twenty.map((i) => ({
  segments: [tone(SILENCE, 0.02 * i), tone(-38 + i, 0.4), tone(SILENCE, 0.4 - 0.02 * i)],
  expectedLufs: -38 + i,
}));

/** EBU Tech 3342 cases 1 to 4; 5 and 6 are recordings. */
export const ebu3342: readonly LoudnessCase[] = [
  stereoCase("3342-1", [tone(-20, 20), tone(-30, 20)], { loudnessRangeLu: 10 }),
  stereoCase("3342-2", [tone(-20, 20), tone(-15, 20)], { loudnessRangeLu: 5 }),
  stereoCase("3342-3", [tone(-40, 20), tone(-20, 20)], { loudnessRangeLu: 20 }),
  stereoCase(
    "3342-4",
    [-50, -35, -20, -35, -50].map((levelDb) => tone(levelDb, 20)),
    { loudnessRangeLu: 15 },
  ),
];

const oneLsb = 20 * Math.log10(1 / 32768);
const channelCheck = (channel: string, index: number, levelDb: number): LoudnessCase => ({
  name: `BS.2217 channel check ${channel}`,
  hz: 1000,
  segments: [tone(levelDb, 29)],
  channelsDb: Array.from({ length: 6 }, (_, i) => (i === index ? 0 : SILENCE)),
  expected: integrated(-23),
});

/** Level of each frequency's tone that reads -23 LKFS in stereo: from the K filter at 48 kHz. */
const levelsAt23: Readonly<Record<number, number>> = {
  25: -11.916,
  100: -21.176,
  500: -22.351,
  1000: -23.007,
  2000: -25.38,
  10000: -26.351,
};

/** ITU-R BS.2217 cases that can be synthesised. */
export const bs2217: readonly LoudnessCase[] = [
  stereoCase(
    "BS.2217 relative gate",
    [tone(oneLsb, 0.5), tone(-19.9, 0.9), tone(-7.1, 1.3), tone(-19.9, 0.8), tone(oneLsb, 0.5)],
    integrated(-10),
  ),
  stereoCase(
    "BS.2217 absolute gate",
    [tone(oneLsb, 0.8), ...times(3, [tone(-69.48, 0.5), tone(oneLsb, 0.5)])].slice(0, -1).concat(tone(oneLsb, 0.7)),
    integrated(-69.5),
  ),
  ...Object.entries(levelsAt23).flatMap(([hz, levelDb]) => [
    stereoCase(`BS.2217 ${hz} Hz at -23`, [tone(levelDb, 29)], integrated(-23), Number(hz)),
    stereoCase(`BS.2217 ${hz} Hz at -24`, [tone(levelDb - 1, 29)], integrated(-24), Number(hz)),
  ]),
  channelCheck("left", 0, -19.996),
  channelCheck("right", 1, -19.996),
  channelCheck("centre", 2, -19.996),
  channelCheck("left surround", 4, -21.489),
  channelCheck("right surround", 5, -21.489),
];

/** One channel of the segments: a sine whose phase runs on, at `levelDb` peak. Segment borders are rounded to frames. */
export const renderTone = (segments: readonly Segment[], hz: number, sampleRate: number): Float32Array => {
  const borders = segments.reduce<number[]>((times, { seconds }) => times.concat((times.at(-1) ?? 0) + seconds), [0]);
  const frames = borders.map((seconds) => Math.round(seconds * sampleRate));
  const out = new Float32Array(frames.at(-1) ?? 0);
  for (const [index, { levelDb }] of segments.entries()) {
    const gain = 10 ** (levelDb / 20);
    for (let n = frames[index] ?? 0; n < (frames[index + 1] ?? 0); ++n) {
      out[n] = gain * Math.sin((2 * Math.PI * hz * n) / sampleRate);
    }
  }
  return out;
};

/** The channels of a case at a rate. */
export const renderCase = (loudnessCase: LoudnessCase, sampleRate: number): Float32Array[] => {
  const mono = renderTone(loudnessCase.segments, loudnessCase.hz, sampleRate);
  return loudnessCase.channelsDb.map((gainDb) => (gainDb === 0 ? mono : mono.map((x) => x * 10 ** (gainDb / 20))));
};

export type PeakCase = {
  readonly name: string;
  readonly expectedDbtp: number;
  /** One channel at a rate; both channels of the case are equal. */
  readonly render: (sampleRate: number) => Float32Array;
};

const PEAK_SECONDS = 3.2;
const FADE_SECONDS = 0.1;

/** 0.1 s linear fades around a steady stretch. */
const faded = (frames: number, sampleRate: number, sampleAt: (n: number) => number): Float32Array => {
  const fade = FADE_SECONDS * sampleRate;
  return Float32Array.from({ length: frames }, (_, n) => sampleAt(n) * Math.min(1, n / fade, (frames - n) / fade));
};

const peakTone = (name: string, divisor: number, peak: number, degrees: number, expectedDbtp: number): PeakCase => ({
  name,
  expectedDbtp,
  render: (sampleRate) =>
    faded(
      Math.round(PEAK_SECONDS * sampleRate),
      sampleRate,
      (n) => peak * Math.sin((2 * Math.PI * n) / divisor + (degrees * Math.PI) / 180),
    ),
});

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Low-pass at half the rate after decimation by 4: a Blackman-windowed sinc at the fourfold rate. */
const DECIMATOR_REACH = 128;
const decimator = Float64Array.from({ length: 2 * DECIMATOR_REACH + 1 }, (_, k) => {
  const x = k - DECIMATOR_REACH;
  const w = Math.PI * (x / DECIMATOR_REACH);
  return (sinc(x / 4) * (0.42 + 0.5 * Math.cos(w) + 0.08 * Math.cos(2 * w))) / 4;
});

/** At the fourfold rate: fs/6 at 0.50 with one period of fs/4 at 1.00 put in at a zero crossing in the middle. */
const insertedPeriod = (sampleRate: number): Float64Array => {
  const frames = 4 * Math.round(PEAK_SECONDS * sampleRate) + 16;
  const insertAt = 24 * Math.floor(frames / 48);
  const at = (n: number) => {
    if (n < insertAt) return 0.5 * Math.sin((2 * Math.PI * n) / 24);
    if (n < insertAt + 16) return Math.sin((2 * Math.PI * (n - insertAt)) / 16);
    return 0.5 * Math.sin((2 * Math.PI * (n - insertAt - 16)) / 24);
  };
  const fade = 4 * FADE_SECONDS * sampleRate;
  return Float64Array.from({ length: frames }, (_, n) => at(n) * Math.min(1, n / fade, (frames - n) / fade));
};

const decimated = (name: string, offset: number): PeakCase => ({
  name,
  expectedDbtp: 0,
  render: (sampleRate) => {
    const dense = insertedPeriod(sampleRate);
    return Float32Array.from({ length: Math.floor((dense.length - offset) / 4) }, (_, n) => {
      let sum = 0;
      for (let k = -DECIMATOR_REACH; k <= DECIMATOR_REACH; ++k) {
        sum += (decimator[k + DECIMATOR_REACH] ?? 0) * (dense[4 * n + offset + k] ?? 0);
      }
      return sum;
    });
  },
});

/** EBU Tech 3341 cases 15 to 23, tolerance +0.2 / -0.4 dB. */
export const ebu3341Peaks: readonly PeakCase[] = [
  peakTone("3341-15", 4, 0.5012, 0, -6),
  peakTone("3341-16", 4, 0.5012, 45, -6),
  peakTone("3341-17", 6, 0.5012, 60, -6),
  peakTone("3341-18", 8, 0.5012, 67.5, -6),
  peakTone("3341-19", 4, Math.SQRT2, 45, 3),
  decimated("3341-20", 0),
  decimated("3341-21", 1),
  decimated("3341-22", 2),
  decimated("3341-23", 3),
];
