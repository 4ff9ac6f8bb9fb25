import { db, defineProcessor, ms, ratio } from "../processor.ts";

/** Downward expander with hysteresis, hold and look-ahead. */
export const expander = defineProcessor({
  type: "expander",
  title: "Expander",
  doc: "Turns sound down the further it lies below a threshold. It listens to itself, or to the bus that `sidechain` names.",
  keyed: true,
  params: {
    thresholdDb: db({ min: -80, max: 0, default: -45, doc: "Peak level below which gain is reduced, in dBFS." }),
    ratio: ratio({ min: 1, max: 10, default: 2, doc: "dB out per dB in below the threshold." }),
    hysteresisDb: db({
      min: 0,
      max: 12,
      default: 4,
      doc: "How far sound that was above the threshold must fall below it before gain is reduced.",
    }),
    rangeDb: db({ min: 0, max: 80, default: 20, doc: "Largest reduction." }),
    attackMs: ms({ min: 0.1, max: 50, default: 1, doc: "Time constant while gain recovers." }),
    holdMs: ms({
      min: 0,
      max: 1000,
      default: 120,
      doc: "How long gain stays up after sound above the threshold; at least 10 ms.",
    }),
    releaseMs: ms({ min: 5, max: 2000, default: 200, doc: "Time constant while gain falls." }),
    lookaheadMs: ms({ min: 0, max: 10, default: 5, doc: "How early gain recovers; becomes latency, compensated." }),
  },
});
