/** Level that stands for silence, in dB: what the host scripts report for "off". */
export const SILENCE_DB = -120;

/** Sum of two levels to 0.0001 dB; off stays off. */
export const addDb = (a: number, b: number): number =>
  a <= SILENCE_DB || b <= SILENCE_DB ? SILENCE_DB : Math.max(SILENCE_DB, Math.round((a + b) * 1e4) / 1e4);

/** Linear gain to dB, rounded to a millionth of a dB so that a report never shows the last bit of a logarithm. */
export const gainToDb = (gain: number): number => {
  if (!(gain > 0)) return SILENCE_DB;
  const db = Math.round(20 * Math.log10(gain) * 1e6) / 1e6;
  return db < SILENCE_DB ? SILENCE_DB : db === 0 ? 0 : db;
};
