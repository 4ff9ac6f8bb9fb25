import { decodeMessagePack } from "./codec.ts";
import type { MixDocument } from "./generated/mix-document.ts";
import { MAX_BYTES } from "./input-limits.ts";
import { type JsonDialect, JsonParser } from "./json-parser.ts";
import { locateProblems } from "./locate-problems.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "./problem.ts";
import { validateDocument } from "./validate.ts";

const tooLarge = (fileName: string, bytes: number): Problem => ({
  code: "too-large",
  message: `The file holds ${bytes} bytes; at most ${MAX_BYTES} bytes (64 MB) are read.`,
  file: fileName,
});

/** The value of a JSON text (with `comments`: JSONC), or what is wrong with it and where. Text longer than 64 MB is refused. */
export const parseJsonText = (text: string, fileName: string, dialect: JsonDialect = {}): Result<unknown> => {
  if (text.length > MAX_BYTES) return fail(tooLarge(fileName, text.length));
  try {
    return ok(new JsonParser(text, dialect).parse());
  } catch (error) {
    if (error instanceof ProblemError)
      return fail(...error.problems.map((problem) => ({ ...problem, file: fileName })));
    throw error;
  }
};

/** The text of UTF-8 bytes (a byte order mark is dropped); other encodings and broken bytes are refused. */
export const decodeUtf8 = (bytes: Uint8Array, fileName: string): Result<string> => {
  if (bytes.length > MAX_BYTES) return fail(tooLarge(fileName, bytes.length));
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const cure = "Save it as UTF-8.";
  if (isUtf16) return fail({ code: "syntax", message: `The file is UTF-16 text. ${cure}`, file: fileName });
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fail({ code: "syntax", message: `The file is not UTF-8 text. ${cure}`, file: fileName });
  }
};

const notDocument = (fileName: string): Problem => ({
  code: "syntax",
  message:
    "The file is neither JSON text nor a MessagePack map, so it is no mix document. Name a .mix.json (UTF-8) or a .mixb.",
  file: fileName,
});

/** JSON starts in ASCII or with a byte order mark and holds no NUL; UTF-16, which does, is told apart by its mark. */
const isBinary = (bytes: Uint8Array): boolean => {
  const [first = 0] = bytes;
  if (first === 0xfe || first === 0xff) return false;
  return (first >= 0x80 && first !== 0xef) || bytes.subarray(0, 4096).includes(0);
};

/** MessagePack maps start with these codes; as the first byte of a text they would be nonsense. */
const startsLikeMap = (head: number | undefined) =>
  head !== undefined && ((head >= 0x80 && head <= 0x8f) || head === 0xde || head === 0xdf);

const withProblems = <T>(result: Result<T>, place: (problems: readonly Problem[]) => readonly Problem[]): Result<T> =>
  result.ok ? { ...result, warnings: place(result.warnings) } : { ...result, problems: place(result.problems) };

/** The document in a strict JSON text; every problem and warning has file, line and column. */
export const parseDocument = (text: string, fileName: string): Result<MixDocument> => {
  const parsed = parseJsonText(text, fileName);
  if (!parsed.ok) return parsed;
  return withProblems(validateDocument(parsed.value), (problems) => locateProblems(problems, text, fileName));
};

/** What a document's file holds, before anything is checked; `text` is null for MessagePack. */
export type DocumentData = { readonly value: unknown; readonly text: string | null };

/** The data in a document's bytes, strict JSON or MessagePack. */
export const parseDocumentData = (bytes: Uint8Array, fileName: string): Result<DocumentData> => {
  if (startsLikeMap(bytes[0])) {
    const decoded = decodeMessagePack(bytes, fileName);
    return decoded.ok ? ok({ value: decoded.value, text: null }) : decoded;
  }
  if (bytes.length <= MAX_BYTES && isBinary(bytes)) return fail(notDocument(fileName));
  const text = decodeUtf8(bytes, fileName);
  if (!text.ok) return text;
  const parsed = parseJsonText(text.value, fileName);
  return parsed.ok ? ok({ value: parsed.value, text: text.value }) : parsed;
};

/** The complete document in a file's bytes, JSON or MessagePack. */
export const parseDocumentBytes = (bytes: Uint8Array, fileName: string): Result<MixDocument> => {
  const data = parseDocumentData(bytes, fileName);
  if (!data.ok) return data;
  const { value, text } = data.value;
  return withProblems(validateDocument(value), (problems) =>
    text === null
      ? problems.map((problem) => ({ ...problem, file: fileName }))
      : locateProblems(problems, text, fileName),
  );
};
