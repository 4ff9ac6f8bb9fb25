import { entity, number, ref } from "./shapes.ts";

export const Send = entity("A second way of a track or bus into another bus.", {
  id: ref("Id"),
  to: ref("Id", "Id of a bus."),
  levelDb: number("Level of the send; -120 is off.", -120, 48, "dB"),
  tap: {
    type: "string",
    enum: ["pre", "post"],
    description: "Taken before (pre) or after (post) the volume of the track or bus.",
  },
});
