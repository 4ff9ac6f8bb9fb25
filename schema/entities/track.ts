import { roleOrNull } from "./names.ts";
import { entity, flag, host, integer, listOf, note, number, ref, text } from "./shapes.ts";

export const Track = entity(
  "A row of clips that do not overlap, except in cross-fades.",
  {
    id: ref("Id"),
    order: integer("Place among the tracks, ascending.", 0, 1_000_000, ""),
    name: text("As the host shows it."),
    role: roleOrNull("What the track is for; null = not decided."),
    layout: ref("ChannelLayout", "Channels of the track."),
    output: ref("Id", "Id of a bus."),
    muted: flag("true: not heard."),
    volumeDb: number("Volume of the track; -120 is off.", -120, 48, "dB"),
    sends: listOf(ref("Send"), "Further ways into buses."),
    processors: listOf(ref("Processor"), "Inserts, in order."),
    automation: listOf(ref("Automation"), "At most one per parameter."),
    clips: listOf(ref("Clip"), "By start, then id."),
    host,
    note,
  },
  ["host", "note"],
);
