import { db, defineProcessor, ms } from "../processor.ts";

/** Noise gate with hysteresis, hold and look-ahead. */
export const gate = defineProcessor({
  type: "gate",
  title: "Gate",
  doc: "Turns sound down by a fixed range while it stays below a threshold. It listens to itself, or to the bus that `sidechain` names.",
  keyed: true,
  params: {
    thresholdDb: db({ min: -80, max: 0, default: -45, doc: "Peak level above which it opens, in dBFS." }),
    hysteresisDb: db({ min: 0, max: 12, default: 4, doc: "How far below the threshold it closes." }),
    rangeDb: db({ min: 0, max: 80, default: 20, doc: "Reduction while closed." }),
    attackMs: ms({ min: 0.1, max: 50, default: 1, doc: "Time constant while it opens." }),
    holdMs: ms({ min: 0, max: 1000, default: 120, doc: "How long it stays open after the sound; at least 10 ms." }),
    releaseMs: ms({ min: 5, max: 2000, default: 200, doc: "Time constant while it closes." }),
    lookaheadMs: ms({ min: 0, max: 10, default: 5, doc: "How early it opens; becomes latency, compensated." }),
  },
});
