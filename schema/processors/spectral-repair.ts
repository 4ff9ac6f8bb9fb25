import { choice, defineProcessor, hz, list, ms } from "../processor.ts";

/** A day: longer than any sequence. */
const MOST_MS = 86_400_000;

/** Interruptions painted over with what stands before and after them. */
export const spectralRepair = defineProcessor({
  type: "spectralRepair",
  title: "Spectral repair",
  doc: "Replaces marked stretches of time and frequency (a ringing phone, a cough, a drop-out) by what surrounds them. Everything else passes untouched.",
  params: {
    replace: choice({
      options: ["louder", "everything"],
      default: "louder",
      doc: "What is replaced in the marked stretches: only what is louder than its surroundings, or all of it (drop-outs too).",
    }),
    spans: list({
      maxItems: 16,
      doc: "The marked stretches. Times count from the start of what the insert stands on: the clip's first frame, or the sequence's start.",
      item: {
        fromMs: ms({ min: 0, max: MOST_MS, default: 0, doc: "Where the interruption begins." }),
        toMs: ms({
          min: 0,
          max: MOST_MS,
          default: 0,
          doc: "Where it ends; not after its beginning: nothing is replaced.",
        }),
        lowHz: hz({
          min: 20,
          max: 20_000,
          default: 20,
          doc: "Lower edge of what is replaced; 20 is all down to 0 Hz.",
        }),
        highHz: hz({
          min: 20,
          max: 20_000,
          default: 20_000,
          doc: "Upper edge of what is replaced; 20000 is all up to half the sample rate.",
        }),
      },
    }),
  },
});
