import * as Param from "../generated/tonal-balance-params";
import { log2 } from "./math";

/** Bands of a third of an octave from 63 Hz to 16 kHz; level of speech in dB. Byrne et al., JASA 96(4), 1994, both sexes. */
const SPEECH_LOW_HZ: f64 = 62.5;
const SPEECH: StaticArray<f64> = [
  38.6, 43.5, 54.4, 57.7, 56.8, 60.2, 60.3, 59.0, 62.1, 62.1, 60.5, 56.8, 53.7, 53.0, 52.0, 48.7, 48.1, 46.8, 45.6,
  44.5, 44.3, 43.7, 43.4, 41.3, 40.7,
];

function speechDb(frequencyHz: f64): f64 {
  const place = max<f64>(0, min<f64>(3 * log2(frequencyHz / SPEECH_LOW_HZ), <f64>(SPEECH.length - 1)));
  const band = min(<i32>place, SPEECH.length - 2);
  return SPEECH[band] + (SPEECH[band + 1] - SPEECH[band]) * (place - <f64>band);
}

/** What recordings of the last decades have in common; after Pestana et al., AES 135, 2013. */
function musicDb(frequencyHz: f64): f64 {
  const middle = max<f64>(0, log2(min<f64>(frequencyHz, 4000) / 100));
  const top = max<f64>(0, log2(frequencyHz / 4000));
  return 54 - 2 * middle - 6 * top;
}

/** Level in dB that a band of a third of an octave has in a target, up to a constant. */
export function targetDb(target: i32, frequencyHz: f64): f64 {
  if (target == Param.TARGET_PINK) return 0;
  if (target == Param.TARGET_MUSIC) return musicDb(frequencyHz);
  const speech = speechDb(frequencyHz);
  return target == Param.TARGET_FILM ? 0.5 * (speech + musicDb(frequencyHz)) : speech;
}
