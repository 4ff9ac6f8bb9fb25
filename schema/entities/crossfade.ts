import { entity, ref } from "./shapes.ts";

export const Crossfade = entity("Both clips sound over the whole span; `from` falls while `to` rises.", {
  id: ref("Id"),
  from: ref("Id", "Id of the clip that ends."),
  to: ref("Id", "Id of the clip that starts, on the same track."),
  startTicks: ref("Ticks", "Start of the span, counted from the sequence start."),
  durationTicks: ref("Ticks", "Length of the span, in ticks; more than 0."),
  curve: ref("FadeCurve"),
});
