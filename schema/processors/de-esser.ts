import { db, defineProcessor, hz, percent } from "../processor.ts";

/** De-esser whose detector hears the spectrum, not the level. */
export const deEsser = defineProcessor({
  type: "deEsser",
  title: "De-esser",
  doc: "Softens sibilants by a high shelf that dips while they last, at any level of the voice.",
  params: {
    frequencyHz: hz({
      min: 4000,
      max: 10_000,
      default: 6500,
      doc: "Middle of the sibilants; from there up the dip is nearly whole.",
    }),
    sensitivityPercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How little sibilance is enough: at 0 only the sharpest, at 100 soft consonants as well.",
    }),
    rangeDb: db({ min: 0, max: 12, default: 8, doc: "Depth of the dip on a full sibilant." }),
  },
});
