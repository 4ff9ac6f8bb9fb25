import { Fade } from "./fade.ts";
import { roleOrNull } from "./names.ts";
import { entity, entityOrNull, flag, host, integer, listOf, note, number, ref, text, textOrNull } from "./shapes.ts";

export const Clip = entity(
  "A stretch of media on a track.",
  {
    id: ref("Id"),
    name: text("As the host shows it."),
    media: textOrNull(
      "Id in `media`; null when the host has no file for it (named in the report, never rendered silently).",
    ),
    enabled: flag("false: not heard."),
    startTicks: ref(
      "Ticks",
      "First sounding tick on the sequence, counted from the sequence start, including the handle that a cross-fade uses.",
    ),
    durationTicks: ref("Ticks", "Sounding length on the sequence, in ticks; more than 0."),
    sourceInTicks: ref("Ticks", "Place in the media at which the clip starts, in ticks."),
    speed: {
      type: "string",
      pattern: "^(0|[1-9][0-9]{0,8})/[1-9][0-9]{0,8}$",
      description: 'Source seconds per sequence second as a fraction such as "1/1"; the engine plays 1/1.',
    },
    reversed: flag("Whether the media is played backwards."),
    role: roleOrNull("What the clip is for; null = the track's role."),
    roleSource: text("What the role was taken from."),
    channels: {
      type: "array",
      description:
        "Source channels (from 0), in speaker order; fewer than the track has stand where a mono or stereo sound stands in its layout.",
      maxItems: 64,
      items: integer("Source channel.", 0, 255, "(0 is the first)"),
    },
    gainDb: number("Static gain in front of everything.", -120, 96, "dB"),
    volumeDb: number("Volume behind the chain; an automation of volumeDb replaces it.", -120, 48, "dB"),
    channelGainsDb: {
      type: "array",
      description: "Gain of each channel of the clip, in dB.",
      maxItems: 64,
      items: number("Gain of one channel.", -120, 48, "dB"),
    },
    fadeIn: entityOrNull(Fade, "Fade at the start; null = none."),
    fadeOut: entityOrNull(Fade, "Fade at the end; null = none."),
    processors: listOf(ref("Processor"), "Inserts, in order."),
    automation: listOf(ref("Automation"), "At most one per parameter."),
    host,
    note,
  },
  ["channelGainsDb", "host", "note"],
);
