import { exitCodeOf, type Failure, type Problem } from "../../schema/problem.ts";
import type { CliOutcome } from "./command.ts";

/** A problem as `--json` shows it: the parts that apply. */
export const problemJson = ({ code, message, file, line, column, pointer, allowed, didYouMean }: Problem) => ({
  code,
  message,
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
  ...(column === undefined ? {} : { column }),
  ...(pointer === undefined ? {} : { pointer }),
  ...(allowed === undefined ? {} : { allowed }),
  ...(didYouMean === undefined ? {} : { didYouMean }),
});

/** What a command says when it did not work: `{"ok":false,"exitCode":...,"errors":[...]}`. */
export const failure = ({ problems, total }: Pick<Failure, "problems" | "total">): Omit<CliOutcome, "text"> => {
  const exitCode = exitCodeOf(problems);
  const more = total !== undefined && total > problems.length ? { total } : {};
  return { exitCode, json: { ok: false, exitCode, errors: problems.map(problemJson), ...more } };
};
