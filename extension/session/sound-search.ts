import { editDistance } from "../../schema/did-you-mean.ts";

/** Words of a name: parts at signs, at digits and inside camelCase, folded. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/(\p{Lower})(\p{Upper})/gu, "$1 $2")
    .replace(/(\p{Letter})(\p{Number})|(\p{Number})(\p{Letter})/gu, "$1$3 $2$4")
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((word) => word !== "");

/** A slip in four letters is a slip; shorter words must be right. */
const allowedSlips = (word: string) => Math.min(2, Math.floor(word.length / 4));

const wordScore = (wanted: string, found: string): number => {
  if (found === wanted) return 4;
  if (found.startsWith(wanted)) return 3;
  if (found.includes(wanted)) return 2;
  return editDistance(wanted, found) <= allowedSlips(wanted) ? 1 : 0;
};

const best = (wanted: string, words: readonly string[]): number =>
  words.reduce((most, word) => Math.max(most, wordScore(wanted, word)), 0);

/** Words of a file's own name count twice as much as those of its folders. */
const NAME_WEIGHT = 2;

/** How well a file answers a query: 0 when one of its words is not there, else more for nearer words. An empty query takes everything. */
export const searchScore = (
  query: readonly string[],
  nameWords: readonly string[],
  folderWords: readonly string[],
): number => {
  let score = 1;
  for (const wanted of query) {
    const here = Math.max(NAME_WEIGHT * best(wanted, nameWords), best(wanted, folderWords));
    if (here === 0) return 0;
    score += here;
  }
  return score;
};
