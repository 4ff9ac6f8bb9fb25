import type { CliIo } from "./command.ts";

export type Paint = { readonly [name in "added" | "removed" | "changed" | "title"]: (text: string) => string };

const codes = { added: 32, removed: 31, changed: 33, title: 1 } as const;

/** Colours for a terminal that shows them, plain text for all others. */
export const paintFor = ({ hasColours }: Pick<CliIo, "hasColours">): Paint => {
  const paint = (code: number) => (text: string) => (hasColours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    added: paint(codes.added),
    removed: paint(codes.removed),
    changed: paint(codes.changed),
    title: paint(codes.title),
  };
};
