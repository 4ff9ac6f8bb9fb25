import { db, defineProcessor, flag, seconds } from "../processor.ts";

/** Late reverberation taken away. */
export const deReverb = defineProcessor({
  type: "deReverb",
  title: "De-reverb",
  doc: "Takes the late reverberation of a room away from speech; the direct sound and the early reflections stay.",
  params: {
    reductionDb: db({ min: 0, max: 20, default: 8, doc: "Most by which reverberation is lowered." }),
    findDecay: flag({ default: true, doc: "Whether the decay time is found by itself, from the ends of words." }),
    decaySeconds: seconds({
      min: 0.1,
      max: 5,
      default: 0.6,
      doc: "Time in which the room decays by 60 dB, when it is not found by itself.",
    }),
  },
});
