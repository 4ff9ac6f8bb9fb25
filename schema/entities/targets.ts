import { entity, number, ref, textOrNull } from "./shapes.ts";

export const Programme = entity(
  "What the whole mix must measure.",
  {
    profile: textOrNull("Name of a target profile, or null for free values."),
    integratedLufs: number("Integrated loudness (ITU-R BS.1770).", -70, 0, "LUFS"),
    toleranceLu: number("Allowed distance from it.", 0, 20, "LU"),
    truePeakDbtp: number("Highest true peak.", -20, 3, "dBTP"),
    maxShortTermLufs: number("Highest short-term loudness (EBU Tech 3341).", -70, 0, "LUFS"),
  },
  ["maxShortTermLufs"],
);

export const Targets = entity("What the delivery must measure.", { programme: ref("Programme") });
