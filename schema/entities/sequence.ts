import { entity, flag, host, integer, ref, text } from "./shapes.ts";

export const Sequence = entity(
  "The timeline that is mixed.",
  {
    id: ref("Id"),
    name: text("As the host shows it."),
    tickRate: { const: "254016000000", description: "Ticks per second; always 254016000000." },
    frameRate: {
      type: "string",
      pattern: "^[1-9][0-9]{0,5}(/[1-9][0-9]{0,5})?$",
      description: 'Frames per second as an integer or a fraction: "25", "30000/1001".',
    },
    dropFrame: flag("Whether timecode is shown in drop-frame form."),
    startTicks: ref("Ticks", "Timecode of the first frame, in ticks (Premiere's zeroPoint)."),
    durationTicks: ref("Ticks", "Length of the sequence, in ticks; never negative."),
    sampleRate: integer("Sample rate of the mix.", 8000, 384_000, "Hz"),
    layout: ref("ChannelLayout", "Speakers of the mix."),
    host,
  },
  ["host"],
);
