import { db, defineProcessor } from "../processor.ts";

/** Surround to two channels as Lo/Ro. ITU-R BS.775-4. */
export const downmix = defineProcessor({
  type: "downmix",
  title: "Downmix",
  doc: "Folds 5.1 and 7.1 into their left and right channel (Lo/Ro); the others fall silent, the LFE is left out. Mono and stereo pass.",
  params: {
    centreDb: db({
      min: -60,
      max: 3,
      default: -3,
      doc: "Level of the centre on both sides; -3 is exactly 1/sqrt(2), -60 is off.",
    }),
    surroundDb: db({
      min: -60,
      max: 3,
      default: -3,
      doc: "Level of each surround channel on its side, read the same way.",
    }),
  },
});
