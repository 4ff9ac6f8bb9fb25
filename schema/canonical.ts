import type { MixDocument } from "./generated/mix-document.ts";
import { MAX_DEPTH } from "./input-limits.ts";
import type { JsonSchema } from "./json-schema.ts";
import { pointerOf } from "./pointer.ts";
import { documentRoot, knownKeys, memberSchema } from "./schema-walk.ts";
import { sha256 } from "./sha256.ts";

type Members = Readonly<Record<string, unknown>>;

/** Steps in a dB: finer differences are noise of computing, not decisions. */
const STEPS_PER_DB = 10_000;
const decibelName = /(Db|Dbfs|Dbtp|Lu|Lufs)$/;

/** The order of Unicode code points, which is also the order of UTF-8 bytes. */
const byCodePoint = (a: string, b: string): number => {
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

/** Tracks by their order, clips by their start: how they came does not matter to anybody. */
const sorted = (items: readonly unknown[], schema: JsonSchema | undefined): readonly unknown[] => {
  const isTracks = isItemOf(schema, "Track");
  if (!isTracks && !isItemOf(schema, "Clip")) return items;
  const place = (a: Placed, b: Placed) => (isTracks ? a.order - b.order : compareTicks(a.startTicks, b.startTicks));
  return [...(items as readonly Placed[])].sort((a, b) => place(a, b) || byCodePoint(a.id, b.id));
};

/** Keys of the schema in its order, then the others by code point. */
const orderedKeys = (value: Members, schema: JsonSchema | undefined): readonly string[] => {
  const known = knownKeys(schema).filter((key) => value[key] !== undefined && Object.hasOwn(value, key));
  const names = new Set(known);
  const others = Object.keys(value).filter((key) => !names.has(key) && value[key] !== undefined);
  return [...known, ...others.sort(byCodePoint)];
};

/** Holds the text and the path while one document is written. */
class CanonicalWriter {
  private readonly parts: string[] = [];
  private readonly path: string[] = [];
  private readonly leavesOutViews: boolean;

  constructor(leavesOutViews: boolean) {
    this.leavesOutViews = leavesOutViews;
  }

  text(document: unknown): string {
    this.write(document, documentRoot, "");
    return `${this.parts.join("")}\n`;
  }

  private write(value: unknown, schema: JsonSchema | undefined, name: string): void {
    if (value === null || typeof value === "boolean") this.parts.push(String(value));
    else if (typeof value === "string") this.parts.push(this.string(value, schema, name));
    else if (typeof value === "number") this.parts.push(this.number(value, schema, name));
    else if (Array.isArray(value)) this.list(value, schema, name);
    else if (typeof value === "object") this.object(value as Members, schema);
    else this.refuse(`a ${typeof value}`);
  }

  private refuse(what: string): never {
    throw new TypeError(`${pointerOf(this.path) || "The document"} is ${what}, which JSON cannot hold.`);
  }

  /** Paths keep the spelling of their file system; what the schema does not know stays untouched. */
  private string(value: string, schema: JsonSchema | undefined, name: string): string {
    return JSON.stringify(schema === undefined || name === "path" ? value : value.normalize("NFC"));
  }

  private number(value: number, schema: JsonSchema | undefined, name: string): string {
    if (!Number.isFinite(value)) this.refuse(String(value));
    const isDecibel = schema !== undefined && decibelName.test(name);
    return plainDecimal((isDecibel ? Math.round(value * STEPS_PER_DB) / STEPS_PER_DB : value) + 0);
  }

  private list(value: readonly unknown[], schema: JsonSchema | undefined, name: string): void {
    const isTuple = Array.isArray(schema?.items);
    if (!isTuple && value.some((item) => typeof item !== "number")) {
      const items = sorted(value, schema);
      this.block("[", "]", items.keys(), (index) => this.member(items[index], schema, String(index), name));
      return;
    }
    this.parts.push("[");
    for (const [index, item] of value.entries()) {
      if (index > 0) this.parts.push(", ");
      this.member(item, schema, String(index), isTuple ? "pointDb" : name);
    }
    this.parts.push("]");
  }

  private object(value: Members, schema: JsonSchema | undefined): void {
    const keys = orderedKeys(value, schema).filter((key) => !this.isLeftOut(key));
    this.block("{", "}", keys, (key) => {
      this.parts.push(JSON.stringify(key), ": ");
      this.member(value[key], schema, key, key);
    });
  }

  private member(value: unknown, schema: JsonSchema | undefined, key: string, name: string): void {
    if (this.path.length === MAX_DEPTH) this.refuse(`nested more than ${MAX_DEPTH} levels deep`);
    this.path.push(key);
    this.write(value, memberSchema(schema, key, value), name);
    this.path.pop();
  }

  private block<Key>(open: string, close: string, keys: Iterable<Key>, write: (key: Key) => void): void {
    const indent = `\n${"  ".repeat(this.path.length)}`;
    let isEmpty = true;
    this.parts.push(open);
    for (const key of keys) {
      this.parts.push(isEmpty ? `${indent}  ` : `,${indent}  `);
      isEmpty = false;
      write(key);
    }
    this.parts.push(isEmpty ? close : `${indent}${close}`);
  }

  /** What a panel keeps for its own view, and what can be computed again, is no part of the sound. */
  private isLeftOut(key: string): boolean {
    if (!this.leavesOutViews) return false;
    return this.path.length === 0 ? key === "analysis" : key === "view" && this.path.at(-2) === "host";
  }
}

/**
 * The one text of a document: keys in schema order (unknown ones after, by code point), two spaces, LF, one scalar a line, points and
 * number lists on one line, tracks and clips in order, dB to 1e-4, no exponents. NaN and what JSON cannot hold are a TypeError.
 */
export const canonicalText = (document: MixDocument): string => new CanonicalWriter(false).text(document);

/** "sha256:" and the digest of the canonical text without `analysis` and `host.*.view`: equal for equal sound. */
export const documentHash = (document: MixDocument): string =>
  sha256(new TextEncoder().encode(new CanonicalWriter(true).text(document)));
