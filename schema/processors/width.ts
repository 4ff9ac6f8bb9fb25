import { defineProcessor, hz, percent } from "../processor.ts";

/** Stereo width by mid and side, with mono bass. */
export const width = defineProcessor({
  type: "width",
  title: "Width",
  doc: "Narrows or widens the stereo image; the mono sum keeps its level at every frequency.",
  params: {
    widthPercent: percent({
      min: 0,
      max: 200,
      default: 100,
      doc: "Level of the side signal: 0 is mono, 100 leaves it alone.",
    }),
    monoBelowHz: hz({
      min: 0,
      max: 300,
      default: 120,
      scale: "linear",
      doc: "Below this frequency the sound becomes mono (Linkwitz-Riley, 24 dB per octave); 0 is off.",
    }),
  },
});
