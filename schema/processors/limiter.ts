import { dbtp, defineProcessor, ms, percent } from "../processor.ts";

/** True-peak limiter (ITU-R BS.1770 annex 2 detector) with look-ahead. */
export const limiter = defineProcessor({
  type: "limiter",
  title: "Limiter",
  doc: "Keeps the true peak under a ceiling.",
  params: {
    ceilingDbtp: dbtp({ min: -12, max: 0, default: -1, doc: "Level that the true peak never passes." }),
    lookaheadMs: ms({ min: 1.5, max: 5, default: 2, doc: "How early the gain moves; becomes latency, compensated." }),
    releaseMs: ms({ min: 10, max: 1000, default: 100, doc: "Time in which the gain recovers." }),
    linkPercent: percent({
      min: 0,
      max: 100,
      default: 100,
      doc: "How far all channels share one gain; at 100 the image does not move.",
    }),
  },
});
