import type { JsonSchema } from "../json-schema.ts";
import { entity, listOf, number, ref } from "./shapes.ts";

export const AutomationPoint: JsonSchema = {
  type: "array",
  description: "[ticks from the start of the timebase, value in the parameter's unit, curve to the next point].",
  minItems: 3,
  maxItems: 3,
  additionalItems: false,
  items: [ref("Ticks"), number("Value at this time.", -120, 96, "dB"), ref("PointCurve")],
};

export const Automation = entity("A parameter that changes over time.", {
  param: { const: "volumeDb", description: "Which parameter: volumeDb." },
  timebase: {
    type: "string",
    enum: ["clip", "sequence"],
    description: '"clip": ticks from the clip\'s start; "sequence": from the sequence start.',
  },
  points: listOf(ref("AutomationPoint"), "In time order."),
});
