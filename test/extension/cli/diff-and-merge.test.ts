import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import { encodeMessagePack } from "../../../schema/codec.ts";
import type { Change } from "../../../schema/diff/change.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import type { Conflict } from "../../../schema/merge/conflict.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { editedDocument } from "../../support/concurrent-edits.ts";
import { clipFixture } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const project = fileURLToPath(new URL("../../fixtures/interchange/prproj/two-tracks.prproj.xml", import.meta.url));

type Hand = (document: MixDocument) => void;
const louder =
  (volumeDb: number): Hand =>
  ({ buses }) => {
    buses[1]!.volumeDb = volumeDb;
  };
const nothing: Hand = () => undefined;

const edited = (hand: Hand): MixDocument => {
  const document = editedDocument();
  hand(document);
  return document;
};

const write = (place: string, name: string, content: string | Uint8Array): string => {
  writeFileSync(join(place, name), content);
  return join(place, name);
};

/** base, ours and theirs as files of one folder. */
const files = (ours: Hand, theirs: Hand) => {
  const place = folder();
  const save = (name: string, hand: Hand) => write(place, `${name}.mix.json`, canonicalText(edited(hand)));
  return { place, words: [save("base", nothing), save("ours", ours), save("theirs", theirs)] };
};

type DiffAnswer = { readonly equal: boolean; readonly changes: readonly Change[] };
type MergeAnswer = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly document?: MixDocument;
  readonly conflicts: readonly Conflict[];
  readonly problems: readonly object[];
  readonly errors?: readonly { readonly message: string; readonly pointer: string }[];
};

