import type { Result } from "../../schema/problem.ts";
import type { Timeline } from "./timeline.ts";
import { writeXmeml, type XmemlWriteOptions } from "./xmeml/write.ts";

/** What a writer of a foreign format takes beside the timeline. */
export type WriteOptions = XmemlWriteOptions;

/** One writer a format, by the name that `premix export --to` takes. */
const writers = { xmeml: writeXmeml } as const;

export type WritableFormat = keyof typeof writers;

/** What can be written, by name. */
export const writableFormats = Object.keys(writers) as readonly WritableFormat[];

/** The format of a name, or undefined. */
export const findWritableFormat = (name: string): WritableFormat | undefined =>
  writableFormats.find((format) => format === name);

/** Writes the sound of one sequence as a project file of another program. */
export const writeTimeline = (format: WritableFormat, timeline: Timeline, options: WriteOptions): Result<Uint8Array> =>
  writers[format](timeline, options);
