import { choice, db, defineProcessor, hz } from "../processor.ts";

/** Harmonics by a saturating curve, without aliasing. Parker, Zavalishin and Le Bivic, DAFx 2016. */
export const saturator = defineProcessor({
  type: "saturator",
  title: "Saturator",
  doc: "Bends loud sound as tubes and tape do, or adds the harmonics of its treble only. Peaks of -12 dBFS keep their level at any drive; with no drive the sound passes bit for bit.",
  params: {
    mode: choice({
      options: ["saturate", "excite"],
      default: "saturate",
      doc: "Whether the whole sound goes through the curve, or only what it adds above `exciteHz` is mixed in.",
    }),
    curve: choice({
      options: ["tanh", "soft", "tape"],
      default: "tanh",
      doc: "Shape: tanh is even, soft (cubic) stays clean longest and then clips, tape (Langevin) bends earliest and never quite ends.",
    }),
    driveDb: db({ min: 0, max: 36, default: 6, doc: "How far the sound is pushed into the curve; 0 is none." }),
    toneHz: hz({ min: 100, max: 10_000, default: 1000, doc: "Frequency around which `toneDb` turns." }),
    toneDb: db({
      min: -12,
      max: 12,
      default: 0,
      doc: "Tilt before the curve that is undone behind it: positive saturates the treble more, negative the bass.",
    }),
    exciteHz: hz({ min: 500, max: 12_000, default: 3000, doc: "Where the band begins whose harmonics `excite` adds." }),
    exciteDb: db({ min: -60, max: 12, default: -6, doc: "Level of what `excite` adds." }),
    outputDb: db({ min: -24, max: 24, default: 0, doc: "Gain behind it all." }),
  },
});
