import { createGunzip } from "node:zlib";
import { ProblemError } from "../../../schema/problem.ts";

/** What a gzipped project may grow to. Real projects reach a ratio of 22. */
export const inflateLimits = { maxBytes: 256 * 1024 * 1024, maxRatio: 200, ratioFromBytes: 1024 * 1024 } as const;

const pieceBytes = 64 * 1024;

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const tooLarge = (file: string, message: string): ProblemError =>
  new ProblemError({ code: "too-large", message, file });

const checkSize = (inflated: number, packed: number, file: string): void => {
  if (inflated > inflateLimits.ratioFromBytes && inflated > packed * inflateLimits.maxRatio)
    throw tooLarge(
      file,
      `The gzip data unpacks to more than ${inflateLimits.maxRatio} times its size. Real projects stay below 30 times: the file is damaged or hostile.`,
    );
  if (inflated > inflateLimits.maxBytes)
    throw tooLarge(
      file,
      `The project unpacks to more than ${inflateLimits.maxBytes / 1_048_576} MB. Copy the sequence into a project of its own and read that.`,
    );
};

const damaged = (error: unknown, file: string): ProblemError =>
  new ProblemError({
    code: "syntax",
    message: `The gzip data is damaged (${error instanceof Error ? error.message : String(error)}). Save the project again.`,
    file,
  });

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_");

/** Unpacks piece by piece, as fast as they are taken, and stops at once when it grows too far. */
export const inflate = async (bytes: Uint8Array, file: string, take: (piece: Uint8Array) => void): Promise<void> => {
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  gunzip.end(bytes);
  let inflated = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      inflated += piece.length;
      checkSize(inflated, bytes.length, file);
      take(piece);
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(error, file) : error;
  } finally {
    gunzip.destroy();
  }
};
