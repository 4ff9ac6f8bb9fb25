import type { processors } from "../../../schema/processors/index.ts";
import type { ProcessorValues } from "../../support/open-processor.ts";

/** What does the same job elsewhere. `{impulse}` and `{noise}` stand for the impulse response and sox's noise profile. */
export type Peer =
  | { readonly tool: "ffmpeg"; readonly name: string; readonly filter: string }
  | { readonly tool: "sox"; readonly name: string; readonly effect: readonly string[] };

/** One row of the table: a processor at settings at which it has work to do, and its peer; null where neither program has one. */
export type Case = {
  /** What tells this row from others of its processor. */
  readonly variant?: string;
  readonly values: ProcessorValues;
  readonly peer: Peer | null;
  /** It listens to the programme as a key. */
  readonly keyed?: true;
  /** It works with the impulse response. */
  readonly impulse?: true;
  /** A neural network: slower ones are expected. */
  readonly neural?: true;
  /** Channels of the programme that goes in, default 2. */
  readonly channels?: 2 | 6;
  /** Channels that the processor fills, default as many as go in. */
  readonly outputChannels?: 6;
};

const ffmpeg = (filter: string, name: string = filter.split("=")[0]!): Peer => ({ tool: "ffmpeg", name, filter });
const sox = (...effect: readonly string[]): Peer => ({ tool: "sox", name: effect[0]!, effect });

const FIVE_BANDS = [
  { kind: "lowCut", frequencyHz: 80 },
  { frequencyHz: 200, gainDb: -3, q: 1 },
  { frequencyHz: 1000, gainDb: 2, q: 1.4 },
  { frequencyHz: 3500, gainDb: 3, q: 1 },
  { frequencyHz: 9000, gainDb: -2, q: 0.8 },
];
const FIVE_FILTERS = [
  "highpass=f=80",
  "equalizer=f=200:t=q:w=1:g=-3",
  "equalizer=f=1000:t=q:w=1.4:g=2",
  "equalizer=f=3500:t=q:w=1:g=3",
  "equalizer=f=9000:t=q:w=0.8:g=-2",
].join(",");
const COMPRESSION = { thresholdDb: -20, ratio: 3, attackMs: 10, releaseMs: 150 };
const ACOMPRESSOR = "threshold=0.1:ratio=3:attack=10:release=150";
const hears = (filter: string): string => `asplit[sound][key];[sound][key]${filter}`;
const crossovers = [200, 2000, 6000].map((crossoverHz) => ({ crossoverHz, thresholdDb: -30, ratio: 3 }));
const BAND = "0.01,0.15 -80,-80,-30,-30,0,-20";
const HUM = Array.from({ length: 30 }, (_, k) => `bandreject=f=${50 * (k + 1)}:t=h:w=2`).join(",");

const MARKED = Array.from({ length: 16 }, (_, k) => ({
  fromMs: 600 * k,
  toMs: 600 * k + 300,
  lowHz: 300,
  highHz: 3000,
}));

type Type = (typeof processors)[number]["type"];

