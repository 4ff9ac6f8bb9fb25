import type { Change } from "../../../schema/diff/change.ts";
import { diffDocuments } from "../../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { musicalLines } from "../../session/musical-words.ts";
import { absolute, wholeNumber } from "../arguments.ts";
import { type Paint, paintFor } from "../colours.ts";
import type { CliCall, Command } from "../command.ts";
import { blobBytes, type CommitWords, commitWords, type FileCommit, fileCommits } from "../git-history.ts";
import { mixesOf } from "../open-mixes.ts";
import { createGround } from "../ports.ts";
import { printable } from "../text.ts";

const DEFAULT_COMMITS = 50;
const MOST_COMMITS = 10_000;

type LoggedCommit = CommitWords & {
  readonly hash: string;
  /** What happened, as somebody at the desk would tell it. */
  readonly lines: readonly string[];
  readonly changes: readonly Change[];
};

type Version = MixDocument | Problem | null;

const isProblem = (version: Version): version is Problem => version !== null && "code" in version;

const created = ({ tracks, buses }: MixDocument): string => {
  const clips = tracks.reduce((sum, track) => sum + track.clips.length, 0);
  return `created: ${tracks.length} tracks, ${clips} clips, ${buses.length} buses`;
};

const told = (before: Version, after: Version): Pick<LoggedCommit, "lines" | "changes"> => {
  const broken = [after, before].find(isProblem);
  if (broken) return { lines: [`not readable: ${broken.message}`], changes: [] };
  const [was, is] = [before as MixDocument | null, after as MixDocument | null];
  if (is === null) return { lines: ["removed"], changes: [] };
  if (was === null) return { lines: [created(is)], changes: [] };
  const changes = diffDocuments(was, is);
  const lines = changes.length === 0 ? ["nothing in the mix changed"] : musicalLines(was, is, changes);
  return { lines, changes };
};

/** Reads the versions of one file, each once in a row: what was after a commit is before the next one. */
class VersionReader {
  private readonly call: CliCall;
  private readonly folder: string;
  private last: { readonly blob: string; readonly version: Version } | undefined;

  constructor(call: CliCall, folder: string) {
    this.call = call;
    this.folder = folder;
  }

  async read(blob: string | null, name: string): Promise<Version> {
    if (blob === null) return null;
    if (this.last?.blob === blob) return this.last.version;
    const mixes = await mixesOf(await blobBytes(this.folder, blob, this.call.io.signal), name);
    const version = mixes.ok ? (mixes.value.documents[0] ?? null) : mixes.problems[0]!;
    this.last = { blob, version };
    return version;
  }
}

const commitText = ({ hash, date, author, subject, lines }: LoggedCommit, paint: Paint): string => {
  const head = `${date.slice(0, 16).replace("T", " ")}  ${printable(author)}  ${hash.slice(0, 10)}`;
  const body = lines.map((line) => `  ${printable(line)}\n`).join("");
  return `${paint.title(head)}\n${printable(subject)}\n${body}`;
};

const logged = async (call: CliCall, folder: string, name: string, commits: readonly FileCommit[]) => {
  const reader = new VersionReader(call, folder);
  const list: LoggedCommit[] = [];
  for (const { hash, before, after } of commits) {
    const is = await reader.read(after, name);
    const was = await reader.read(before, name);
    list.push({ hash, ...(await commitWords(folder, hash, call.io.signal)), ...told(was, is) });
  }
  return list;
};

export const logCommand: Command = {
  name: "log",
  summary: "the history of a document in musical terms, from git",
  usage: "<doc> [--max <n>]",
  options: [
    {
      name: "max",
      kind: "value",
      shown: "<n>",
      doc: `most commits that are listed, newest first (default: ${DEFAULT_COMMITS})`,
    },
  ],
  examples: ["premix log mix/documents/reel-1.mix.json", "premix log reel-1.mix.json --max 5 --json"],
  positionals: [1, 1],
  run: async (call) => {
    const path = absolute(call, call.positionals[0]!);
    const most = wholeNumber(call, "max", 1, MOST_COMMITS) ?? DEFAULT_COMMITS;
    const { files } = createGround();
    const [folder, name] = [files.folderOf(path), files.baseName(path)];
    const found = await fileCommits(folder, name, most + 1, call.io.signal);
    if (found.length === 0) {
      const message = `git knows no commit of ${path}. Commit it first, or check the name.`;
      throw new ProblemError({ code: "missing-file", message, file: path });
    }
    const commits = await logged(call, folder, name, found.slice(0, most));
    const hasMore = found.length > most;
    const more = hasMore ? `\nThere are older ones: --max ${most * 2} shows more.\n` : "";
    const paint = paintFor(call.io);
    const text = `${commits.map((commit) => commitText(commit, paint)).join("\n")}${more}`;
    return { exitCode: 0, json: { ok: true, exitCode: 0, file: path, commits, hasMore }, text };
  },
};
