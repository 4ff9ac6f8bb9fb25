import { defineProcessor, factor, hz, metres, ms, seconds } from "../processor.ts";

/** A room by a feedback delay network with velvet early reflections. Jot and Chaigne, AES 90, 1991. */
export const reverb = defineProcessor({
  type: "reverb",
  title: "Reverb",
  doc: "Puts the sound into a room. The room alone is as loud as what goes in: use it on a send bus, or lower mixPercent.",
  params: {
    decaySeconds: seconds({
      min: 0.1,
      max: 20,
      default: 1.2,
      doc: "Time in which middle frequencies die away by 60 dB.",
    }),
    preDelayMs: ms({ min: 0, max: 250, default: 20, doc: "How much later than the sound the room begins." }),
    sizeMetres: metres({ min: 2, max: 60, default: 12, doc: "Edge of the room: how far apart the reflections are." }),
    highRatio: factor({ min: 0.1, max: 1, default: 0.5, doc: "Decay time well above 4 kHz over decaySeconds." }),
    lowRatio: factor({ min: 0.5, max: 2, default: 1.1, doc: "Decay time well below 200 Hz over decaySeconds." }),
    lowCutHz: hz({ min: 20, max: 500, default: 80, doc: "Below this frequency the room hears 12 dB per octave less." }),
    highCutHz: hz({ min: 1000, max: 20_000, default: 10_000, doc: "Above it, too." }),
  },
});
