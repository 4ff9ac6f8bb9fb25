import { ProblemError } from "../schema/problem.ts";

/** Ends work whose caller has given up. */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted)
    throw new ProblemError({ code: "cancelled", message: "Cancelled; what was there before is untouched." });
};
