import { defineProcessor, ms, percent } from "../processor.ts";

/** Many small cracks replaced by interpolation. */
export const deCrackle = defineProcessor({
  type: "deCrackle",
  title: "De-crackle",
  doc: "Finds the many small cracks of a bad contact, a wet mouth or an old record and replaces them.",
  params: {
    sensitivityPercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How little a crack must stand out of what the sound lets expect.",
    }),
    maxLengthMs: ms({ min: 0.05, max: 1, default: 0.3, doc: "Longest crack; what lasts longer is left." }),
  },
});
