import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import type { Timeline } from "./timeline.ts";

/** A sequence that a project file holds. */
export type SequenceListing = {
  readonly id: string;
  readonly name: string;
  /** Clips on its audio tracks, as the file counts them (exploded stereo counts twice). */
  readonly audioItems: number;
};

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
};

const nearest = (wanted: string, names: readonly string[]): string | undefined =>
  names
    .map((name) => ({ name, far: distance(wanted.slice(0, 100).toLowerCase(), name.slice(0, 100).toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, name.length / 3))
    .sort((a, b) => a.far - b.far)[0]?.name;

/** Index of the wanted sequence (by id, else by name), or of the first with sound when none is named. */
export const chooseSequence = (
  listings: readonly SequenceListing[],
  wanted: string | undefined,
  file: string,
): { readonly index: number } | { readonly problem: Problem } => {
  if (listings.length === 0)
    return {
      problem: {
        code: "meaning",
        message: "The file holds no sequence, so there is nothing to mix. Export or save it with a sequence.",
        file,
      },
    };
  if (wanted === undefined)
    return {
      index: Math.max(
        0,
        listings.findIndex(({ audioItems }) => audioItems > 0),
      ),
    };
  const byId = listings.findIndex(({ id }) => id === wanted);
  const index = byId >= 0 ? byId : listings.findIndex(({ name }) => name === wanted.normalize("NFC"));
  if (index >= 0) return { index };
  const names = listings.map(({ name }) => name);
  const similar = nearest(wanted, names);
  return {
    problem: {
      code: "meaning",
      message: `There is no sequence "${wanted}" in the file. It holds: ${names.slice(0, 20).join(", ")}. Name one of these, or its id.`,
      file,
      allowed: names,
      ...(similar === undefined ? {} : { didYouMean: similar }),
    },
  };
};

/** Told when several sequences were there and nobody said which. */
export const severalSequences = (
  listings: readonly SequenceListing[],
  chosen: SequenceListing,
  file: string,
): Problem[] =>
  listings.length < 2
    ? []
    : [
        {
          code: "meaning",
          message: `The file holds ${listings.length} sequences; "${chosen.name}" was read. The others: ${listings
            .filter((one) => one !== chosen)
            .slice(0, 20)
            .map(({ name }) => name)
            .join(", ")}. Name the sequence to read another one.`,
          file,
        },
      ];

/** Reads sequence by sequence; one that makes no sense becomes a warning as long as another can be read. */
export const readEach = <Sequence>(
  sequences: readonly Sequence[],
  file: string,
  read: (sequence: Sequence, warnings: Problem[]) => Timeline,
): Result<readonly Timeline[]> => {
  const none = chooseSequence(
    sequences.map(() => ({ id: "", name: "", audioItems: 0 })),
    undefined,
    file,
  );
  if ("problem" in none) throw new ProblemError(none.problem);
  const warnings: Problem[] = [];
  const timelines: Timeline[] = [];
  for (const sequence of sequences)
    try {
      timelines.push(read(sequence, warnings));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      warnings.push(...error.problems);
    }
  if (timelines.length === 0) throw new ProblemError(...warnings);
  return ok(timelines, warnings);
};
