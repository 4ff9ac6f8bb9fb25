import { db, defineProcessor, flag } from "../processor.ts";

/** Cut-off peaks restored. */
export const deClip = defineProcessor({
  type: "deClip",
  title: "De-clip",
  doc: "Restores peaks that were cut off by an overload. They come out louder than before: leave room above them.",
  params: {
    findThreshold: flag({ default: true, doc: "Whether plateaus tell by themselves where clipping begins." }),
    thresholdDb: db({
      min: -30,
      max: 0,
      default: -0.5,
      doc: "Level in dBFS from which on samples count as clipped when it is not found by itself.",
    }),
  },
});
