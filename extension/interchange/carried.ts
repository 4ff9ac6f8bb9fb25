import { Id, Role } from "../../schema/entities/names.ts";
import type { Carried } from "./timeline.ts";

/** Begins a text that Premix wrote into a field for people. */
const mark = "premix ";

const keys = ["id", "role", "roleSource", "media", "note"] as const;

/** Half a surrogate pair stands in no file. */
const encode = (value: string): string => encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\uFFFD"));

const decode = (value: string): string | null => {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return null;
  }
};

/** One line of plain ASCII for a field that hosts keep, such as a log note; "" when there is nothing to carry. */
export const formatCarried = (carried: Carried): string => {
  const pairs = keys.flatMap((key) => (carried[key] === undefined ? [] : [`${key}=${encode(carried[key])}`]));
  return pairs.length === 0 ? "" : `${mark}${pairs.join(" ")}`;
};

const isId = new RegExp(Id.pattern ?? "", "u");
const allowed: Readonly<Record<(typeof keys)[number], (value: string) => boolean>> = {
  id: (value) => isId.test(value),
  role: (value) => Role.enum?.includes(value) ?? false,
  roleSource: () => true,
  media: (value) => isId.test(value),
  note: () => true,
};

/** What an export carried in a text, or null when the text is somebody else's; values that cannot be are left out. */
export const parseCarried = (text: string): Carried | null => {
  if (!text.startsWith(mark)) return null;
  const found: Record<string, string> = {};
  for (const pair of text.slice(mark.length).split(" ")) {
    const at = pair.indexOf("=");
    const key = keys.find((one) => one === pair.slice(0, at));
    const value = key === undefined ? null : decode(pair.slice(at + 1));
    if (key !== undefined && value !== null && allowed[key](value)) found[key] = value;
  }
  return found;
};
