import { defineProcessor, percent } from "../processor.ts";

/** Two channels to 5.1 or 7.1. */
export const upmix = defineProcessor({
  type: "upmix",
  title: "Upmix",
  doc: "Spreads a left and a right channel over all speakers of a 5.1 or 7.1 bus but the LFE: what both sides share to the centre, the room around it to the surrounds. The standard fold-down to stereo (Lo/Ro) gives the source back. What the other channels hold stays. On a mono or stereo bus it passes.",
  widens: true,
  params: {
    ambiencePercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How far the room is drawn into the surrounds: 0 leaves them silent, 100 puts up to 4/9 of its power there.",
    }),
    centrePercent: percent({
      min: 0,
      max: 100,
      default: 50,
      doc: "How much of what both sides share moves into the centre speaker: 0 leaves a phantom image.",
    }),
  },
});
