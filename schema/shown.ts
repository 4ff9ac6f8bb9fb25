const LONGEST_SHOWN = 60;

/** A value as messages show it: short, on one line, in pure text. */
export const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
};

/** " Did you mean x?" or nothing. */
export const guessSentence = (guess: string | undefined): string =>
  guess === undefined ? "" : ` Did you mean ${guess}?`;
