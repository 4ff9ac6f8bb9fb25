import { entity, ref, text } from "./shapes.ts";

const figure = (description: string) => ({ type: ["number", "null"], description });

export const Decision = entity("Why a value stands in this document.", {
  id: ref("Id"),
  rule: text("Name of the rule that decided."),
  subject: text("Id of a clip, track or bus."),
  measured: figure("What was found, in `unit`; null = nothing measurable."),
  threshold: figure("What it was compared with, in `unit`; null = nothing."),
  unit: text("Unit of the two figures."),
  change: text("What was changed, as a sentence."),
});
