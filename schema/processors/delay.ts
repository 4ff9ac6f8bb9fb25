import { db, defineProcessor, flag, hz, ms } from "../processor.ts";

/** Echoes that grow darker. */
export const delay = defineProcessor({
  type: "delay",
  title: "Delay",
  doc: "Repeats the sound, each time quieter and darker. Only the echoes are heard: use it on a send bus, or lower mixPercent.",
  params: {
    timeMs: ms({ min: 1, max: 5000, default: 250, doc: "From the sound to its echo, and from each echo to the next." }),
    feedbackDb: db({
      min: -120,
      max: -1,
      default: -12,
      doc: "Level of each echo against the one before; -120 is a single echo.",
    }),
    highCutHz: hz({
      min: 500,
      max: 20_000,
      default: 8000,
      doc: "Every echo loses 3 dB here and 6 dB per octave above.",
    }),
    pingPong: flag({ default: false, doc: "Both channels begin on the left, and every echo changes sides." }),
  },
});
