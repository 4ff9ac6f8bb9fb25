import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { mergeDocuments } from "../../schema/merge/merge-documents.ts";
import { editedDocument } from "../support/concurrent-edits.ts";
import { runJson, runMain } from "../support/run-main.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const folder = temporaryFolders();
const program = fileURLToPath(new URL("../../extension/cli/premix.mjs", import.meta.url));
const document = "reel 'one'.mix.json";

type Hand = (document: MixDocument) => void;

const edited = (hand: Hand, from = editedDocument()): MixDocument => {
  hand(from);
  return from;
};

const env = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Anna",
  GIT_AUTHOR_EMAIL: "anna@example.org",
  GIT_AUTHOR_DATE: "2026-03-01T10:00:00+01:00",
  GIT_COMMITTER_NAME: "Anna",
  GIT_COMMITTER_EMAIL: "anna@example.org",
};

const git = (place: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync("git", ["-C", place, ...args], { env, encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
};

const commit = (place: string, content: MixDocument, subject: string) => {
  writeFileSync(join(place, document), canonicalText(content));
  git(place, "add", "-A");
  expect(git(place, "commit", "-q", "-m", subject).status).toBe(0);
};

/** A premix whose path has all that a shell could trip over. */
const trickyProgram = (): string => {
  const place = join(folder(), `it's a "100%" $HOME path`);
  mkdirSync(place);
  const script = join(place, "pre mix");
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(script, 0o755);
  return script;
};

/** A repository with two branches that edit one document. */
const branches = async (ours: Hand, theirs: Hand, installWith: readonly string[] = []) => {
  const place = folder();
  execFileSync("git", ["init", "-q", "-b", "main", place], { env });
  const { exitCode } = await runMain(["git", "install", ...installWith], { workingFolder: place });
  expect(exitCode).toBe(0);
  commit(place, editedDocument(), "first mix");
  git(place, "checkout", "-q", "-b", "theirs");
  commit(place, edited(theirs), "their work");
  git(place, "checkout", "-q", "main");
  commit(place, edited(ours), "our work");
  return place;
};

const louder =
  (bus: number, volumeDb: number): Hand =>
  ({ buses }) => {
    buses[bus]!.volumeDb = volumeDb;
  };

describe("git with the premix driver", () => {
  test("merges two branches that edit neighbouring lines, as mergeDocuments does", async () => {
    const ours: Hand = ({ tracks }) => (tracks[0]!.clips[0]!.gainDb = 2);
    const theirs: Hand = ({ tracks }) => (tracks[0]!.clips[0]!.volumeDb = -3);
    const place = await branches(ours, theirs, ["--program", trickyProgram()]);
    const { status, text } = git(place, "merge", "--no-edit", "theirs");
    expect([status, text]).toEqual([0, expect.not.stringContaining("CONFLICT")]);
    const merged = mergeDocuments(editedDocument(), edited(ours), edited(theirs));
    expect(readFileSync(join(place, document), "utf8")).toBe(canonicalText(merged.document));
    expect(git(place, "status", "--short").text).toBe("");
  });

  test("a true conflict leaves the path unmerged, with a valid document that has ours", async () => {
    const place = await branches(louder(1, 2), louder(1, -6));
    const { status, text } = git(place, "merge", "--no-edit", "theirs");
    expect(status).toBe(1);
    expect(text).toMatch(/theirs +-6.0 dB/);
    expect(git(place, "status", "--short", "-z").text).toBe(`UU ${document}\0`);
    expect(readFileSync(join(place, document), "utf8")).toBe(canonicalText(edited(louder(1, 2))));
  });

  test("git diff speaks of the mix, and git log -p of its lines", async () => {
    const place = await branches(louder(1, 2), louder(1, 2), ["--program", trickyProgram()]);
    writeFileSync(join(place, document), canonicalText(edited(louder(1, 5))));
    expect(git(place, "diff").text).toBe(`premix diff ${document}\nbus Music\n  ~ volume 2.0 -> 5.0 dB\n`);
    expect(git(place, "log", "-p", "-1").text).toMatch(/-bus "Music".*\n\+bus "Music".*volume 2.0 dB/);
    writeFileSync(join(place, document), "broken");
    expect(git(place, "diff")).toMatchObject({ status: 0, text: expect.stringContaining("cannot be read") });
  });

  test("premix git install repeats without effect and keeps what is in .gitattributes", async () => {
    const place = folder();
    execFileSync("git", ["init", "-q", place], { env });
    writeFileSync(join(place, ".gitattributes"), "*.psd binary");
    mkdirSync(join(place, "mix"));
    type Answer = { attributes: { added: string[] }; settings: Record<string, string> };
    const install = () => runJson<Answer>(["git", "install"], { workingFolder: join(place, "mix") });
    const first = await install();
    expect(first.json.attributes.added).toHaveLength(4);
    const [text, config] = [
      readFileSync(join(place, ".gitattributes"), "utf8"),
      readFileSync(join(place, ".git/config")),
    ];
    expect(text).toMatch(/^\*\.psd binary\n/);
    const second = await install();
    expect(second.json.attributes.added).toEqual([]);
    expect(readFileSync(join(place, ".gitattributes"), "utf8")).toBe(text);
    expect(readFileSync(join(place, ".git/config")).equals(config)).toBe(true);
    expect(git(place, "config", "merge.premix.driver").text.trim()).toBe(first.json.settings["merge.premix.driver"]);
  });

  test("outside a repository, without git and with another word it says so", async () => {
    type Answer = { errors: { code: string; message: string }[] };
    const outside = await runJson<Answer>(["git", "install"], { workingFolder: folder() });
    expect(outside).toMatchObject({ exitCode: 3, json: { errors: [{ code: "needs-git" }] } });
    expect(outside.json.errors[0]!.message).toMatch(/no git repository/);
    expect((await runJson<Answer>(["git", "instal"])).exitCode).toBe(2);
    const path = process.env["PATH"];
    process.env["PATH"] = folder();
    const without = await runJson<Answer>(["git", "install"], { workingFolder: folder() });
    process.env["PATH"] = path;
    expect(without).toMatchObject({ exitCode: 3, json: { errors: [{ code: "needs-git" }] } });
    expect(without.json.errors[0]!.message).toMatch(/git is not there/);
  });
});

describe("premix log", () => {
  type Answer = {
    commits: { author: string; date: string; subject: string; lines: string[]; changes: object[] }[];
    hasMore: boolean;
  };

  test("tells each commit in musical terms, through renames", async () => {
    const place = await branches(louder(0, 2), louder(1, 2));
    git(place, "mv", document, "reel-2.mix.json");
    git(place, "commit", "-q", "-m", "rename");
    const { json } = await runJson<Answer>(["log", join(place, "reel-2.mix.json")]);
    expect(json.commits.map(({ subject }) => subject)).toEqual(["rename", "our work", "first mix"]);
    expect(json.commits.map(({ lines }) => lines[0])).toEqual([
      "nothing in the mix changed",
      "Dialogue 2 dB louder",
      "created: 3 tracks, 15 clips, 4 buses",
    ]);
    expect(json.commits[1]).toMatchObject({ author: "Anna", date: "2026-03-01T10:00:00+01:00" });
    const { stdout } = await runMain(["log", join(place, "reel-2.mix.json"), "--max", "2"]);
    expect(stdout).toMatch(/^2026-03-01 10:00 {2}Anna {2}[0-9a-f]{10}\nrename\n/);
    expect(stdout).toContain("There are older ones");
  });

  test("a version that nobody could open is named, and the history goes on", async () => {
    const place = await branches(louder(0, 2), louder(1, 2));
    writeFileSync(join(place, document), "{");
    git(place, "commit", "-qam", "broken");
    const { json } = await runJson<Answer>(["log", join(place, document)]);
    expect(json.commits[0]!.lines[0]).toMatch(/^not readable/);
    expect(json.commits).toHaveLength(3);
  });

  test("a file that git does not know and a folder outside a repository are refused", async () => {
    const place = await branches(louder(0, 2), louder(1, 2));
    expect((await runJson(["log", join(place, "other.mix.json")])).exitCode).toBe(2);
    expect((await runJson(["log", join(folder(), "a.mix.json")])).exitCode).toBe(3);
  });
});
