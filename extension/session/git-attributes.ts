/** What git has to know about the files of a mix. */
export const gitAttributeLines: readonly string[] = [
  "*.mix.json text eol=lf merge=premix diff=premix",
  "*.mixb binary merge=premix diff=premix",
  "*.prproj diff=premix",
  "*.mixa binary",
];

const spaced = (line: string) => line.trim().replace(/\s+/g, " ");

/** The lines that a .gitattributes lacks. */
export const missingAttributes = (text: string): readonly string[] => {
  const present = new Set(text.split(/\r?\n/).map(spaced));
  return gitAttributeLines.filter((line) => !present.has(line));
};

/** The same text with the missing lines behind it, where they win over earlier ones; its line ends stay. */
export const withAttributes = (text: string): string => {
  const missing = missingAttributes(text);
  if (missing.length === 0) return text;
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : lineEnd;
  return `${text}${gap}${missing.map((line) => `${line}${lineEnd}`).join("")}`;
};
