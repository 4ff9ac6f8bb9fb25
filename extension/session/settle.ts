import { fail, type Problem, ProblemError, type Result } from "../../schema/problem.ts";

const cancelled: Problem = {
  code: "cancelled",
  message: "Cancelled. Files from before are as they were, and nothing half-written has a final name.",
};

const isAbort = (error: unknown) => error instanceof Error && error.name === "AbortError";

/** Runs a use case that throws ProblemErrors; a cancel becomes a problem, a defect of ours stays an exception. */
export const settle = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    if (isAbort(error)) return fail(cancelled);
    throw error;
  }
};

/** The value of a result, its warnings added to `warnings`; a failure is thrown as the ProblemError that `settle` catches. */
export const take = <T>(result: Result<T>, warnings?: Problem[]): T => {
  if (!result.ok) throw new ProblemError(...result.problems);
  warnings?.push(...result.warnings);
  return result.value;
};

/** Throws the cancel when the user asked for it. */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new ProblemError(cancelled);
};
