import { choice, db, defineProcessor, flag, hz, ms, quality, ratio } from "../processor.ts";

/** Feed-forward compressor; the gain is shared by all channels so the image does not move. */
export const compressor = defineProcessor({
  type: "compressor",
  title: "Compressor",
  doc: "Reduces level above a threshold. It listens to itself, or to the bus that `sidechain` names.",
  keyed: true,
  params: {
    thresholdDb: db({ min: -60, max: 0, default: -18, doc: "Level above which gain is reduced, in dBFS." }),
    ratio: ratio({ min: 1, max: 20, default: 2, doc: "dB in per dB out above the threshold." }),
    kneeDb: db({ min: 0, max: 24, default: 6, doc: "Width of the soft knee, centred on the threshold." }),
    attackMs: ms({ min: 0.1, max: 200, default: 10, doc: "Time constant while gain falls." }),
    releaseMs: ms({ min: 5, max: 2000, default: 150, doc: "Time constant while gain recovers." }),
    holdMs: ms({ min: 0, max: 500, default: 0, doc: "How long a reduction stays before it recovers." }),
    lookaheadMs: ms({ min: 0, max: 20, default: 0, doc: "How early the gain moves; becomes latency, compensated." }),
    rangeDb: db({ min: 0, max: 60, default: 60, doc: "Largest reduction." }),
    makeupDb: db({
      min: -24,
      max: 24,
      default: 0,
      doc: "Gain added after compression; `premix match-loudness` measures what keeps the loudness.",
    }),
    detector: choice({
      options: ["peak", "rms", "loudness"],
      default: "peak",
      doc: "What the level is taken from: the peak, a running mean of the power, or the momentary loudness (LUFS, 400 ms).",
    }),
    autoRelease: flag({
      default: false,
      doc: "Whether what was sustained recovers eight times slower than a short peak, which keeps releaseMs.",
    }),
    autoMakeup: flag({
      default: false,
      doc: "Whether half of the reduction that the curve has at 0 dBFS is added to the makeup.",
    }),
    detectorLowCutHz: hz({
      min: 20,
      max: 2000,
      default: 20,
      doc: "What the detector does not hear: sound below this, 12 dB per octave; 20 is off.",
    }),
    detectorBellHz: hz({ min: 20, max: 20_000, default: 6000, doc: "Centre of a bell before the detector." }),
    detectorBellDb: db({
      min: -24,
      max: 24,
      default: 0,
      doc: "Gain of that bell: how much more, or less, the detector hears of its band.",
    }),
    detectorBellQ: quality({ min: 0.1, max: 20, default: 1, doc: "Centre frequency over bandwidth of that bell." }),
  },
});
