import { fail, ok, ProblemError, type Result } from "../../schema/problem.ts";

const byteOrderMarks: readonly { readonly label: string; readonly bytes: readonly number[] }[] = [
  { label: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { label: "utf-16le", bytes: [0xff, 0xfe] },
  { label: "utf-16be", bytes: [0xfe, 0xff] },
  // Without a mark UTF-16 shows itself by the first two characters, "<?".
  { label: "utf-16le", bytes: [0x3c, 0x00, 0x3f, 0x00] },
  { label: "utf-16be", bytes: [0x00, 0x3c, 0x00, 0x3f] },
];

const declaredEncodings: Readonly<Record<string, string>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  ascii: "utf-8",
  "iso-8859-1": "windows-1252",
  latin1: "windows-1252",
  "windows-1252": "windows-1252",
};

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte);

const declaredEncoding = (head: Uint8Array): string => {
  const prolog = new TextDecoder("latin1").decode(head.subarray(0, 200));
  return /^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']/.exec(prolog)?.[1]?.toLowerCase() ?? "utf-8";
};

/** Decodes the bytes of an XML file piece by piece: byte order mark first, then the encoding the file declares, then UTF-8. */
export const openXmlDecoder = (head: Uint8Array, file: string): TextDecoder => {
  const marked = byteOrderMarks.find(({ bytes }) => startsWith(head, bytes));
  const label = marked?.label ?? declaredEncodings[declaredEncoding(head)];
  if (label !== undefined) return new TextDecoder(label, { fatal: true });
  throw new ProblemError({
    code: "unsupported",
    message: `The XML declares the encoding "${declaredEncoding(head)}". UTF-8, UTF-16 and ISO-8859-1 are read: save the file again as UTF-8.`,
    file,
    line: 1,
    column: 1,
    allowed: ["utf-8", "utf-16", "iso-8859-1"],
  });
};

/** One piece of text; broken byte sequences are a syntax problem, never replaced silently. */
export const decodePiece = (decoder: TextDecoder, bytes: Uint8Array, more: boolean, file: string): string => {
  try {
    return decoder.decode(bytes, { stream: more });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ProblemError({
      code: "syntax",
      message: `The file is not valid ${decoder.encoding.toUpperCase()} text: it is damaged, cut short, or not XML at all. Export it again.`,
      file,
    });
  }
};

/** Runs a reader that reports through ProblemError; everything else stays an exception, because it is a fault of ours. */
export const asResult = <T>(read: () => Result<T>): Result<T> => {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

/** As `asResult`, for readers that wait. */
export const asResultLater = async <T>(read: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

/** Gives the name of the first element of an XML text, or null when there is none in the piece at hand. */
export const rootNameOf = (bytes: Uint8Array, file: string): Result<string | null> =>
  asResult(() => {
    const head = bytes.subarray(0, 4096);
    const text = decodePiece(openXmlDecoder(head, file), head, true, file);
    const name =
      /^\uFEFF?\s*(?:<\?[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<![^>[]*(?:\[[^\]]*\])?[^>]*>\s*)*<([A-Za-z_][\w.:-]*)/.exec(
        text,
      );
    return ok(name?.[1] ?? null);
  });
