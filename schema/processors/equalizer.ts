import { choice, db, dbPerOctave, defineProcessor, flag, hz, list, ms, quality, ratio } from "../processor.ts";

/** Up to sixteen filter bands in series. */
export const equalizer = defineProcessor({
  type: "equalizer",
  title: "Equalizer",
  doc: "Shapes the spectrum with up to sixteen bands in series, whose curves match the analogue prototypes up to 20 kHz.",
  params: {
    bands: list({
      maxItems: 16,
      doc: "The bands, in the order in which they are applied.",
      item: {
        kind: choice({
          options: ["bell", "lowShelf", "highShelf", "lowCut", "highCut", "notch", "tilt"],
          default: "bell",
          doc: "Shape of the band. Cuts and notches ignore gainDb; a tilt turns the spectrum around frequencyHz.",
        }),
        frequencyHz: hz({ min: 20, max: 20_000, default: 1000, doc: "Centre, corner or turning frequency." }),
        gainDb: db({ min: -24, max: 24, default: 0, doc: "Gain at the centre, of the shelf, or across the tilt." }),
        q: quality({
          min: 0.1,
          max: 20,
          default: 0.71,
          doc: "Centre frequency over bandwidth; 0.71 is a plain shelf.",
        }),
        slopeDbPerOctave: dbPerOctave({
          min: 6,
          max: 96,
          default: 12,
          doc: "Steepness of a cut, rounded to the nearest whole section of 6 dB per octave.",
        }),
        channels: choice({
          options: ["both", "left", "right", "mid", "side"],
          default: "both",
          doc: "Which part of each channel pair the band works on.",
        }),
        enabled: flag({ default: true, doc: "Whether the band is in use." }),
        dynamic: flag({
          default: false,
          doc: "Bells and shelves: whether the band turns itself down while the equalizer's input is loud there.",
        }),
        thresholdDb: db({
          min: -60,
          max: 0,
          default: -24,
          doc: "Level in the band above which it turns down, in dBFS.",
        }),
        ratio: ratio({ min: 1, max: 20, default: 2, doc: "dB in per dB out above the threshold." }),
        rangeDb: db({ min: 0, max: 24, default: 6, doc: "How far the band turns down at most." }),
        attackMs: ms({ min: 0.1, max: 200, default: 10, doc: "Time constant while the band turns down." }),
        releaseMs: ms({ min: 5, max: 2000, default: 150, doc: "Time constant while the band recovers." }),
      },
    }),
    phase: choice({
      options: ["minimum", "linear"],
      default: "minimum",
      doc: "minimum is late by nothing; linear delays every frequency alike and becomes latency, compensated; its bells narrower than 10 Hz come out wider, and dynamic moves stay minimum.",
    }),
  },
});
