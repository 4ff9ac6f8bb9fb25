/** The one error shape that people see. Codes are stable; texts may improve. */
export type ProblemCode =
  | "usage"
  | "syntax"
  | "schema"
  | "meaning"
  | "unsupported"
  | "too-large"
  | "too-deep"
  | "forbidden-key"
  | "missing-file"
  | "missing-media"
  | "not-audio"
  | "changed-media"
  | "changed-house"
  | "bad-signature"
  | "needs-ffmpeg"
  | "needs-git"
  | "path-refused"
  | "disk-full"
  | "read-only"
  | "locked"
  | "io"
  | "host"
  | "host-unknown"
  | "cancelled"
  | "outside-target"
  | "internal";

export type Problem = {
  readonly code: ProblemCode;
  /** A whole sentence: what is wrong, what is allowed, in which unit, what to do. */
  readonly message: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
  /** RFC 6901 JSON pointer into the document. */
  readonly pointer?: string;
  readonly allowed?: readonly string[];
  readonly didYouMean?: string;
  /** Ids of entities that do not fit together with what stands at `pointer`. */
  readonly subjects?: readonly string[];
};

/** Outcome of everything that depends on user data. */
export type Result<T> = { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] } | Failure;

/** `total` is the count of all problems when more were found than are listed. */
export type Failure = { readonly ok: false; readonly problems: readonly Problem[]; readonly total?: number };

export const ok = <T>(value: T, warnings: readonly Problem[] = []): Result<T> => ({ ok: true, value, warnings });
export const fail = (...problems: Problem[]): Failure => ({ ok: false, problems });

/** Problems that a list shows; more help nobody. */
export const LISTED_PROBLEMS = 50;

/** The first 50 problems and the count of all. */
export const failMany = (problems: readonly Problem[], total = problems.length): Failure => ({
  ok: false,
  problems: problems.slice(0, LISTED_PROBLEMS),
  total,
});

/** Carries problems through code that streams, where a Result at every step would hide the way of the data. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];
  constructor(...problems: Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
    this.name = "ProblemError";
    this.problems = problems;
  }
}

const environmentCodes: ReadonlySet<ProblemCode> = new Set([
  "missing-media",
  "needs-ffmpeg",
  "needs-git",
  "changed-media",
  "changed-house",
  "disk-full",
  "read-only",
  "locked",
  "io",
  "host",
  "host-unknown",
]);

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

/** The process exit code of a list of problems: the gravest kind wins (internal, cancelled, environment, target, input). */
export const exitCodeOf = (problems: readonly Problem[]): ExitCode => {
  const codes = problems.map(({ code }) => code);
  if (codes.length === 0) return 0;
  if (codes.includes("internal")) return 1;
  if (codes.includes("cancelled")) return 4;
  if (codes.some((code) => environmentCodes.has(code))) return 3;
  if (codes.every((code) => code === "outside-target")) return 5;
  return 2;
};
