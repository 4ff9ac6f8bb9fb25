import { forbiddenKeyMessage, isForbiddenKey, MAX_DEPTH } from "./input-limits.ts";
import { type Problem, ProblemError } from "./problem.ts";

export type JsonDialect = {
  /** true: comments and trailing commas are allowed, as in files that people write. */
  readonly comments?: boolean;
};

const LF = 10;
const CR = 13;

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordPattern = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const spacePattern = /[ \t\r\n]*/y;
const words: ReadonlyMap<string, unknown> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
] as [string, unknown][]);

/** 1-based line and column (UTF-16 code units) of an offset; CR LF is one line end. */
const positionAt = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < offset; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== LF && !(unit === CR && text.charCodeAt(at + 1) !== LF)) continue;
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
};

/**
 * RFC 8259 parser that also refuses what JSON.parse lets pass: repeated keys, keys that reach a prototype, more than 64 levels.
 * Recursion is bounded by that depth. Throws a ProblemError with line and column.
 */
export class JsonParser {
  private readonly text: string;
  private readonly comments: boolean;
  private at = 0;
  private depth = 0;

  constructor(text: string, dialect: JsonDialect = {}) {
    this.text = text;
    this.comments = dialect.comments ?? false;
  }

  parse(): unknown {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.refuse("Nothing may follow the value", "syntax");
    return value;
  }

  private refuse(message: string, code: Problem["code"], at = this.at): never {
    throw new ProblemError({
      code,
      message: `${message}.`.replace("..", "."),
      ...positionAt(this.text, at),
    });
  }

  private found(): string {
    if (this.at >= this.text.length) return "the text ends here";
    return `found ${JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at)!))}`;
  }

  private space(): void {
    spacePattern.lastIndex = this.at;
    spacePattern.test(this.text);
    this.at = spacePattern.lastIndex;
    while (this.text[this.at] === "/") {
      this.comment();
      spacePattern.lastIndex = this.at;
      spacePattern.test(this.text);
      this.at = spacePattern.lastIndex;
    }
  }

  private comment(): void {
    const kind = this.text[this.at + 1];
    if (kind !== "/" && kind !== "*")
      this.refuse(`A value, a comma or a bracket is missing: ${this.found()}`, "syntax");
    if (!this.comments) {
      this.refuse(
        'Comments are not allowed in this file: the program rewrites it and would lose them; use "note"',
        "syntax",
      );
    }
    const end = kind === "/" ? this.text.indexOf("\n", this.at) : this.text.indexOf("*/", this.at + 2);
    if (end < 0 && kind === "*") this.refuse("The comment is not closed: */ is missing", "syntax");
    this.at = end < 0 ? this.text.length : end + (kind === "/" ? 1 : 2);
  }

  private value(): unknown {
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.array());
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private nested<T>(read: () => T): T {
    if (this.depth === MAX_DEPTH) this.refuse(`The file is nested more than ${MAX_DEPTH} levels deep`, "too-deep");
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  /** True when a list or object goes on with another item. */
  private next(close: string, isFirst: boolean): boolean {
    this.space();
    if (this.text[this.at] === close) {
      this.at += 1;
      return false;
    }
    if (isFirst) return true;
    if (this.text[this.at] !== ",") this.refuse(`A comma or ${close} is missing: ${this.found()}`, "syntax");
    this.at += 1;
    this.space();
    if (this.text[this.at] !== close) return true;
    if (!this.comments) this.refuse(`There is a comma too much before ${close}`, "syntax");
    this.at += 1;
    return false;
  }

  private array(): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    while (this.next("]", items.length === 0)) items.push(this.value());
    return items;
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    let isFirst = true;
    this.at += 1;
    while (this.next("}", isFirst)) {
      isFirst = false;
      const keyAt = this.at;
      if (this.text[this.at] !== '"') this.refuse(`A key in double quotes is missing: ${this.found()}`, "syntax");
      const key = this.string();
      if (isForbiddenKey(key)) this.refuse(forbiddenKeyMessage(key), "forbidden-key", keyAt);
      if (Object.hasOwn(object, key))
        this.refuse(`The key ${JSON.stringify(key)} stands twice in one object; each may stand once`, "syntax", keyAt);
      this.space();
      if (this.text[this.at] !== ":") this.refuse(`A colon is missing after the key: ${this.found()}`, "syntax");
      this.at += 1;
      object[key] = this.value();
    }
    return object;
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    for (let at = start + 1; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        this.at = at + 1;
        return this.unescaped(start, at);
      }
      if (unit === 0x5c) at += 1;
      else if (unit < 0x20) this.refuse("Line ends and control characters must be escaped inside a text", "syntax", at);
    }
    return this.refuse('The text is not closed: " is missing', "syntax", start);
  }

  private unescaped(start: number, end: number): string {
    const raw = this.text.slice(start + 1, end);
    if (!raw.includes("\\")) return raw;
    const wrong = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(raw.replace(/\\\\/g, "  "));
    if (wrong) {
      this.refuse(
        'After \\ only " \\ / b f n r t and u with four hexadecimal digits may stand',
        "syntax",
        start + 1 + wrong.index,
      );
    }
    return JSON.parse(`"${raw}"`) as string;
  }

  private scalar(): unknown {
    numberPattern.lastIndex = this.at;
    const number = numberPattern.exec(this.text)?.[0];
    if (number !== undefined) {
      const value = Number(number);
      if (!Number.isFinite(value)) this.refuse(`The number ${number} is too large`, "syntax");
      this.at += number.length;
      if (/[0-9.]/.test(this.text[this.at] ?? "")) this.refuse("A number is written like -12.5 or 1e3", "syntax");
      return value;
    }
    wordPattern.lastIndex = this.at;
    const word = wordPattern.exec(this.text)?.[0];
    if (word === undefined || !words.has(word)) {
      this.refuse(
        `A value is missing: ${word === undefined ? this.found() : `found ${word}`}; a value is a text, number, list, object, true, false or null`,
        "syntax",
      );
    }
    this.at += word!.length;
    return words.get(word!);
  }
}
