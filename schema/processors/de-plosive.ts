import { db, defineProcessor, hz, percent } from "../processor.ts";

/** Pops of p and b at a near microphone. */
export const dePlosive = defineProcessor({
  type: "dePlosive",
  title: "De-plosive",
  doc: "Takes the thump out of pops (p, b, t at a near microphone); speech without pops stays as it is.",
  params: {
    frequencyHz: hz({ min: 80, max: 200, default: 120, doc: "Below it lies what pops." }),
    rangeDb: db({ min: 0, max: 24, default: 12, doc: "Most by which the low band is lowered." }),
    sensitivityPercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How little the low band must stand out of the rest to count as a pop.",
    }),
  },
});
