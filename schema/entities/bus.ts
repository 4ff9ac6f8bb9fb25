import { roleOrNull } from "./names.ts";
import { entity, listOf, note, number, ref, text, textOrNull } from "./shapes.ts";

export const Bus = entity(
  "Sums tracks and other buses.",
  {
    id: ref("Id"),
    name: text("For people."),
    kind: {
      type: "string",
      enum: ["submix", "effect", "master"],
      description: "submix sums outputs, effect is fed by sends, master is the one end of the mix.",
    },
    role: roleOrNull("What the bus carries; null = more than one role."),
    layout: ref("ChannelLayout", "Channels of the bus."),
    output: textOrNull("Id of a bus; null only for the master."),
    volumeDb: number("Volume of the bus; -120 is off.", -120, 48, "dB"),
    sends: listOf(ref("Send"), "Further ways into buses."),
    processors: listOf(ref("Processor"), "Inserts, in order."),
    note,
  },
  ["note"],
);
