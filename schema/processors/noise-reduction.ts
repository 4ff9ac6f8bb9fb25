import { choice, count, db, defineProcessor, percent } from "../processor.ts";

/** Steady noise taken away bin by bin; it finds the noise by itself. */
export const noiseReduction = defineProcessor({
  type: "noiseReduction",
  title: "Noise reduction",
  doc: "Takes steady noise (hiss, air conditioning, room tone) away from speech, without a learned profile.",
  params: {
    reductionDb: db({ min: 0, max: 30, default: 20, doc: "Most by which noise is lowered." }),
    sensitivityPercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "What counts as noise: at 0 only 6 dB less than what was measured, at 100 6 dB more.",
    }),
    smoothingBands: count({
      min: 0,
      max: 4,
      default: 1,
      doc: "Neighbouring bands (23 Hz each) on both sides that share their gain: more is calmer and less exact.",
    }),
    output: choice({
      options: ["clean", "removed"],
      default: "clean",
      doc: "What is heard: the sound without the noise, or what was taken away from it.",
    }),
  },
});
