import { gitBytes, gitText } from "./run-git.ts";

/** A commit that changed a file, and the file's contents (blob ids) before and after it; null: not there. */
export type FileCommit = {
  readonly hash: string;
  readonly before: string | null;
  readonly after: string | null;
};

const blobOf = (id: string): string | null => (/^0+$/.test(id) ? null : id);

/**
 * Reads `git log -z --raw --format=%H`: hashes, raw lines (":mode mode blob blob status") and their paths, all ended by NUL. Paths are
 * taken by position, so that none can pass for something else.
 */
const parseRawLog = (text: string): readonly FileCommit[] => {
  const tokens = text.split("\0");
  const commits: FileCommit[] = [];
  let hash = "";
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!.replace(/^\n/, "");
    const raw = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(token);
    if (/^[0-9a-f]{40,64}$/.test(token)) hash = token;
    if (raw === null) continue;
    commits.push({ hash, before: blobOf(raw[1]!), after: blobOf(raw[2]!) });
    index += raw[3] === "R" || raw[3] === "C" ? 2 : 1;
  }
  return commits;
};

/** The commits that changed a file, newest first, through its renames; a merge counts as what it brought to its first parent. */
export const fileCommits = async (
  folder: string,
  name: string,
  most: number,
  signal: AbortSignal,
): Promise<readonly FileCommit[]> => {
  const format = ["-z", "--raw", "--no-abbrev", "--no-color", "--no-show-signature", "--format=%H"];
  const way = ["--follow", "--diff-merges=first-parent", `--max-count=${most}`];
  const args = ["--literal-pathspecs", "log", ...format, ...way, "--", name];
  return parseRawLog(await gitText(folder, args, signal));
};

export type CommitWords = { readonly date: string; readonly author: string; readonly subject: string };

/** Date (ISO 8601), author and subject of a commit. */
export const commitWords = async (folder: string, hash: string, signal: AbortSignal): Promise<CommitWords> => {
  const args = ["show", "--no-patch", "--no-show-signature", "--format=%aI%x00%an%x00%s", hash];
  const [date = "", author = "", subject = ""] = (await gitText(folder, args, signal)).split("\0");
  return { date, author, subject };
};

/** The bytes of a blob. */
export const blobBytes = (folder: string, blob: string, signal: AbortSignal): Promise<Uint8Array> =>
  gitBytes(folder, ["cat-file", "blob", blob], signal);