describe("premix diff", () => {
  test("ends with 0 whether or not the files differ", async () => {
    const { words } = files(louder(-3), nothing);
    const [base, ours, theirs] = words as [string, string, string];
    const equal = await runJson<DiffAnswer>(["diff", base, theirs]);
    expect([equal.exitCode, equal.json.equal, equal.json.changes]).toEqual([0, true, []]);
    const differs = await runJson<DiffAnswer>(["diff", base, ours]);
    expect([differs.exitCode, differs.json.equal]).toEqual([0, false]);
    expect(differs.json.changes).toMatchObject([
      { op: "change", pointer: "/buses/1/volumeDb", id: "bus_mx", name: "Music", before: 0, after: -3, unit: "dB" },
    ]);
    expect((await runMain(["diff", base, theirs])).stdout).toBe("No difference in the mix.\n");
  });

  test("has colours on a terminal that wants them and none elsewhere", async () => {
    const { words } = files(louder(-3), nothing);
    const plain = await runMain(["diff", words[0]!, words[1]!]);
    expect(plain.stdout).toBe("bus Music\n  ~ volume 0.0 -> -3.0 dB\n");
    const coloured = await runMain(["diff", words[0]!, words[1]!], { hasColours: true });
    expect(coloured.stdout).toContain("\u001b[33m~ volume 0.0 -> -3.0 dB\u001b[0m");
  });

  test("compares the text form with the MessagePack form, whatever the names", async () => {
    const { place, words } = files(louder(-3), nothing);
    const packed = encodeMessagePack(edited(louder(-3)));
    if (!packed.ok) throw new Error("not packed");
    const { json } = await runJson<DiffAnswer>(["diff", words[1]!, write(place, "other.tmp", packed.value)]);
    expect(json.equal).toBe(true);
  });

  test("compares project files sequence by sequence", async () => {
    const text = readFileSync(project, "utf8");
    const other = write(folder(), "b.prproj", text.replaceAll("<Name>Interview.wav</Name>", "<Name>Talk</Name>"));
    expect((await runJson<DiffAnswer>(["diff", project, project])).json.equal).toBe(true);
    const { json } = await runJson<DiffAnswer>(["diff", project, other]);
    expect(json.changes[0]).toMatchObject({ op: "change", kind: "Clip", before: "Interview.wav", after: "Talk" });
    expect(json.changes[0]).toHaveProperty("sequence");
  });

  test("a file that is not there, one word and three words are refused", async () => {
    const { words } = files(nothing, nothing);
    for (const args of [[words[0]!, "/nowhere.mix.json"], [words[0]!], [...words]]) {
      const { exitCode, json } = await runJson<{ ok: boolean }>(["diff", ...args]);
      expect([exitCode, json.ok]).toEqual([2, false]);
    }
  });

  test("--textconv gives lines; a broken file is shown as it is, for git would stop at a failure", async () => {
    const { place, words } = files(nothing, nothing);
    expect((await runMain(["diff", "--textconv", words[0]!])).stdout).toContain('track "A0"');
    const broken = write(place, "broken.mix.json", "<<<<<<< ours\n{}\n");
    const { exitCode, stdout } = await runMain(["diff", "--textconv", broken]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("<<<<<<< ours");
  });
});

describe("premix merge", () => {
  test("without -o the document goes to stdout in canonical text", async () => {
    const { words } = files(louder(-3), ({ tracks }) => (tracks[0]!.name = "VO"));
    const { exitCode, stdout } = await runMain(["merge", ...words]);
    expect(exitCode).toBe(0);
    const wanted = edited((document) => {
      louder(-3)(document);
      document.tracks[0]!.name = "VO";
    });
    expect(stdout).toBe(canonicalText(wanted));
  });

  test("a collision ends with 2, is told with its three values, and the file has ours", async () => {
    const { place, words } = files(louder(-3), louder(2.5));
    const output = join(place, "merged.mix.json");
    const { exitCode, json, stderr } = await runJson<MergeAnswer>(["merge", ...words, "-o", output]);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ ok: false, exitCode: 2, conflicts: [{ base: 0, ours: -3, theirs: 2.5, unit: "dB" }] });
    expect(json.errors![0]!.pointer).toBe("/buses/1/volumeDb");
    expect(stderr).toMatch(/base +0.0 dB\n +ours +-3.0 dB\n +theirs +2.5 dB/);
    expect(readFileSync(output, "utf8")).toBe(canonicalText(edited(louder(-3))));
    expect((await runJson<{ ok: boolean }>(["validate", output])).json.ok).toBe(true);
  });

  test("a policy decides: exit 0, and the conflict is still listed", async () => {
    const { words } = files(louder(-3), louder(2.5));
    const policy = ["--policy", "ours", "--policy", "/buses/*/volumeDb=theirs"];
    const { exitCode, json } = await runJson<MergeAnswer>(["merge", ...words, ...policy]);
    expect([exitCode, json.ok, json.document!.buses[1]!.volumeDb]).toEqual([0, true, 2.5]);
    expect(json.conflicts).toMatchObject([{ taken: "theirs", isResolved: true }]);
  });

  test("clips that overlap only after the merge end with 2 and a valid file", async () => {
    const add =
      (id: string): Hand =>
      ({ tracks }) => {
        tracks[0]!.clips.push(clipFixture({ id, startTicks: secondsToTicks(80) }));
      };
    const { exitCode, json, stderr } = await runJson<MergeAnswer>([
      "merge",
      ...files(add("clp_a"), add("clp_b")).words,
    ]);
    expect([exitCode, json.problems.length]).toEqual([2, 1]);
    expect(stderr).toMatch(/clp_a.*clp_b.*overlap/);
    expect(JSON.stringify(json.document)).not.toContain("clp_b");
  });

  test("an empty base, as git gives it, means that there is no common version", async () => {
    const { place, words } = files(louder(-3), nothing);
    const { exitCode, json } = await runJson<MergeAnswer>(["merge", write(place, "empty", ""), words[1]!, words[2]!]);
    expect([exitCode, json.conflicts.length]).toEqual([2, 1]);
  });

  test("ours in MessagePack stays in MessagePack under a name that says nothing", async () => {
    const { place, words } = files(nothing, louder(-3));
    const packed = encodeMessagePack(edited(nothing));
    if (!packed.ok) throw new Error("not packed");
    const ours = write(place, "ours.tmp", packed.value);
    expect((await runMain(["merge", words[0]!, ours, words[2]!, "-o", ours])).exitCode).toBe(0);
    const wanted = encodeMessagePack(edited(louder(-3)));
    expect(wanted.ok && readFileSync(ours).equals(wanted.value)).toBe(true);
  });

  test("a side that is no valid document is refused with its line, and the output is left alone", async () => {
    const { place, words } = files(nothing, nothing);
    const broken = write(
      place,
      "broken.mix.json",
      readFileSync(words[1]!, "utf8").replace('"ratio": 3', '"ratio": 300'),
    );
    const output = write(place, "out.mix.json", "before");
    const run = await runJson<{ errors: { file: string; line: number }[] }>([
      "merge",
      words[0]!,
      broken,
      words[2]!,
      "-o",
      output,
    ]);
    expect(run.exitCode).toBe(2);
    expect(run.json.errors[0]).toMatchObject({ file: broken });
    expect(run.json.errors[0]!.line).toBeGreaterThan(1);
    expect(readFileSync(output, "utf8")).toBe("before");
  });

  test("a policy that is none is refused with the choices", async () => {
    const { words } = files(nothing, nothing);
    const { exitCode, json } = await runJson<{ errors: object[] }>(["merge", ...words, "--policy", "mine"]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]).toMatchObject({ code: "usage", allowed: ["ours", "theirs", "base", "fail"] });
  });
});
