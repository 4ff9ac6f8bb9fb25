import type { MixDocument } from "./generated/mix-document.ts";
import { validate } from "./generated/validate-mix.js";
import { withoutLaterProcessors } from "./later-processors.ts";
import { findPlaces } from "./meaning/places.ts";
import { meaningProblems, meaningWarnings } from "./meaning.ts";
import { migrate, type OldDocument } from "./migrations.ts";
import { fail, failMany, LISTED_PROBLEMS, ok, type Problem, type Result } from "./problem.ts";
import { schemaProblem } from "./schema-problem.ts";
import { shown } from "./shown.ts";
import { unknownKeyWarnings } from "./unknown-keys.ts";

const notADocument = (message: string, pointer: string): Problem => ({
  code: "schema",
  message: `${message} A mix document is an object with "format": "mix".`,
  pointer,
});

const envelope = (value: unknown): Result<OldDocument> => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return fail(notADocument(`This is ${shown(value)}.`, ""));
  }
  const { format } = value as { readonly format?: unknown };
  if (format !== "mix") {
    const found = format === undefined ? "The document has no format." : `/format is ${shown(format)}.`;
    return fail(notADocument(found, format === undefined ? "" : "/format"));
  }
  return ok(value as OldDocument);
};

/** Parsed data as a document of the present version, its format and its version checked and nothing else. */
export const upgradeDocument = (value: unknown): Result<OldDocument> => {
  const opened = envelope(value);
  return opened.ok ? migrate(opened.value) : opened;
};

/** A document of the present version held to its schema and its meaning; `before` are the warnings that its upgrade left. */
export const checkDocument = (document: unknown, before: readonly Problem[] = []): Result<MixDocument> => {
  if (!validate(withoutLaterProcessors(document))) {
    const errors = validate.errors!;
    return failMany(
      errors.map((error) => schemaProblem(document, error)),
      errors.total,
    );
  }
  const mix = document as MixDocument;
  const places = findPlaces(mix);
  const problems = meaningProblems(mix, places);
  if (problems.length > 0) return failMany(problems);
  const warnings = [...before, ...meaningWarnings(mix, places), ...unknownKeyWarnings(mix)];
  return ok(mix, warnings.slice(0, LISTED_PROBLEMS));
};

/**
 * Parsed data as a mix document of the present version, or what is wrong with it: its version, its schema, its meaning, in this
 * order. At most 50 problems are listed; `total` counts all. Unknown keys and what will not sound are warnings.
 */
export const validateDocument = (value: unknown): Result<MixDocument> => {
  const upgraded = upgradeDocument(value);
  return upgraded.ok ? checkDocument(upgraded.value, upgraded.warnings) : upgraded;
};
