import { forbiddenKeyMessage, isForbiddenKey, MAX_BYTES, MAX_DEPTH } from "./input-limits.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "./problem.ts";

const MAX_TEXT_BYTES = 1024 * 1024;

/** A list or map that is being scanned. `left` counts its values, and in maps also its keys. */
type Open = { readonly keys: Set<string> | null; left: number };

/** Reads the headers of a MessagePack file one after another, without building anything. */
class Scanner {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private readonly open: Open[] = [];
  private at = 0;
  private declaredItems = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  scan(): void {
    do {
      this.item();
      this.closeFull();
    } while (this.open.length > 0);
    if (this.at < this.bytes.length) this.refuse("Nothing may follow the value", "syntax");
  }

  private refuse(message: string, code: Problem["code"] = "syntax"): never {
    throw new ProblemError({ code, message: `${message} (at byte ${this.at}).` });
  }

  private item(): void {
    const parent = this.open.at(-1);
    if (parent !== undefined) parent.left -= 1;
    const isKey = parent?.keys != null && parent.left % 2 === 1;
    this.need(1);
    const head = this.bytes[this.at]!;
    if (isKey) this.key(parent!.keys!, head);
    else this.value(head);
  }

  private closeFull(): void {
    for (let last = this.open.at(-1); last !== undefined && last.left === 0; last = this.open.at(-1)) {
      this.open.pop();
    }
  }

  private need(bytes: number): void {
    if (bytes > this.bytes.length - this.at) this.refuse("The file ends too early or declares more than it holds");
  }

  private value(head: number): void {
    if (head <= 0x7f || head >= 0xe0) this.at += 1;
    else if (head <= 0x8f) this.container(head & 0x0f, 1, true);
    else if (head <= 0x9f) this.container(head & 0x0f, 1, false);
    else if (head <= 0xbf || (head >= 0xd9 && head <= 0xdb)) this.text(head);
    else if (head === 0xc0 || head === 0xc2 || head === 0xc3) this.at += 1;
    else if (head >= 0xca && head <= 0xd3) this.number(head);
    else if (head >= 0xdc && head <= 0xdf) this.container(this.length(head, 0xdc, 2), head & 1 ? 5 : 3, head >= 0xde);
    else this.refuse("Binary data, extension types and unused codes are not allowed");
  }

  /** The length behind a header whose size grows with the code: `first` carries `bytes`. */
  private length(head: number, first: number, bytes: 1 | 2): number {
    const size = bytes * 2 ** ((head - first) & (bytes === 1 ? 3 : 1));
    this.need(1 + size);
    if (size === 1) return this.view.getUint8(this.at + 1);
    return size === 2 ? this.view.getUint16(this.at + 1) : this.view.getUint32(this.at + 1);
  }

  private container(count: number, headBytes: number, isMap: boolean): void {
    const items = isMap ? count * 2 : count;
    if (this.open.length === MAX_DEPTH)
      this.refuse(`The file is nested more than ${MAX_DEPTH} levels deep`, "too-deep");
    this.at += headBytes;
    this.need(items);
    this.declaredItems += items;
    if (this.declaredItems > this.bytes.length)
      this.refuse("Lists and maps declare more items than the file has bytes");
    this.open.push({ keys: isMap ? new Set() : null, left: items });
  }

  private text(head: number): string {
    const isShort = head <= 0xbf;
    const bytes = isShort ? head & 0x1f : this.length(head, 0xd9, 1);
    const headBytes = isShort ? 1 : 1 + 2 ** (head - 0xd9);
    if (bytes > MAX_TEXT_BYTES) this.refuse("A text is longer than 1 MB", "too-large");
    this.need(headBytes + bytes);
    const start = this.at + headBytes;
    try {
      const text = this.utf8.decode(this.bytes.subarray(start, start + bytes));
      this.at = start + bytes;
      return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.refuse("A text is not valid UTF-8");
    }
  }

  private key(keys: Set<string>, head: number): void {
    const isText = (head >= 0xa0 && head <= 0xbf) || (head >= 0xd9 && head <= 0xdb);
    if (!isText) this.refuse("The keys of a map must be texts");
    const key = this.text(head);
    if (isForbiddenKey(key)) this.refuse(forbiddenKeyMessage(key).slice(0, -1), "forbidden-key");
    if (keys.has(key)) this.refuse(`The key ${JSON.stringify(key)} stands twice in one map`);
    keys.add(key);
  }

  private number(head: number): void {
    const sizes = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];
    const size = sizes[head - 0xca]!;
    this.need(1 + size);
    const value = this.numberAt(head);
    if (!Number.isFinite(value)) this.refuse("A number is not finite");
    if (size === 8 && head !== 0xcb && !Number.isSafeInteger(value)) {
      this.refuse("A whole number is larger than 9007199254740991; write it as a text");
    }
    this.at += 1 + size;
  }

  /** Exact as far as the checks need it: floats, and 64-bit integers rounded to a double. */
  private numberAt(head: number): number {
    if (head === 0xca) return this.view.getFloat32(this.at + 1);
    if (head === 0xcb) return this.view.getFloat64(this.at + 1);
    if (head === 0xcf) return Number(this.view.getBigUint64(this.at + 1));
    if (head === 0xd3) return Number(this.view.getBigInt64(this.at + 1));
    return 0;
  }
}

/**
 * Looks through the headers of a MessagePack file before a decoder sees it: at most 64 MB, 64 levels and 1 MB a text, no more items
 * declared than bytes are there, text keys without repeats, valid UTF-8, no binary or extension types, only numbers that JSON holds.
 */
export const guardMessagePack = (bytes: Uint8Array): Result<Uint8Array> => {
  if (bytes.length > MAX_BYTES) {
    return fail({
      code: "too-large",
      message: `The file holds ${bytes.length} bytes; at most ${MAX_BYTES} bytes (64 MB) are read.`,
    });
  }
  try {
    new Scanner(bytes).scan();
    return ok(bytes);
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};
