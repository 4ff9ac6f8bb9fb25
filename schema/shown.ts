const LONGEST_SHOWN = 60;

/** Characters that could move or hide what stands beside them. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of unknown origin without control and format characters: they appear as \\u codes. */
export const printable = (text: string): string =>
  text.replace(invisible, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`);

/** A value as messages show it: short, on one line, in pure text. */
export const shown = (value: unknown): string => {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === "object") return "an object";
  const text = printable(JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
};

/** " Did you mean x?" or nothing. */
export const guessSentence = (guess: string | undefined): string =>
  guess === undefined ? "" : ` Did you mean ${guess}?`;
