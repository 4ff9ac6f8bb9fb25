import { db, defineProcessor, flag, hz, ms, ratio } from "../processor.ts";

/** Bus compressor that holds a mix together: mean level, gentle ratio, a release that suits itself to the sound. */
export const glueCompressor = defineProcessor({
  type: "glueCompressor",
  title: "Glue compressor",
  doc: "Holds a bus together: it hears the mean level, reduces gently, and lets short peaks go sooner than dense passages. It listens to itself, or to the bus that `sidechain` names.",
  keyed: true,
  params: {
    thresholdDb: db({
      min: -60,
      max: 0,
      default: -24,
      doc: "Mean level above which gain is reduced; a sine reads 3 dB below its peak.",
    }),
    ratio: ratio({ min: 1.5, max: 4, default: 2, doc: "dB in per dB out above the threshold." }),
    kneeDb: db({ min: 0, max: 24, default: 10, doc: "Width of the soft knee, centred on the threshold." }),
    rmsMs: ms({ min: 10, max: 30, default: 20, doc: "Time constant over which the power is averaged." }),
    attackMs: ms({ min: 1, max: 100, default: 30, doc: "Time constant while gain falls." }),
    releaseMs: ms({
      min: 50,
      max: 1000,
      default: 100,
      doc: "Time constant after a short peak; what was sustained recovers eight times slower.",
    }),
    rangeDb: db({ min: 0, max: 20, default: 20, doc: "Largest reduction." }),
    makeupDb: db({
      min: -12,
      max: 12,
      default: 0,
      doc: "Gain added after compression; `premix match-loudness` measures what keeps the loudness.",
    }),
    autoMakeup: flag({ default: false, doc: "Whether half of the reduction at full scale is added to the makeup." }),
    detectorLowCutHz: hz({
      min: 20,
      max: 500,
      default: 20,
      doc: "What the detector does not hear: sound below this, 12 dB per octave; 20 is off.",
    }),
  },
});
