import { ProblemError } from "../../schema/problem.ts";
import { StringPool } from "./string-pool.ts";
import { readXmlBytes, type XmlAttributes, type XmlHandler, type XmlPosition, XmlReader, xmlLimits } from "./xml.ts";

/** One element with what it holds; positions are 1-based. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlElement[];
  /** Text of an element that holds no other. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
};

/** Tells whether an element's inside is left out of the tree; the element itself stays, so that it can be counted. */
export type SkipInside = (name: string, ancestors: readonly XmlElement[]) => boolean;

type Growing = { -readonly [Key in keyof XmlElement]: XmlElement[Key] } & { children: XmlElement[] };

const noChildren: XmlElement[] = [];
const noAttributes: XmlAttributes = Object.freeze(Object.create(null));

const isEmpty = (attributes: XmlAttributes): boolean => {
  for (const _ in attributes) return false;
  return true;
};

/** Builds the tree; a million small elements must not keep the text of the file, nor an array each, alive. */
class TreeBuilder implements XmlHandler {
  root: XmlElement | null = null;
  /** Set by the owner: refuses a file that is too large. */
  refuseTooMany: () => void = () => undefined;

  private readonly pool = new StringPool();
  private readonly stack: Growing[] = [];
  private readonly skipInside: SkipInside;
  private skipping = 0;
  private kept = 0;
  private gathered = "";

  constructor(skipInside: SkipInside) {
    this.skipInside = skipInside;
  }

  open(name: string, attributes: XmlAttributes, { line, column }: XmlPosition): void {
    if (this.skipping > 0) {
      this.skipping += 1;
      return;
    }
    this.kept += 1;
    if (this.kept > xmlLimits.maxElements) this.refuseTooMany();
    const own = isEmpty(attributes) ? noAttributes : attributes;
    const element: Growing = {
      name: this.pool.keep(name),
      attributes: own,
      children: noChildren,
      text: "",
      line,
      column,
    };
    if (this.skipInside(name, this.stack)) this.skipping = 1;
    const parent = this.stack.at(-1);
    if (parent?.children === noChildren) parent.children = [element];
    else parent?.children.push(element);
    this.root ??= element;
    this.stack.push(element);
    this.gathered = "";
  }

  text(text: string): void {
    if (this.skipping === 0) this.gathered += text;
  }

  close(): void {
    if (this.skipping > 1) {
      this.skipping -= 1;
      return;
    }
    this.skipping = 0;
    const element = this.stack.pop();
    if (element?.children === noChildren && this.gathered !== "") element.text = this.pool.keep(this.gathered);
    this.gathered = "";
  }
}

/** Reads a whole file into a tree of the wanted parts. */
export const readXmlTree = (bytes: Uint8Array, file: string, skipInside: SkipInside): XmlElement => {
  const builder = new TreeBuilder(skipInside);
  const reader = new XmlReader(file, builder);
  builder.refuseTooMany = () =>
    reader.refuse(
      "too-large",
      `The file has more than ${xmlLimits.maxElements} elements. Export one sequence at a time.`,
    );
  readXmlBytes(reader, bytes);
  if (builder.root !== null) return builder.root;
  throw new ProblemError({ code: "syntax", message: "The file is empty.", file, line: 1, column: 1 });
};

export const child = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((one) => one.name === name);

export const children = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((one) => one.name === name);

/** Follows a path of names, `media/audio/format`, through first children. */
export const find = (element: XmlElement | undefined, path: string): XmlElement | undefined =>
  path
    .split("/")
    .reduce<XmlElement | undefined>((at, name) => (at === undefined ? undefined : child(at, name)), element);

/** Trimmed text at a path, or null when nothing stands there. */
export const textAt = (element: XmlElement | undefined, path: string): string | null => {
  const text = find(element, path)?.text.trim();
  return text === undefined || text === "" ? null : text;
};

/** Finite number at a path, or null. */
export const numberAt = (element: XmlElement | undefined, path: string): number | null => {
  const text = textAt(element, path);
  if (text === null) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
};

/** Whole number at a path, or null. */
export const integerAt = (element: XmlElement | undefined, path: string): number | null => {
  const number = numberAt(element, path);
  return number !== null && Number.isSafeInteger(number) ? number : null;
};
