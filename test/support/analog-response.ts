/** Closed-form responses of the analogue prototypes that the equalizer promises, in dB. */
import { dbToGain } from "./signals.ts";

const powerDb = (power: number): number => 10 * Math.log10(Math.max(power, 1e-30));

export type Band = {
  readonly kind: "bell" | "lowShelf" | "highShelf" | "lowCut" | "highCut" | "notch" | "tilt";
  readonly frequencyHz: number;
  readonly gainDb?: number;
  readonly q?: number;
  readonly slopeDbPerOctave?: number;
};

/** Response of one band at a frequency, in dB. */
export const analogDb = (
  { kind, frequencyHz, gainDb = 0, q = 0.71, slopeDbPerOctave = 12 }: Band,
  atHz: number,
): number => {
  const x = (atHz / frequencyHz) ** 2;
  const a = dbToGain(gainDb / 2);
  const order = Math.round(slopeDbPerOctave / 6);
  switch (kind) {
    case "bell":
      return powerDb(((1 - x) ** 2 + x * (a / q) ** 2) / ((1 - x) ** 2 + x / (a * q) ** 2));
    case "lowShelf":
      return powerDb((a * a * ((a - x) ** 2 + (x * a) / q ** 2)) / ((1 - a * x) ** 2 + (x * a) / q ** 2));
    case "highShelf":
      return powerDb((a * a * ((1 - a * x) ** 2 + (x * a) / q ** 2)) / ((a - x) ** 2 + (x * a) / q ** 2));
    case "notch":
      return powerDb((1 - x) ** 2 / ((1 - x) ** 2 + x / q ** 2));
    case "tilt":
      return powerDb((1 + a * a * x) / (a * a + x));
    case "lowCut":
      return powerDb(x ** order / (1 + x ** order));
    case "highCut":
      return powerDb(1 / (1 + x ** order));
  }
};
