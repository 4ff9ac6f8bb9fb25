import { defineProcessor, lufs } from "../processor.ts";

/** A measured gain towards a loudness. ITU-R BS.1770-5 knows the loudness of a programme only at its end. */
export const loudness = defineProcessor({
  type: "loudness",
  title: "Loudness",
  doc: "Brings a sound to a loudness by one linear gain: targetLufs less measuredLufs, at most 40 dB either way. A stream cannot know its own integrated loudness before its end, and a gain that learnt it on the way would bend the dynamics; so the measure comes from an analysis before and stands in the document. Put a limiter behind it.",
  params: {
    targetLufs: lufs({ min: -70, max: 0, default: -23, doc: "Loudness to reach, such as -23 for EBU R 128." }),
    measuredLufs: lufs({
      min: -70,
      max: 0,
      default: -23,
      doc: "Loudness that an analysis found of the sound that comes in; equal to targetLufs, nothing is changed.",
    }),
  },
});
