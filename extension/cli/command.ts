import type { Progress } from "../../engine/engine.ts";
import type { ExitCode } from "../../schema/problem.ts";

/** One option of a command. `list` may be repeated; `value` takes one text; `flag` none. */
export type OptionSpec = {
  readonly name: string;
  readonly kind: "value" | "list" | "flag";
  readonly short?: string;
  /** How the value is shown in help: "<dir>". */
  readonly shown?: string;
  readonly doc: string;
};

/** Where a command's words go and where it stands. Tests give their own. */
export type CliIo = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when stderr is a terminal that a progress line may rewrite. */
  readonly isTerminal: boolean;
  /** True when stdout is a terminal and colours are wanted (NO_COLOR is not set). */
  readonly hasColours?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingFolder: string;
  readonly signal: AbortSignal;
};

export type CliCall = {
  readonly io: CliIo;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly flags: ReadonlySet<string>;
  readonly onProgress: (progress: Progress) => void;
};

/** What a command has to say: one JSON object, and the same for people. Problems go to stderr, `text` to stdout. */
export type CliOutcome = {
  readonly exitCode: ExitCode;
  readonly json: object;
  readonly text: string;
  readonly warnings?: readonly string[];
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  /** Behind "premix <name>". */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly [string, string];
  /** Fewest and most words beside the options. */
  readonly positionals: readonly [number, number];
  readonly run: (call: CliCall) => Promise<CliOutcome>;
};

/** Options that every command takes. */
export const commonOptions: readonly OptionSpec[] = [
  { name: "json", kind: "flag", doc: "print exactly one JSON object on stdout" },
  { name: "progress", kind: "value", shown: "json|text", doc: "progress on stderr, one JSON object a line, or text" },
  { name: "help", kind: "flag", short: "h", doc: "show this help" },
  { name: "version", kind: "flag", doc: "show the version" },
];

/** The option that names where files go. */
export const outputOption = (shown: string, doc: string): OptionSpec => ({
  name: "output",
  kind: "value",
  short: "o",
  shown,
  doc,
});

export const mediaOption: OptionSpec = {
  name: "media",
  kind: "list",
  shown: "<dir>",
  doc: "folder in which missing media are looked for by name, with its sub-folders; may be repeated, searched in order",
};

export const insertOption: OptionSpec = {
  name: "insert",
  kind: "value",
  shown: "<id>",
  doc: "id of the insert or of the ducking rule in the document",
};

export const renderOptions: readonly OptionSpec[] = [
  { name: "threads", kind: "value", shown: "<n>", doc: "1 to the number of cores; never changes a byte" },
  {
    name: "block",
    kind: "value",
    shown: "<frames>",
    doc: "frames per engine block, 16 to 65536; never changes a byte",
  },
];
