import { db, dbPerSecond, defineProcessor, lufs } from "../processor.ts";

/** Dialogue leveler: rides speech to one loudness and leaves pauses alone. */
export const leveler = defineProcessor({
  type: "leveler",
  title: "Leveler",
  doc: "Rides the level of speech to a loudness, two seconds ahead: one slow gain for all channels, which never rises while nobody speaks.",
  params: {
    targetLufs: lufs({ min: -40, max: -10, default: -27, doc: "Loudness that speech is brought to." }),
    rangeDb: db({ min: 0, max: 12, default: 9, doc: "Largest gain, up and down." }),
    rateDbPerSecond: dbPerSecond({ min: 1, max: 6, default: 4, doc: "How fast the gain may move." }),
    liftDb: db({
      min: 0,
      max: 12,
      default: 0,
      doc: "How far quiet words are lifted towards the others on top of that, 2 to 1 and at once; the noise between them is not.",
    }),
  },
});
