import { locateProblems } from "../../../schema/locate-problems.ts";
import { pointerOf } from "../../../schema/pointer.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { shown } from "../../../schema/shown.ts";
import { kindOfPath, partsOf } from "../media-path.ts";
import type { ProjectFile } from "./project-reader.ts";

/** Folders of this machine by variable: absolute paths only, never a network or device path. */
export const localVariables = (local: ProjectFile<"localSettings"> | undefined): ReadonlyMap<string, string> => {
  if (local === undefined) return new Map();
  return new Map(
    Object.entries(local.value.variables).map(([name, path]): [string, string] => {
      const kind = typeof path === "string" ? kindOfPath(path) : "refused";
      if (kind === "absolute" || kind === "drive") return [name, path as string];
      const pointer = pointerOf(["variables", name]);
      const message = `${pointer} is ${shown(path)}; a variable is an absolute folder of this machine (a network folder is mounted first).`;
      throw new ProblemError(...locateProblems([{ code: "path-refused", message, pointer }], local.text, local.path));
    }),
  );
};

const leadingVariable = /^\$\{([A-Za-z]+)\}(?=[/\\]|$)/;

/** The folder that a written path with a variable in front means here, and the variable's own; undefined without one. */
export const throughVariable = (
  path: string,
  variables: ReadonlyMap<string, string>,
): { readonly folder: string; readonly rest: readonly string[] } | "unknown" | undefined => {
  const name = leadingVariable.exec(path)?.[1];
  if (name === undefined) return undefined;
  const folder = variables.get(name);
  return folder === undefined ? "unknown" : { folder, rest: partsOf(path).slice(1) };
};
