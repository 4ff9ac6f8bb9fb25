import { pointerSegments } from "../pointer.ts";
import { fail, ok, type Problem, type Result } from "../problem.ts";
import { shown } from "../shown.ts";

/** The three versions of a merge. */
export type Side = "base" | "ours" | "theirs";
export type Three<T> = Readonly<Record<Side, T>>;

/** What happens where both sides changed one thing; fail: ours is kept and the merge does not count as done. */
export type PolicyChoice = Side | "fail";

type PolicyRule = { readonly pattern: readonly string[]; readonly choice: PolicyChoice };

/** A choice for all, and further ones for parts of the document; the last that fits wins. */
export type Policy = readonly PolicyRule[];

const choices: readonly string[] = ["ours", "theirs", "base", "fail"];

/** Nothing is decided for anybody. */
export const failPolicy: Policy = [];

const malformed = (word: string): Problem => ({
  code: "usage",
  message: `${shown(word)} is no policy. Allowed are ours, theirs, base and fail, for all or for a part: /buses/*/volumeDb=theirs (* is any one id).`,
  allowed: choices,
});

const ruleOf = (word: string): PolicyRule | null => {
  const equals = word.lastIndexOf("=");
  const [path, choice] = equals < 0 ? ["", word] : [word.slice(0, equals), word.slice(equals + 1)];
  if (!choices.includes(choice) || (path !== "" && !path.startsWith("/")) || equals === 0) return null;
  return { pattern: pointerSegments(path), choice: choice as PolicyChoice };
};

/** The policy of words: "theirs", or a path of ids and its choice ("/buses/bus_mx=theirs"), in which * stands for any one key. */
export const parsePolicy = (words: readonly string[]): Result<Policy> => {
  const rules: PolicyRule[] = [];
  for (const word of words) {
    const rule = ruleOf(word);
    if (rule === null) return fail(malformed(word));
    rules.push(rule);
  }
  return ok(rules);
};

/** What a policy says about a path of ids; it speaks for everything below its pattern. */
export const choiceAt = (policy: Policy, path: string): PolicyChoice => {
  const segments = pointerSegments(path);
  const fits = ({ pattern }: PolicyRule) =>
    pattern.every((part, index) => (part === "*" ? index < segments.length : part === segments[index]));
  return [...policy].reverse().find(fits)?.choice ?? "fail";
};
