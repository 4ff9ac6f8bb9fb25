export type Fraction = { readonly numerator: number; readonly denominator: number };

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The same fraction of two whole numbers, not both 0, in lowest terms: 48000 / 44100 = 160 / 147. */
export const lowestTerms = (numerator: number, denominator: number): Fraction => {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
};