/** Every processor of the registry with its rows; one without an entry is a type error. */
export const counterparts: Readonly<Record<Type, readonly [Case, ...Case[]]>> = {
  gain: [{ values: { gainDb: -3 }, peer: ffmpeg("volume=-3dB") }],
  equalizer: [
    { variant: "5 bands", values: { bands: FIVE_BANDS }, peer: ffmpeg(FIVE_FILTERS, "equalizer x 5") },
    {
      variant: "linear phase",
      values: { bands: FIVE_BANDS, phase: "linear" },
      peer: ffmpeg("firequalizer=gain_entry='entry(80,0);entry(200,-3);entry(1000,2);entry(3500,3);entry(9000,-2)'"),
    },
    {
      variant: "dynamic band",
      values: { bands: [{ frequencyHz: 3500, q: 1, dynamic: true, thresholdDb: -40, rangeDb: 12 }] },
      peer: ffmpeg("adynamicequalizer=dfrequency=3500:dqfactor=1:tfrequency=3500:tqfactor=1:threshold=1:mode=cut"),
    },
  ],
  compressor: [
    { values: COMPRESSION, peer: ffmpeg(`acompressor=${ACOMPRESSOR}`) },
    {
      variant: "side-chain",
      keyed: true,
      values: COMPRESSION,
      peer: ffmpeg(hears(`sidechaincompress=${ACOMPRESSOR}`), "sidechaincompress"),
    },
  ],
  panner: [
    { values: { azimuthDegrees: 20 }, peer: ffmpeg("pan=stereo|c0=0.7*c0|c1=0.9*c1") },
    {
      variant: "5.1",
      outputChannels: 6,
      values: { azimuthDegrees: 100 },
      peer: ffmpeg("pan=5.1|c0=0.1*c0|c1=0.1*c1|c2=0.1*c0|c3=0.1*c0|c4=0.7*c0|c5=0.7*c1"),
    },
  ],
  ducker: [
    {
      keyed: true,
      values: {},
      peer: ffmpeg(
        hears("sidechaincompress=threshold=0.05:ratio=6:attack=300:release=800:link=average"),
        "sidechaincompress",
      ),
    },
  ],
  limiter: [{ values: { ceilingDbtp: -12 }, peer: ffmpeg("alimiter=limit=0.25:level=false:attack=2:release=100") }],
  gate: [{ values: { thresholdDb: -30 }, peer: ffmpeg("agate=threshold=0.03:range=0.1:attack=1:release=200") }],
  expander: [
    {
      values: { thresholdDb: -30 },
      peer: ffmpeg("compand=attacks=0.001:decays=0.2:points=-80/-130|-30/-30|0/0:delay=0.005"),
    },
  ],
  dither: [
    { variant: "16 bit", values: { bits: "16" }, peer: sox("dither", "-p", "16") },
    {
      variant: "16 bit, shaped",
      values: { bits: "16", shaping: "wannamaker9" },
      peer: sox("dither", "-f", "f-weighted", "-p", "16"),
    },
  ],
  deEsser: [{ values: {}, peer: ffmpeg("deesser=i=0.5") }],
  multibandCompressor: [
    {
      variant: "4 bands",
      values: { bands: [...crossovers, { thresholdDb: -30, ratio: 3 }] },
      peer: sox("mcompand", BAND, "200", BAND, "2000", BAND, "6000", BAND),
    },
  ],
  reverb: [{ values: {}, peer: sox("reverb", "50") }],
  glueCompressor: [
    {
      values: { thresholdDb: -30 },
      peer: ffmpeg("acompressor=detection=rms:link=average:threshold=0.03:ratio=2:attack=30:release=100"),
    },
  ],
  convolution: [
    {
      variant: "1.5 s",
      impulse: true,
      values: {},
      peer: ffmpeg("amovie={impulse}[room];[in][room]afir=gtype=none", "afir"),
    },
  ],
  saturator: [
    { values: { driveDb: 12 }, peer: ffmpeg("asoftclip=type=tanh:oversample=4", "asoftclip 4x") },
    {
      variant: "excite",
      values: { mode: "excite", driveDb: 12 },
      peer: ffmpeg("aexciter=freq=3000:drive=8"),
    },
  ],
  delay: [{ values: {}, peer: ffmpeg("aecho=1:1:250|500|750|1000:0.25|0.06|0.016|0.004", "aecho, 4 taps") }],
  width: [
    { values: { widthPercent: 140 }, peer: ffmpeg("stereotools=slev=1.4") },
    {
      variant: "without mono bass",
      values: { widthPercent: 140, monoBelowHz: 0 },
      peer: ffmpeg("extrastereo=m=1.4:c=false"),
    },
  ],
  downmix: [
    {
      variant: "5.1",
      channels: 6,
      values: {},
      peer: ffmpeg("pan=stereo|c0=c0+0.7071*c2+0.7071*c4|c1=c1+0.7071*c2+0.7071*c5"),
    },
  ],
  noiseReduction: [
    { values: {}, peer: ffmpeg("afftdn=nr=20:nf=-40:tn=1") },
    { variant: "sox", values: {}, peer: sox("noisered", "{noise}", "0.21") },
    { variant: "non-local means", values: {}, peer: ffmpeg("anlmdn=s=0.001") },
  ],
  leveler: [
    { values: {}, peer: ffmpeg("speechnorm=e=4:r=0.0001:l=1") },
    { variant: "dynaudnorm", values: {}, peer: ffmpeg("dynaudnorm") },
  ],
  loudness: [
    {
      values: { measuredLufs: -26 },
      peer: ffmpeg(
        "loudnorm=I=-23:LRA=20:TP=0:measured_I=-26:measured_LRA=5:measured_TP=-6:measured_thresh=-36:linear=true",
        "loudnorm, linear",
      ),
    },
  ],
  roomTone: [{ values: {}, peer: null }],
  deHum: [{ values: {}, peer: ffmpeg(HUM, "bandreject x 30") }],
  tonalBalance: [{ values: {}, peer: null }],
  spectralRepair: [
    {
      variant: "half marked",
      values: { spans: MARKED },
      peer: null,
    },
  ],
  deClick: [{ values: {}, peer: ffmpeg("adeclick") }],
  deCrackle: [{ values: {}, peer: ffmpeg("adeclick=window=20:burst=1:threshold=1.5") }],
  dePlosive: [
    {
      values: {},
      peer: ffmpeg("adynamicequalizer=dfrequency=120:dqfactor=0.7:tfrequency=120:tqfactor=0.7:threshold=5:mode=cut"),
    },
  ],
  deClip: [{ values: {}, peer: ffmpeg("adeclip") }],
  deReverb: [{ values: {}, peer: null }],
  dialogueIsolation: [
    { neural: true, values: {}, peer: null },
    { variant: "two networks", neural: true, values: { networks: "two" }, peer: null },
  ],
  upmix: [{ variant: "5.1", outputChannels: 6, values: {}, peer: ffmpeg("surround=chl_out=5.1") }],
};
