import { defineProcessor, ms, percent } from "../processor.ts";

/** Clicks replaced by interpolation. */
export const deClick = defineProcessor({
  type: "deClick",
  title: "De-click",
  doc: "Finds clicks (bad edits, digital errors, scratches) and replaces them; everything else stays as it is.",
  params: {
    sensitivityPercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How little a click must stand out of what the sound lets expect.",
    }),
    maxLengthMs: ms({ min: 0.1, max: 10, default: 2, doc: "Longest click; what lasts longer is left." }),
  },
});
