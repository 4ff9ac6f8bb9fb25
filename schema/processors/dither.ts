import { choice, defineProcessor } from "../processor.ts";

/** Quantises to the grid of a file format with triangular noise. Lipshitz, Wannamaker and Vanderkooy, JAES 40(5), 1992. */
export const dither = defineProcessor({
  type: "dither",
  title: "Dither",
  doc: "Rounds to 16 or 24 bits with noise that frees the rounding error from the sound; put it last. Sound that has lain on that grid for 100 ms, digital silence too, passes bit for bit.",
  params: {
    bits: choice({ options: ["16", "24"], default: "24", doc: "Word length of the file to be written." }),
    shaping: choice({
      options: ["none", "lipshitz5", "wannamaker9"],
      default: "none",
      doc: "Moves the noise to where it is heard least, more of it with nine taps than with five; made for 44.1 and 48 kHz, plain noise at other rates.",
    }),
  },
});
