import { ProblemError } from "../schema/problem.ts";

/** Ends work whose caller has given up. */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted)
    throw new ProblemError({ code: "cancelled", message: "Cancelled; what was there before is untouched." });
};

/** Milliseconds of work between two turns of the event loop: within them a signal to stop is heard. */
const WORK_MS = 40;

/**
 * A breath between two pieces of work: throws when the caller has given up, and now and then lets go of the thread, without
 * which no signal would ever arrive where disk and decoders are synchronous.
 */
export const createBreath = (signal: AbortSignal | undefined): (() => Promise<void> | undefined) => {
  let since = performance.now();
  return () => {
    throwIfCancelled(signal);
    if (performance.now() - since < WORK_MS) return undefined;
    return new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
      since = performance.now();
      throwIfCancelled(signal);
    });
  };
};
