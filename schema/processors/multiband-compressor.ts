import { db, defineProcessor, flag, hz, list, ms, ratio } from "../processor.ts";

/** Up to five bands, each with a compressor of its own. */
export const multibandCompressor = defineProcessor({
  type: "multibandCompressor",
  title: "Multiband compressor",
  doc: "Splits the sound into bands and compresses each by itself. At rest only the phase turns at the crossovers.",
  params: {
    bands: list({
      maxItems: 5,
      doc: "The bands from low to high; usually three to five.",
      item: {
        crossoverHz: hz({
          min: 20,
          max: 20_000,
          default: 1000,
          doc: "Upper edge of the band, 24 dB per octave. The last band has none; an edge below the one before stands on it.",
        }),
        thresholdDb: db({ min: -60, max: 0, default: -18, doc: "Level of the band above which its gain is reduced." }),
        ratio: ratio({ min: 1, max: 20, default: 2, doc: "dB in per dB out above the threshold." }),
        kneeDb: db({ min: 0, max: 24, default: 6, doc: "Width of the soft knee, centred on the threshold." }),
        attackMs: ms({ min: 0.1, max: 200, default: 10, doc: "Time constant while gain falls." }),
        releaseMs: ms({ min: 5, max: 2000, default: 150, doc: "Time constant while gain recovers." }),
        rangeDb: db({ min: 0, max: 60, default: 60, doc: "Largest reduction." }),
        makeupDb: db({ min: -24, max: 24, default: 0, doc: "Gain of the band after its compression." }),
        enabled: flag({ default: true, doc: "Whether the band is compressed; if not, it passes." }),
        solo: flag({ default: false, doc: "Whether only this band, and others with solo, are heard." }),
      },
    }),
  },
});
