import { folderFiles } from "./entities/index.ts";
import type {
  House,
  HouseLock,
  LocalSettings,
  Preset,
  Project,
  Settings,
  Workspace,
} from "./generated/folder-files.ts";
import { house, houseLock, localSettings, preset, project, settings, workspace } from "./generated/validate-folder.js";
import { parseJsonText } from "./json-text.ts";
import { locateProblems } from "./locate-problems.ts";
import { migrate, type OldDocument } from "./migrations.ts";
import { fail, failMany, LISTED_PROBLEMS, ok, type Problem, type Result } from "./problem.ts";
import { schemaProblem } from "./schema-problem.ts";
import { shown } from "./shown.ts";
import { unknownKeyWarnings } from "./unknown-keys.ts";

/** What a file of a mix/ folder holds, by its `format`. */
export type FolderFiles = {
  readonly project: Project;
  readonly settings: Settings;
  readonly localSettings: LocalSettings;
  readonly workspace: Workspace;
  readonly preset: Preset;
  readonly house: House;
  readonly houseLock: HouseLock;
};

export type FolderFormat = keyof FolderFiles;

const validators = { project, settings, localSettings, workspace, preset, house, houseLock };

const envelope = (value: unknown, format: FolderFormat): Result<OldDocument> => {
  const wanted = `A file of this kind is an object with "format": "${format}".`;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return fail({ code: "schema", message: `This is ${shown(value)}. ${wanted}`, pointer: "" });
  }
  const found = (value as { readonly format?: unknown }).format;
  if (found === format) return ok(value as OldDocument);
  const message = found === undefined ? `The file has no format. ${wanted}` : `/format is ${shown(found)}. ${wanted}`;
  return fail({ code: "schema", message, pointer: found === undefined ? "" : "/format", allowed: [format] });
};

/** Parsed data as a file of this format: its version, then its schema. Unknown keys are warnings; at most 50 problems are listed. */
export const validateFolderFile = <Format extends FolderFormat>(
  value: unknown,
  format: Format,
): Result<FolderFiles[Format]> => {
  const opened = envelope(value, format);
  if (!opened.ok) return opened;
  const migrated = migrate(opened.value, []);
  if (!migrated.ok) return migrated;
  const validate = validators[format];
  const root = folderFiles[format];
  if (!validate(migrated.value)) {
    const errors = validate.errors!;
    return failMany(
      errors.map((error) => schemaProblem(value, error, root)),
      errors.total,
    );
  }
  const warnings = [...migrated.warnings, ...unknownKeyWarnings(migrated.value, root)];
  return ok(migrated.value as unknown as FolderFiles[Format], warnings.slice(0, LISTED_PROBLEMS));
};

/** The file of a mix/ folder in a JSONC text; every problem and warning has file, line and column. */
export const parseFolderFile = <Format extends FolderFormat>(
  text: string,
  fileName: string,
  format: Format,
): Result<FolderFiles[Format]> => {
  const parsed = parseJsonText(text, fileName, { comments: true });
  if (!parsed.ok) return parsed;
  const located = (problems: readonly Problem[]) => locateProblems(problems, text, fileName);
  const checked = validateFolderFile(parsed.value, format);
  return checked.ok ? ok(checked.value, located(checked.warnings)) : failMany(located(checked.problems), checked.total);
};
