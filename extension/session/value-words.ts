import { isMembers } from "../../schema/diff/same.ts";
import { unitOfName, wordsOfName } from "../../schema/diff/units.ts";
import type { Sequence } from "../../schema/generated/mix-document.ts";
import { shown } from "../../schema/shown.ts";
import { ticksToSeconds } from "../../schema/ticks.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";

/** A length as hours, minutes, seconds and frames; negative lengths have a minus. */
export const lengthWords = (ticks: string | bigint, { frameRate }: Pick<TimecodeBase, "frameRate">): string =>
  formatTimecode(String(ticks), { frameRate, dropFrame: false, startTicks: "0" });

/** Words of the document's own; what people wrote stands in quotes. */
const plainWord = /^[a-z0-9][A-Za-z0-9./:-]*$/;

/** Names of times that are places on the sequence; other times are lengths. */
const isPlace = (name: string): boolean => name === "startTicks" || name === "endTicks";

const numberWords = (value: number, unit: string | null, digits: number): string => {
  const isLevel = unit !== null && /^(dB|LU|dBTP|dBFS|LUFS)$/.test(unit);
  return isLevel ? value.toFixed(digits) : String(Number(value.toFixed(4)));
};

/** One value of the field `name` as people read it, without its unit unless it is a time. */
export const valueWords = (name: string, value: unknown, sequence: Sequence, digits = 1): string => {
  if (value === null || value === undefined) return "none";
  const unit = unitOfName(name);
  if (unit === "ticks" && typeof value === "string")
    return isPlace(name) ? formatTimecode(value, sequence) : lengthWords(value, sequence);
  if (typeof value === "number") return numberWords(value, unit, digits);
  if (isMembers(value))
    return Object.entries(value)
      .map(([key, member]) => `${wordsOfName(key)} ${withUnit(key, member, sequence)}`)
      .join(", ");
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "string" && plainWord.test(value) ? value : shown(value);
};

/** The same with its unit. */
export const withUnit = (name: string, value: unknown, sequence: Sequence): string => {
  const unit = unitOfName(name);
  const isFigure = typeof value === "number" && unit !== null;
  return `${valueWords(name, value, sequence)}${isFigure ? ` ${unit}` : ""}`;
};

/** "-3.0 -> -1.5 dB"; what is too close to tell apart is shown finer. */
export const pairWords = (name: string, before: unknown, after: unknown, sequence: Sequence): string => {
  const unit = unitOfName(name);
  const [was, is] = [valueWords(name, before, sequence), valueWords(name, after, sequence)];
  const tail = unit === null || unit === "ticks" || typeof (after ?? before) !== "number" ? "" : ` ${unit}`;
  if (was !== is) return `${was} -> ${is}${tail}`;
  if (unit !== "ticks")
    return `${valueWords(name, before, sequence, 4)} -> ${valueWords(name, after, sequence, 4)}${tail}`;
  const milliseconds = ticksToSeconds(BigInt(String(after)) - BigInt(String(before))) * 1000;
  return `${is} (${milliseconds > 0 ? "+" : ""}${milliseconds.toFixed(3)} ms)`;
};
