import { decode, encode } from "@msgpack/msgpack";
import { canonicalText } from "./canonical.ts";
import { guardMessagePack } from "./msgpack-guard.ts";
import { pointerOf } from "./pointer.ts";
import { fail, ok, type Result } from "./problem.ts";

/** Half of a surrogate pair: JSON can escape it, UTF-8 and so MessagePack cannot hold it. */
const loneSurrogate = /\p{Surrogate}/u;

const findLoneSurrogate = (value: unknown, path: readonly string[]): readonly string[] | undefined => {
  if (typeof value === "string") return loneSurrogate.test(value) ? path : undefined;
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, member] of Object.entries(value)) {
    const place = loneSurrogate.test(key) ? path : findLoneSurrogate(member, [...path, key]);
    if (place !== undefined) return place;
  }
  return undefined;
};

/** The MessagePack form of a document: its canonical data, so that going back to text gives the same bytes. What no reader would take is refused. */
export const encodeMessagePack = (document: Parameters<typeof canonicalText>[0]): Result<Uint8Array> => {
  const canonical: unknown = JSON.parse(canonicalText(document));
  const place = findLoneSurrogate(canonical, []);
  if (place === undefined) return guardMessagePack(encode(canonical));
  const pointer = pointerOf(place);
  return fail({
    code: "unsupported",
    message: `The text at ${pointer} holds half of a character (a lone surrogate), which MessagePack cannot carry. Correct it, or keep the document as JSON.`,
    pointer,
  });
};

/** The data of a MessagePack file, looked through by the guard before it is decoded. */
export const decodeMessagePack = (bytes: Uint8Array, fileName: string): Result<unknown> => {
  const guarded = guardMessagePack(bytes);
  return guarded.ok ? ok(decode(bytes)) : fail(...guarded.problems.map((problem) => ({ ...problem, file: fileName })));
};
