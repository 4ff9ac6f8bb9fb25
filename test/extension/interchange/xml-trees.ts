import { readXmlTree, type XmlElement } from "../../../extension/interchange/xml-tree.ts";

export const readTree = (bytes: Uint8Array): XmlElement => readXmlTree(bytes, "t.xml", () => false);

const escapeText = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/["\t\n]/g, (char) => `&#${char.charCodeAt(0)};`);

/** A small tree as plain data, and its way to XML, to compare what is written with what is read. */
export const listed = Object.assign(
  (tree: XmlElement) => ({ root: tree.name, attributes: { ...tree.attributes }, inside: tree.text }),
  {
    write: (root: string, attributes: Record<string, string>, inside: string): string =>
      `<${root}${Object.entries(attributes)
        .map(([key, value]) => ` ${key}="${escapeText(value)}"`)
        .join("")}>${escapeText(inside)}</${root}>`,
  },
);
