import type { Problem } from "../../schema/problem.ts";

/** Makes control characters and direction marks visible, so that a name can neither break a table nor drive a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Rows as aligned columns, two spaces apart; the last column is not padded. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const clean = rows.map((row) => row.map(printable));
  const widths = clean.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  );
  const line = (row: readonly string[]) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join("  ");
  return clean.map((row) => `${line(row)}\n`).join("");
};

/** One problem for people: what, where, and what was probably meant. */
export const problemText = ({ message, file, line, column, pointer }: Problem): string => {
  const position = line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;
  const place = [file === undefined ? "" : `${file}${position}`, pointer ?? ""].filter((part) => part !== "").join(" ");
  return `${printable(message)}${place === "" ? "" : `\n  at ${printable(place)}`}\n`;
};

/** A figure with its unit, or "silent". */
export const figure = (value: number | null, unit: string): string =>
  value === null ? "silent" : `${value.toFixed(1)} ${unit}`;
