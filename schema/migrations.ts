import { fail, ok, type Problem, type Result } from "./problem.ts";
import { shown } from "./shown.ts";

/** A document of an older major version: plain data whose shape only its migration knows. */
export type OldDocument = { readonly formatVersion: string; readonly [key: string]: unknown };

export type Migration = {
  /** The major version that it leads to; it takes documents of the one before. */
  readonly toMajor: number;
  readonly why: string;
  readonly up: (document: OldDocument) => OldDocument;
};

/** Append only: a released migration is never edited. Minor versions only add, so they need none. */
export const migrations: readonly Migration[] = [];

const OLDEST_MAJOR = 1;
/** Additions within the present major version; counts up with every new optional field. */
const MINOR = 0;

const currentMajor = (list: readonly Migration[]): number => list.at(-1)?.toMajor ?? OLDEST_MAJOR;

/** The version that this program writes. */
export const CURRENT_VERSION = `${currentMajor(migrations)}.${MINOR}`;

type Version = { readonly major: number; readonly minor: number };

const parseVersion = (text: unknown): Version | undefined => {
  const parts = typeof text === "string" ? /^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$/.exec(text) : null;
  return parts === null ? undefined : { major: Number(parts[1]), minor: Number(parts[2]) };
};

const unsupported = (pointer: string, message: string): Problem => ({ code: "unsupported", message, pointer });

const isNewer = (version: Version, list: readonly Migration[]): boolean =>
  version.major > currentMajor(list) || (version.major === currentMajor(list) && version.minor > MINOR);

/** True for a document of the present major version that a newer program wrote. */
export const isNewerMinor = ({ formatVersion }: { readonly formatVersion?: unknown }): boolean => {
  const version = parseVersion(formatVersion);
  return version?.major === currentMajor(migrations) && version.minor > MINOR;
};

/** Leads a document up to the present version; newer major versions, and those that ask for a newer reader, are refused. */
export const migrate = (document: OldDocument, list: readonly Migration[] = migrations): Result<OldDocument> => {
  const version = parseVersion(document.formatVersion);
  const current = `${currentMajor(list)}.${MINOR}`;
  if (version === undefined || version.major < OLDEST_MAJOR) {
    return fail(
      unsupported(
        "/formatVersion",
        `/formatVersion is ${shown(document.formatVersion)}; it is written like "1.0", and this program reads ${OLDEST_MAJOR}.0 to ${current}.`,
      ),
    );
  }
  const reader = parseVersion(document["minReader"]) ?? version;
  if (version.major > currentMajor(list) || (isNewer(version, list) && isNewer(reader, list))) {
    const needed = version.major > currentMajor(list) ? document.formatVersion : document["minReader"];
    return fail(
      unsupported(
        "/formatVersion",
        `The document has version ${document.formatVersion} and needs a reader of ${needed}; this program reads up to ${current}. Update Premix.`,
      ),
    );
  }
  const warnings = isNewer(version, list)
    ? [
        unsupported(
          "/formatVersion",
          `The document has the newer version ${document.formatVersion}: what ${current} does not know is kept.`,
        ),
      ]
    : [];
  const pending = list.filter(({ toMajor }) => toMajor > version.major);
  const migrated = pending.reduce((old, { up, toMajor }) => ({ ...up(old), formatVersion: `${toMajor}.0` }), document);
  return ok(migrated, warnings);
};
