import { entity, ref } from "./shapes.ts";

export const Fade = entity("A fade at an edge of a clip.", {
  durationTicks: ref("Ticks", "Length of the fade, in ticks; not longer than the clip."),
  curve: ref("FadeCurve"),
});
