/** Parts of a path of any system, without empty ones, drive letters and dots. */
export const partsOf = (path: string): readonly string[] =>
  path.split(/[/\\]/).filter((part) => part !== "" && part !== "." && !/^[A-Za-z]:$/.test(part));

/** The key under which names are equal although they differ in case or in how accents are composed (NFC and NFD). */
export const foldName = (name: string): string => name.normalize("NFC").toLowerCase();

export type PathKind = "absolute" | "drive" | "relative" | "variable" | "refused";

const variable = /^\$\{[A-Za-z]+\}[/\\]/;

/** What a written path is, judged by its text alone: nothing is looked up, so a hostile one causes no access. */
export const kindOfPath = (path: string): PathKind => {
  if (path === "" || path.includes("\0")) return "refused";
  if (variable.test(path)) return partsOf(path).includes("..") ? "refused" : "variable";
  if (/^[/\\]{2}/.test(path)) return "refused";
  if (/^(?:dev|proc|sys)(?:\/|$)/.test(normalise(path).slice(1)) && path.startsWith("/")) return "refused";
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return "refused";
  if (/^[A-Za-z]:[/\\]/.test(path)) return "drive";
  if (/^[A-Za-z]:/.test(path)) return "refused";
  return path.startsWith("/") ? "absolute" : "relative";
};

/** `a/./b/../c` -> `a/c` with `/`; a leading `/` or drive stays, `..` above the top is kept so that it shows. */
export const normalise = (path: string): string => {
  const slashed = path.replaceAll("\\", "/");
  const lead = slashed.startsWith("/") ? "/" : "";
  const kept: string[] = [];
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== ".." || lead === "") kept.push(part);
  }
  return `${lead}${kept.join("/")}`;
};

/** True when `path` is `folder` or lies in it, by text after normalising. */
export const liesIn = (path: string, folder: string): boolean => {
  const inner = normalise(path);
  const outer = normalise(folder);
  if (outer === "") return !inner.startsWith("/") && !inner.startsWith("..");
  return inner === outer || inner.startsWith(outer === "/" ? "/" : `${outer}/`);
};

/** `path` as seen from `folder`; null when the two share no beginning (another drive) or `path` is not absolute. */
export const relativeTo = (path: string, folder: string): string | null => {
  const inner = normalise(path).split("/");
  const outer = normalise(folder).split("/");
  if (inner[0] !== outer[0]) return null;
  let shared = 0;
  while (shared < outer.length && shared < inner.length - 1 && inner[shared] === outer[shared]) shared += 1;
  return [...outer.slice(shared).map(() => ".."), ...inner.slice(shared)].join("/");
};
