/** What a process tree cost. */
export type ProcessCost = {
  /** User and system. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMiB: number;
};

export type MeasureOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Receives stderr. */
  readonly log?: string;
  /** Exit codes that are no failure; default 0. */
  readonly accept?: readonly number[];
};

export const measureProcess: (
  command: string,
  args: readonly string[],
  options?: MeasureOptions,
) => Promise<ProcessCost>;
export const median: (values: readonly number[]) => number;
