import { ProblemError } from "../../schema/problem.ts";
import { readXmlBytes, type XmlAttributes, XmlReader, xmlLimits } from "./xml.ts";

/** One element with what it holds; positions are 1-based. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: XmlElement[];
  text: string;
  readonly line: number;
  readonly column: number;
};

/** Tells whether an element's inside is left out of the tree; the element itself stays, so that it can be counted. */
export type SkipInside = (name: string, ancestors: readonly XmlElement[]) => boolean;

/** Reads a whole file into a tree of the wanted parts. */
export const readXmlTree = (bytes: Uint8Array, file: string, skipInside: SkipInside): XmlElement => {
  const stack: XmlElement[] = [];
  let root: XmlElement | null = null;
  let skipping = 0;
  let kept = 0;
  const reader = new XmlReader(file, {
    open: (name, attributes, { line, column }) => {
      if (skipping > 0 && ++skipping > 0) return;
      kept += 1;
      if (kept > xmlLimits.maxElements)
        reader.refuse(
          "too-large",
          `The file has more than ${xmlLimits.maxElements} elements. Export one sequence at a time.`,
        );
      const element: XmlElement = { name, attributes, children: [], text: "", line, column };
      if (skipInside(name, stack)) skipping = 1;
      stack.at(-1)?.children.push(element);
      root ??= element;
      stack.push(element);
    },
    text: (text) => {
      const open = stack.at(-1);
      if (open !== undefined && skipping === 0) open.text += text;
    },
    close: () => {
      if (skipping > 1) skipping -= 1;
      else {
        skipping = 0;
        stack.pop();
      }
    },
  });
  readXmlBytes(reader, bytes);
  if (root === null)
    throw new ProblemError({ code: "syntax", message: "The file is empty.", file, line: 1, column: 1 });
  return root;
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
