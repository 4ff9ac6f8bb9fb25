import type { MixDocument } from "./generated/mix-document.ts";
import { MAX_DEPTH } from "./input-limits.ts";
import type { JsonSchema } from "./json-schema.ts";
import { pointerOf } from "./pointer.ts";
import { documentRoot, knownKeys, memberSchema } from "./schema-walk.ts";
import { sha256 } from "./sha256.ts";

type Members = Readonly<Record<string, unknown>>;

/** Steps in a dB: finer differences are noise of computing, not decisions. */
const STEPS_PER_DB = 10_000;
/** Text that stands in JSON as it is: printable ASCII without quotes and backslashes. */
const plainAscii = /^[ !#-[\]-~]*$/;
const decibelName = /(Db|Dbfs|Dbtp|Lu|Lufs)$/;

/** The order of Unicode code points, which is also the order of UTF-8 bytes. */
export const byCodePoint = (a: string, b: string): number => {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};

/** The shortest decimal that reads back as the same number, without an exponent. */
const plainDecimal = (value: number): string => {
  const text = String(value);
  if (!text.includes("e")) return text;
  const parts = /^(-?)([0-9])\.?([0-9]*)e([+-][0-9]+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", first = "", rest = "", exponent = ""] = parts;
  const digits = first + rest;
  const power = Number(exponent);
  return power < 0 ? `${sign}0.${"0".repeat(-power - 1)}${digits}` : `${sign}${digits.padEnd(power + 1, "0")}`;
};

const isItemOf = (schema: JsonSchema | undefined, name: string) =>
  (schema?.items as JsonSchema | undefined)?.$ref === `#/definitions/${name}`;

const compareTicks = (a: string, b: string): number => {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
};

type Placed = { readonly id: string; readonly order: number; readonly startTicks: string };

/** Whether the place of an item says nothing: tracks stand by their order, clips and cues by their start. */
export const isSortedList = (schema: JsonSchema | undefined): boolean =>
  ["Track", "Clip", "Cue"].some((name) => isItemOf(schema, name));

/** Tracks by their order, clips and cues by their start: how they came does not matter to anybody. Other lists as they are. */
export const inCanonicalOrder = (items: readonly unknown[], schema: JsonSchema | undefined): readonly unknown[] => {
  const isTracks = isItemOf(schema, "Track");
  if (!isSortedList(schema)) return items;
  const place = (a: Placed, b: Placed) => (isTracks ? a.order - b.order : compareTicks(a.startTicks, b.startTicks));
  return [...(items as readonly Placed[])].sort((a, b) => place(a, b) || byCodePoint(a.id, b.id));
};

/** Keys of the schema in its order, then the others by code point. */
const orderedKeys = (value: Members, schema: JsonSchema | undefined): readonly string[] => {
  const names = knownKeys(schema);
  const present = Object.keys(value).filter((key) => value[key] !== undefined);
  const known = names.filter((key) => value[key] !== undefined && Object.hasOwn(value, key));
  if (known.length === present.length) return known;
  return [...known, ...present.filter((key) => !names.includes(key)).sort(byCodePoint)];
};

/** Holds the path while one document is written. */
class CanonicalWriter {
  private readonly path: string[] = [];
  private readonly leavesOutViews: boolean;

  constructor(leavesOutViews: boolean) {
    this.leavesOutViews = leavesOutViews;
  }

  text(document: unknown): string {
    return `${this.value(document, documentRoot, "")}\n`;
  }

  private value(value: unknown, schema: JsonSchema | undefined, name: string): string {
    if (typeof value === "string") return this.string(value, schema, name);
    if (typeof value === "number") return this.number(value, schema, name);
    if (value === null || typeof value === "boolean") return String(value);
    if (Array.isArray(value)) return this.list(value, schema, name);
    return typeof value === "object" ? this.object(value as Members, schema) : this.refuse(`a ${typeof value}`);
  }

  private refuse(what: string): never {
    throw new TypeError(`${pointerOf(this.path) || "The document"} is ${what}, which JSON cannot hold.`);
  }

  /** Paths keep the spelling of their file system; what the schema does not know stays untouched. */
  private string(value: string, schema: JsonSchema | undefined, name: string): string {
    if (plainAscii.test(value)) return `"${value}"`;
    return JSON.stringify(schema === undefined || name === "path" ? value : value.normalize("NFC"));
  }

  private number(value: number, schema: JsonSchema | undefined, name: string): string {
    if (!Number.isFinite(value)) this.refuse(String(value));
    const isDecibel = schema !== undefined && decibelName.test(name);
    return plainDecimal(isDecibel ? Math.round(value * STEPS_PER_DB) / STEPS_PER_DB : value);
  }

  private list(value: readonly unknown[], schema: JsonSchema | undefined, name: string): string {
    const isTuple = Array.isArray(schema?.items);
    const itemName = isTuple ? "pointDb" : name;
    const items = inCanonicalOrder(value, schema).map((item, index) =>
      this.member(item, schema, String(index), itemName),
    );
    const isShort = isTuple || value.every((item) => typeof item === "number");
    return isShort ? `[${items.join(", ")}]` : this.block("[", items, "]");
  }

  private object(value: Members, schema: JsonSchema | undefined): string {
    const lines: string[] = [];
    for (const key of orderedKeys(value, schema)) {
      if (!this.isLeftOut(key)) lines.push(`${JSON.stringify(key)}: ${this.member(value[key], schema, key, key)}`);
    }
    return this.block("{", lines, "}");
  }

  private member(value: unknown, schema: JsonSchema | undefined, key: string, name: string): string {
    if (this.path.length === MAX_DEPTH) this.refuse(`nested more than ${MAX_DEPTH} levels deep`);
    this.path.push(key);
    const text = this.value(value, memberSchema(schema, key, value), name);
    this.path.pop();
    return text;
  }

  private block(open: string, lines: readonly string[], close: string): string {
    const indent = `\n${"  ".repeat(this.path.length)}`;
    return lines.length === 0 ? open + close : `${open}${indent}  ${lines.join(`,${indent}  `)}${indent}${close}`;
  }

  /** What a panel keeps for its own view, and what can be computed again, is no part of the sound. */
  private isLeftOut(key: string): boolean {
    if (!this.leavesOutViews) return false;
    return this.path.length === 0 ? key === "analysis" : key === "view" && this.path.at(-2) === "host";
  }
}

/**
 * The one text of a document, complete or with what its layers give left out: keys in schema order (unknown ones after, by code point), two spaces, LF, one scalar a line, points and
 * number lists on one line, tracks, clips and cues in order, dB to 1e-4, no exponents. NaN and what JSON cannot hold are a TypeError.
 */
export const canonicalText = (document: MixDocument | Members): string => new CanonicalWriter(false).text(document);

/** "sha256:" and the digest of the canonical text without `analysis` and `host.*.view`: equal for equal sound. */
export const documentHash = (document: MixDocument): string =>
  sha256(new TextEncoder().encode(new CanonicalWriter(true).text(document)));
