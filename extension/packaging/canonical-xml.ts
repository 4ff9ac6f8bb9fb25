import { ProblemError } from "../../schema/problem.ts";
import { readXmlBytes, type XmlAttributes, XmlReader } from "../interchange/xml.ts";

/** An element with everything that a signature counts: text between elements too. */
export type XmlNode = {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly parent: XmlNode | null;
  readonly children: readonly (XmlNode | string)[];
};

/** Reads a document with its white space; comments fall away, as they do in the canonical form. */
export const readXmlNodes = (bytes: Uint8Array, file: string): XmlNode => {
  const roots: XmlNode[] = [];
  const stack: (XmlNode & { readonly children: (XmlNode | string)[] })[] = [];
  const reader = new XmlReader(file, {
    open: (name, attributes) => {
      const parent = stack.at(-1) ?? null;
      const node = { name, attributes: { ...attributes }, parent, children: [] };
      if (parent) parent.children.push(node);
      else roots.push(node);
      stack.push(node);
    },
    text: (text) => stack.at(-1)?.children.push(text),
    close: () => void stack.pop(),
  });
  readXmlBytes(reader, bytes);
  const [root] = roots;
  if (root) return root;
  throw new ProblemError({ code: "syntax", message: `${file} is empty.`, file });
};

export const elementsOf = (node: XmlNode | undefined): XmlNode[] =>
  node ? node.children.filter((child): child is XmlNode => typeof child !== "string") : [];

export const textOf = (node: XmlNode | undefined): string =>
  node ? node.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("") : "";

/** Characters as the canonical form has them in text. */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#xD;");

/** Characters as the canonical form has them in an attribute. */
export const escapeAttribute = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#x9;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\r", "&#xD;");

const prefixOf = (attribute: string): string | null =>
  attribute === "xmlns" ? "" : attribute.startsWith("xmlns:") ? attribute.slice(6) : null;

type Namespaces = ReadonlyMap<string, string>;

/** Prefixes that hold inside an element, "" for the default; one that is taken back ("") is as if it never was. */
const namespacesAt = (node: XmlNode): Namespaces => {
  const all = new Map(node.parent ? namespacesAt(node.parent) : []);
  for (const [name, value] of Object.entries(node.attributes)) {
    const prefix = prefixOf(name);
    if (prefix === null) continue;
    if (value === "") all.delete(prefix);
    else all.set(prefix, value);
  }
  return all;
};

const byCodePoint = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

/** Attributes without a namespace stand first, the others in order of namespace and local name. */
const orderOf = (name: string, namespaces: Namespaces): string => {
  const [prefix, local] = name.includes(":") ? (name.split(":", 2) as [string, string]) : ["", name];
  return `${prefix === "" ? "" : (namespaces.get(prefix) ?? prefix)}\u0000${local}`;
};

const written = (node: XmlNode, rendered: Namespaces): string => {
  const inScope = namespacesAt(node);
  const fresh = [...inScope].filter(([prefix, uri]) => rendered.get(prefix) !== uri);
  const takenBack = rendered.has("") && !inScope.has("") ? [["", ""] as const] : [];
  const declarations = [...takenBack, ...fresh]
    .sort(([left], [right]) => byCodePoint(left, right))
    .map(([prefix, uri]) => ` xmlns${prefix === "" ? "" : `:${prefix}`}="${escapeAttribute(uri)}"`);
  const attributes = Object.keys(node.attributes)
    .filter((name) => prefixOf(name) === null)
    .sort((left, right) => byCodePoint(orderOf(left, inScope), orderOf(right, inScope)))
    .map((name) => ` ${name}="${escapeAttribute(node.attributes[name] ?? "")}"`);
  const inside = node.children.map((child) =>
    typeof child === "string" ? escapeText(child) : written(child, inScope),
  );
  return `<${node.name}${declarations.join("")}${attributes.join("")}>${inside.join("")}</${node.name}>`;
};

/** An element in Canonical XML 1.0 without comments (W3C REC-xml-c14n-20010315), with the namespaces that it inherits. */
export const canonicalXml = (node: XmlNode): string => written(node, new Map());
