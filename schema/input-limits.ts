/** Keys that could reach a JavaScript prototype; no file may carry them. */
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const isForbiddenKey = (key: string): boolean => forbidden.has(key);

/** The sentence for such a key. */
export const forbiddenKeyMessage = (key: string): string =>
  `The key "${key}" is refused because it could change the program that reads it; use another name.`;

/** Nesting that every reader accepts. */
export const MAX_DEPTH = 64;
/** Size of a document that every reader accepts. */
export const MAX_BYTES = 64 * 1024 * 1024;
