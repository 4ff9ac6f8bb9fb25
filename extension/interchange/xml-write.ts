/** An element to be written: text, or other elements. */
export type XmlPart = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlPart[];
};

/** An element; attributes stand in the order given. */
export const element = (
  name: string,
  content: XmlPart["content"],
  attributes: XmlPart["attributes"] = {},
): XmlPart => ({ name, attributes, content });

/** Elements of plain values, in the order of the keys: numbers as they are, flags as TRUE and FALSE. */
export const leaves = (values: Readonly<Record<string, string | number | bigint | boolean>>): XmlPart[] =>
  Object.entries(values).map(([name, value]) =>
    element(name, typeof value === "boolean" ? String(value).toUpperCase() : String(value)),
  );

/** Characters that XML 1.0 cannot hold, escaped or not, among them half surrogate pairs. */
const impossible = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The text as XML can hold it: what it cannot becomes U+FFFD. */
export const possibleText = (text: string): string => text.replace(impossible, "\uFFFD");

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string, signs: RegExp): string =>
  possibleText(text).replace(signs, (sign) => named[sign] ?? `&#${sign.charCodeAt(0)};`);

/** A parser turns CR into LF unless it is a number. */
const escapeText = (text: string): string => escaped(text, /[&<>\r]/g);
/** A parser turns every kind of white space in an attribute into a space unless it is a number. */
const escapeAttribute = (text: string): string => escaped(text, /[&<>"\t\n\r]/g);

const write = ({ name, attributes, content }: XmlPart, indent: string, into: string[]): void => {
  const opening = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join("")}`;
  if (content.length === 0) into.push(`${opening}/>\n`);
  else if (typeof content === "string") into.push(`${opening}>${escapeText(content)}</${name}>\n`);
  else {
    into.push(`${opening}>\n`);
    for (const part of content) write(part, `${indent}\t`, into);
    into.push(`${indent}</${name}>\n`);
  }
};

/** The UTF-8 bytes of a document with a bare DOCTYPE: tabs, LF, the same bytes for the same tree. */
export const writeXml = (root: XmlPart): Uint8Array => {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>\n', `<!DOCTYPE ${root.name}>\n`];
  write(root, "", lines);
  return new TextEncoder().encode(lines.join(""));
};
