import { choice, db, defineProcessor, percent, seconds } from "../processor.ts";

/** Slow correction of the average spectrum towards a target. Speech: Byrne et al., JASA 96(4), 1994. */
export const tonalBalance = defineProcessor({
  type: "tonalBalance",
  title: "Tonal balance",
  doc: "Listens to the average spectrum of what is not silence and turns it slowly towards a target, 80 Hz to 12 kHz, at the same loudness. It needs averageSeconds of sound to settle; the same in one piece, without settling, is an equalizer that matches a reference.",
  params: {
    target: choice({
      options: ["speech", "music", "pink", "film"],
      default: "speech",
      doc: "Average spectrum to reach: of speech, of popular music (2 dB per octave down from 100 Hz, 6 from 4 kHz), of pink noise, or half-way between speech and music for film.",
    }),
    amountPercent: percent({ min: 0, max: 100, default: 100, doc: "How much of the difference is corrected." }),
    maxGainDb: db({
      min: 0,
      max: 12,
      default: 6,
      doc: "Largest correction, up and down, beside the shift that keeps the loudness.",
    }),
    averageSeconds: seconds({ min: 2, max: 120, default: 20, doc: "How long the average reaches back." }),
  },
});
