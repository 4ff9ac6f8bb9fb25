import { forbiddenKeyMessage, isForbiddenKey, MAX_DEPTH } from "./input-limits.ts";
import { type Problem, ProblemError } from "./problem.ts";

export type JsonDialect = {
  /** true: comments and trailing commas are allowed, as in files that people write. */
  readonly comments?: boolean;
};

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const SLASH = 47;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordPattern = /[A-Za-z_$][A-Za-z0-9_$]*/y;
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
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === SPACE || unit === LF || unit === CR || unit === TAB) this.at += 1;
      else if (unit === SLASH) this.comment();
      else return;
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
    const unit = this.text.charCodeAt(this.at);
    if (unit === QUOTE) return this.string();
    if (unit !== OPEN_OBJECT && unit !== OPEN_LIST) return this.scalar(unit);
    if (this.depth === MAX_DEPTH) this.refuse(`The file is nested more than ${MAX_DEPTH} levels deep`, "too-deep");
    this.depth += 1;
    const value = unit === OPEN_OBJECT ? this.object() : this.array();
    this.depth -= 1;
    return value;
  }

  /** True when a list or object goes on with another item. */
  private next(close: number, isFirst: boolean): boolean {
    this.space();
    if (this.text.charCodeAt(this.at) === close) {
      this.at += 1;
      return false;
    }
    if (isFirst) return true;
    const bracket = String.fromCharCode(close);
    if (this.text.charCodeAt(this.at) !== COMMA)
      this.refuse(`A comma or ${bracket} is missing: ${this.found()}`, "syntax");
    this.at += 1;
    this.space();
    if (this.text.charCodeAt(this.at) !== close) return true;
    if (!this.comments) this.refuse(`There is a comma too much before ${bracket}`, "syntax");
    this.at += 1;
    return false;
  }

  private array(): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    while (this.next(CLOSE_LIST, items.length === 0)) items.push(this.value());
    return items;
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    let isFirst = true;
    this.at += 1;
    while (this.next(CLOSE_OBJECT, isFirst)) {
      isFirst = false;
      const key = this.key(object);
      this.space();
      if (this.text.charCodeAt(this.at) !== COLON)
        this.refuse(`A colon is missing after the key: ${this.found()}`, "syntax");
      this.at += 1;
      object[key] = this.value();
    }
    return object;
  }

  private key(object: Readonly<Record<string, unknown>>): string {
    const keyAt = this.at;
    if (this.text.charCodeAt(keyAt) !== QUOTE)
      this.refuse(`A key in double quotes is missing: ${this.found()}`, "syntax");
    const key = this.string();
    if (isForbiddenKey(key)) this.refuse(forbiddenKeyMessage(key), "forbidden-key", keyAt);
    if (Object.hasOwn(object, key))
      this.refuse(`The key ${JSON.stringify(key)} stands twice in one object; each may stand once`, "syntax", keyAt);
    return key;
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    let isPlain = true;
    for (let at = start + 1; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.at = at + 1;
        return isPlain ? text.slice(start + 1, at) : this.unescaped(start, at);
      }
      if (unit === BACKSLASH) {
        isPlain = false;
        at += 1;
      } else if (unit < SPACE)
        this.refuse("Line ends and control characters must be escaped inside a text", "syntax", at);
    }
    return this.refuse('The text is not closed: " is missing', "syntax", start);
  }

  private unescaped(start: number, end: number): string {
    const raw = this.text.slice(start + 1, end);
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

  private scalar(first: number): unknown {
    const mayBeNumber = first === MINUS || (first >= ZERO && first <= NINE);
    return (mayBeNumber ? this.number() : undefined) ?? this.word();
  }

  private number(): number | undefined {
    numberPattern.lastIndex = this.at;
    if (!numberPattern.test(this.text)) return undefined;
    const end = numberPattern.lastIndex;
    const written = this.text.slice(this.at, end);
    const value = Number(written);
    if (!Number.isFinite(value)) this.refuse(`The number ${written} is too large`, "syntax");
    this.at = end;
    const next = this.text.charCodeAt(end);
    if (next === POINT || (next >= ZERO && next <= NINE))
      this.refuse("A number is written like -12.5 or 1e3", "syntax");
    return value;
  }

  private word(): unknown {
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
