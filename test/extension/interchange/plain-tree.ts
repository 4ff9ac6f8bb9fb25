/** An element read with one regular expression: slow, forgiving, and independent of the reader that it checks. */
export type PlainElement = {
  readonly name: string;
  readonly attributes: string;
  readonly children: PlainElement[];
  text: string;
};

export const plainTree = (xml: string): PlainElement => {
  const root: PlainElement = { name: "", attributes: "", children: [], text: "" };
  const stack = [root];
  const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<![^>]*>|<(\/?)([\w.:-]+)((?:\s[^>]*?)?)(\/?)>|([^<]+)/g;
  for (const [, closing, name, attributes, empty, text] of xml.matchAll(token)) {
    const open = stack.at(-1) ?? root;
    if (text !== undefined) open.text += text;
    else if (closing === "/") stack.pop();
    else if (name !== undefined) {
      const element = { name, attributes: attributes ?? "", children: [], text: "" };
      open.children.push(element);
      if (empty !== "/") stack.push(element);
    }
  }
  return root;
};

export const inside = (element: PlainElement | undefined, path: string): PlainElement | undefined =>
  path
    .split("/")
    .reduce<PlainElement | undefined>((at, name) => at?.children.find((one) => one.name === name), element);

export const all = (element: PlainElement | undefined, name: string): PlainElement[] =>
  element === undefined
    ? []
    : element.children.flatMap((one) => [...(one.name === name ? [one] : []), ...all(one, name)]);

export const value = (element: PlainElement | undefined, path: string): string | undefined =>
  inside(element, path)?.text.trim();

export const attribute = (element: PlainElement, name: string): string | undefined =>
  new RegExp(`\\s${name.replaceAll(".", "\\.")}="([^"]*)"`).exec(element.attributes)?.[1];
