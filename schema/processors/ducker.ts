import { db, defineProcessor, lu, ms } from "../processor.ts";

/** Ducks to a loudness difference, not by a fixed amount. Torcoli et al., JAES 67(12), 2019. */
export const ducker = defineProcessor({
  type: "ducker",
  title: "Ducker",
  doc: "Turns buses down while others speak, only as far as the wanted loudness difference needs.",
  keyed: true,
  rule: true,
  params: {
    targetDifferenceLu: lu({
      min: 0,
      max: 30,
      default: 10,
      doc: "How far the targets shall lie below the keys; 10 suits music, 15 ambience.",
    }),
    maxDepthDb: db({ min: 0, max: 18, default: 18, doc: "Largest reduction." }),
    attackMs: ms({ min: 50, max: 2000, default: 300, doc: "Length of the fade down." }),
    releaseMs: ms({ min: 50, max: 3000, default: 800, doc: "Length of the fade up." }),
    holdMs: ms({ min: 0, max: 2000, default: 300, doc: "How long the reduction stays after the keys fall silent." }),
    lookaheadMs: ms({ min: 0, max: 1000, default: 300, doc: "How early the fade down starts before the keys speak." }),
    mergeGapMs: ms({ min: 0, max: 2000, default: 600, doc: "Pauses of the keys shorter than this do not end a duck." }),
  },
});
