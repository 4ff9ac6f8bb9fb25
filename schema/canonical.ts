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
/** The values of points count as levels. */
const POINT_VALUE = "pointDb";
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

const TRACK = "#/definitions/Track";
const sortedItems: ReadonlySet<string | undefined> = new Set([TRACK, "#/definitions/Clip", "#/definitions/Cue"]);

const itemRef = (schema: JsonSchema | undefined): string | undefined => (schema?.items as JsonSchema | undefined)?.$ref;

const compareTicks = (a: string, b: string): number => {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
};

type Placed = { readonly id: string; readonly order: number; readonly startTicks: string };

/** Whether the place of an item says nothing: tracks stand by their order, clips and cues by their start. */
export const isSortedList = (schema: JsonSchema | undefined): boolean => sortedItems.has(itemRef(schema));

/** Tracks by their order, clips and cues by their start: how they came does not matter to anybody. Other lists as they are. */
export const inCanonicalOrder = (items: readonly unknown[], schema: JsonSchema | undefined): readonly unknown[] => {
  const isTracks = itemRef(schema) === TRACK;
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

const indents = Array.from({ length: MAX_DEPTH + 2 }, (_, depth) => `\n${"  ".repeat(depth)}`);
const nextLines = indents.map((indent) => `,${indent}`);

/** A text that grows at its end, in the bytes of UTF-8: half a million small strings would cost more than the document. */
class GrowingText {
  private readonly encoder = new TextEncoder();
  private buffer = new Uint8Array(1 << 16);
  private length = 0;

  ascii(text: string): void {
    this.makeRoom(text.length);
    for (let index = 0; index < text.length; index += 1) this.buffer[this.length + index] = text.charCodeAt(index);
    this.length += text.length;
  }

  any(text: string): void {
    this.makeRoom(text.length * 3);
    this.length += this.encoder.encodeInto(text, this.buffer.subarray(this.length)).written;
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private makeRoom(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + bytes));
    larger.set(this.bytes());
    this.buffer = larger;
  }
}

/** Holds the path and the text while one document is written. */
class CanonicalWriter {
  private readonly path: string[] = [];
  private readonly leavesOutViews: boolean;
  private readonly out = new GrowingText();

  constructor(leavesOutViews: boolean) {
    this.leavesOutViews = leavesOutViews;
  }

  bytes(document: unknown): Uint8Array {
    this.value(document, documentRoot, "");
    this.out.ascii("\n");
    return this.out.bytes();
  }

  private value(value: unknown, schema: JsonSchema | undefined, name: string): void {
    if (typeof value === "string") this.string(value, schema, name);
    else if (typeof value === "number") this.number(value, schema, name);
    else if (value === null || typeof value === "boolean") this.out.ascii(String(value));
    else if (Array.isArray(value)) this.list(value, schema, name);
    else if (typeof value === "object") this.object(value as Members, schema);
    else this.refuse(`a ${typeof value}`);
  }

  private refuse(what: string): never {
    throw new TypeError(`${pointerOf(this.path) || "The document"} is ${what}, which JSON cannot hold.`);
  }

  /** Paths keep the spelling of their file system; what the schema does not know stays untouched. */
  private string(value: string, schema: JsonSchema | undefined, name: string): void {
    this.quoted(schema === undefined || name === "path" || plainAscii.test(value) ? value : value.normalize("NFC"));
  }

  private quoted(text: string): void {
    if (plainAscii.test(text)) {
      this.out.ascii('"');
      this.out.ascii(text);
      this.out.ascii('"');
    } else this.out.any(JSON.stringify(text));
  }

  private number(value: number, schema: JsonSchema | undefined, name: string): void {
    if (!Number.isFinite(value)) this.refuse(String(value));
    const isDecibel = schema !== undefined && (name === POINT_VALUE || decibelName.test(name));
    this.out.ascii(plainDecimal(isDecibel ? Math.round(value * STEPS_PER_DB) / STEPS_PER_DB : value));
  }

  private list(value: readonly unknown[], schema: JsonSchema | undefined, name: string): void {
    const isTuple = Array.isArray(schema?.items);
    const itemName = isTuple ? POINT_VALUE : name;
    const isShort = isTuple || value.every((item) => typeof item === "number");
    const items = inCanonicalOrder(value, schema);
    this.out.ascii("[");
    for (let index = 0; index < items.length; index += 1) {
      if (!isShort) this.startLine(index === 0);
      else if (index > 0) this.out.ascii(", ");
      this.member(items[index], schema, String(index), itemName);
    }
    this.close("]", isShort || items.length === 0);
  }

  private object(value: Members, schema: JsonSchema | undefined): void {
    let isEmpty = true;
    this.out.ascii("{");
    for (const key of orderedKeys(value, schema)) {
      if (this.isLeftOut(key)) continue;
      this.startLine(isEmpty);
      isEmpty = false;
      this.quoted(key);
      this.out.ascii(": ");
      this.member(value[key], schema, key, key);
    }
    this.close("}", isEmpty);
  }

  private member(value: unknown, schema: JsonSchema | undefined, key: string, name: string): void {
    if (this.path.length === MAX_DEPTH) this.refuse(`nested more than ${MAX_DEPTH} levels deep`);
    this.path.push(key);
    // Of a plain value only whether the schema knows it counts, and points are known.
    this.value(value, name === POINT_VALUE ? schema : memberSchema(schema, key, value), name);
    this.path.pop();
  }

  private startLine(isFirst: boolean): void {
    this.out.ascii((isFirst ? indents : nextLines)[this.path.length + 1]!);
  }

  private close(bracket: string, isOnOneLine: boolean): void {
    if (!isOnOneLine) this.out.ascii(indents[this.path.length]!);
    this.out.ascii(bracket);
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
export const canonicalText = (document: MixDocument | Members): string =>
  new TextDecoder().decode(new CanonicalWriter(false).bytes(document));

/** "sha256:" and the digest of the canonical text without `analysis` and `host.*.view`: equal for equal sound. */
export const documentHash = (document: MixDocument): string => sha256(new CanonicalWriter(true).bytes(document));
