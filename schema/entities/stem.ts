import { roleOrNull } from "./names.ts";
import { entity, integer, ref, text } from "./shapes.ts";

export const Stem = entity("A file that a render writes.", {
  id: ref("Id"),
  name: text("Stands in the file name: DX, MX, FX, BG, MIX."),
  role: roleOrNull("What the stem carries; null = the mix."),
  from: ref("Id", "Id of the bus whose output is written."),
  layout: ref("ChannelLayout", "Channels of the file."),
  sampleRate: integer("Sample rate of the file.", 8000, 384_000, "Hz"),
  bitDepth: {
    type: "integer",
    enum: [16, 24, 32],
    description: "16 and 24 are integer PCM; 32 is IEEE float.",
  },
});
