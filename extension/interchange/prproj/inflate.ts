import { ProblemError } from "../../../schema/problem.ts";

/** What a gzipped project may grow to. Real projects reach a ratio of 22. */
export const inflateLimits = { maxBytes: 256 * 1024 * 1024, maxRatio: 200, ratioFromBytes: 1024 * 1024 } as const;

/** Packed bytes given at a time: what one piece can grow to stays in hand. */
const pieceBytes = 16 * 1024;

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

/** Gives the packed bytes piece by piece, each only when the last was unpacked. */
const feed = async (bytes: Uint8Array, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> => {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await writer.ready;
    await writer.write(bytes.slice(at, at + pieceBytes));
  }
  await writer.close();
};

/** Unpacks piece by piece, as fast as they are taken, and stops at once when it grows too far. Runs in Node and in the panel. */
export const inflate = async (bytes: Uint8Array, file: string, take: (piece: Uint8Array) => void): Promise<void> => {
  const gunzip = new DecompressionStream("gzip");
  const reader = gunzip.readable.getReader();
  // A refusal reaches us through the reader too; the writer's own copy of it says nothing more.
  const fed = feed(bytes, gunzip.writable.getWriter()).then(
    () => null,
    (error: unknown) => error,
  );
  const next = () =>
    reader.read().catch((error: unknown) => {
      throw damaged(error, file);
    });
  let inflated = 0;
  try {
    for (let piece = await next(); !piece.done; piece = await next()) {
      inflated += piece.value.length;
      checkSize(inflated, bytes.length, file);
      take(piece.value);
    }
  } catch (error) {
    await reader.cancel().catch((reason: unknown) => reason);
    throw error;
  }
  const refused = await fed;
  if (refused !== null) throw damaged(refused, file);
};
