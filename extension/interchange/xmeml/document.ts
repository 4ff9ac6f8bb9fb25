import { ProblemError } from "../../../schema/problem.ts";
import { parseCarried } from "../carried.ts";
import type { Carried } from "../timeline.ts";
import { child, children, readXmlTree, type SkipInside, textAt, type XmlElement } from "../xml-tree.ts";

/** An xmeml file with its definitions: any element may carry an id and be named again, empty, before or after. */
export type XmemlDocument = {
  readonly file: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, XmlElement>;
  readonly sequencesById: ReadonlyMap<string, XmlElement>;
  /** Sequences that stand by themselves, then those that are only nested in others, in the order of the file. */
  readonly sequences: readonly XmlElement[];
};

/** Parts that say nothing about sound. They are counted, not kept. */
const silentParts: ReadonlySet<string> = new Set([
  "appspecificdata",
  "codec",
  "colorinfo",
  "comments",
  "filmdata",
  "itemhistory",
  "labels",
  "metadata",
  "thumbnail",
]);

const skipInside: SkipInside = (name, ancestors) =>
  silentParts.has(name) || (name === "filter" && ancestors.some((ancestor) => ancestor.name === "video"));

const isFull = (element: XmlElement): boolean => element.children.length > 0;

/** Keeps the first full definition of each id; a bare mention counts only until a full one is found. */
const remember = (definitions: Map<string, XmlElement>, element: XmlElement): void => {
  const id = element.attributes["id"];
  if (id === undefined) return;
  const known = definitions.get(id);
  if (known === undefined || (!isFull(known) && isFull(element))) definitions.set(id, element);
};

/** Reads the file and indexes its definitions. */
export const openXmeml = (bytes: Uint8Array, file: string): XmemlDocument => {
  const root = readXmlTree(bytes, file, skipInside);
  if (root.name !== "xmeml")
    throw new ProblemError({
      code: "unsupported",
      message: `The root element is <${root.name}>; a Final Cut Pro 7 XML begins with <xmeml>. Export the sequence with File > Export > Final Cut Pro XML.`,
      file,
      line: root.line,
      column: root.column,
      allowed: ["xmeml"],
    });
  const files = new Map<string, XmlElement>();
  const sequencesById = new Map<string, XmlElement>();
  const own: XmlElement[] = [];
  const nested: XmlElement[] = [];
  const walk = (element: XmlElement, inClip: boolean): void => {
    if (element.name === "file") remember(files, element);
    if (element.name === "sequence") {
      remember(sequencesById, element);
      if (isFull(element)) (inClip ? nested : own).push(element);
    }
    const inside = inClip || element.name === "clipitem" || element.name === "clip";
    for (const one of element.children) walk(one, inside);
  };
  walk(root, false);
  return { file, version: root.attributes["version"] ?? "", files, sequencesById, sequences: [...own, ...nested] };
};

/** The full definition behind a mention, or the mention itself when the file never defines it. */
export const definitionOf = (mention: XmlElement, definitions: ReadonlyMap<string, XmlElement>): XmlElement =>
  isFull(mention) ? mention : (definitions.get(mention.attributes["id"] ?? "") ?? mention);

/** Text of an element as it was typed, without the line breaks around it. */
export const nameOf = (element: XmlElement | undefined): string =>
  (element === undefined ? "" : (child(element, "name")?.text ?? ""))
    .replace(/^\s*\n\s*|\s*\n\s*$/g, "")
    .normalize("NFC");

/** What an earlier export of Premix left in the log note of an element, or null. */
export const carriedBy = (element: XmlElement): Carried | null =>
  parseCarried(textAt(element, "logginginfo/lognote") ?? "");

/** TRUE and FALSE in any case; anything else gives the default. */
export const flagAt = (element: XmlElement, path: string, otherwise: boolean): boolean => {
  const text = textAt(element, path)?.toUpperCase();
  return text === "TRUE" ? true : text === "FALSE" ? false : otherwise;
};

/** Audio part of a sequence's media. */
export const audioOf = (sequence: XmlElement): XmlElement | undefined => {
  const media = child(sequence, "media");
  return media === undefined ? undefined : child(media, "audio");
};

export const tracksOf = (sequence: XmlElement): XmlElement[] => {
  const audio = audioOf(sequence);
  return audio === undefined ? [] : children(audio, "track");
};
