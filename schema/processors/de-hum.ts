import { count, db, defineProcessor, flag, hz } from "../processor.ts";

/** Mains hum and its harmonics, subtracted in phase. */
export const deHum = defineProcessor({
  type: "deHum",
  title: "De-hum",
  doc: "Finds mains hum and its harmonics, follows their drift and subtracts them; nothing else is touched.",
  params: {
    findFundamental: flag({ default: true, doc: "Whether the frequency is found by itself, between 45 and 65 Hz." }),
    fundamentalHz: hz({
      min: 45,
      max: 65,
      default: 50,
      doc: "Where hum is expected. It is followed from there within a few tenths of a hertz when it is not found by itself.",
    }),
    harmonics: count({ min: 1, max: 60, default: 30, doc: "How many tones are taken away, the fundamental counted." }),
    depthDb: db({ min: 0, max: 60, default: 60, doc: "Most by which hum is lowered." }),
  },
});
