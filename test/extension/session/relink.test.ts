import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { unknownFingerprint } from "../../../extension/session/fingerprint.ts";
import { requireAllMedia } from "../../../extension/session/media-problems.ts";
import { type MediaReference, type RelinkOptions, relinkMedia } from "../../../extension/session/relink.ts";
import { recordingFiles } from "../../support/recording-files.ts";

const mediaVariable = ["$", "{media}"].join("");
const folders: string[] = [];
const tree = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), "premix-relink-"));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const timecode = { frameRate: "25", dropFrame: false, startTicks: "0" };
const reference = (path: string, more: Partial<MediaReference> = {}): MediaReference => ({
  id: "med_a",
  path,
  fingerprint: unknownFingerprint,
  uses: [{ clip: "Take 1", startTicks: "10160640000" }],
  ...more,
});
const relink = async (path: string, options: Partial<RelinkOptions>, more: Partial<MediaReference> = {}) => {
  const files = recordingFiles();
  const all: RelinkOptions = { mediaFolders: [], baseFolders: [], trust: "host", ...options };
  const [one] = await relinkMedia(files, [reference(path, more)], all);
  return { ...one!, touched: files.touched };
};

describe("relinking media", () => {
  test("a path that the host reported and that exists here is used as it is", async () => {
    const root = tree({ "a.wav": "1" });
    expect(await relink(join(root, "a.wav"), {})).toMatchObject({ state: "found", path: join(root, "a.wav") });
  });

  test("a Windows path is found by its name in a sub-folder of a media folder", async () => {
    const root = tree({ "day 1/A012_BOOM.wav": "1" });
    const found = await relink("D:\\Show\\media\\A012_BOOM.wav", { mediaFolders: [root] });
    expect(found).toMatchObject({ state: "moved", path: join(root, "day 1/A012_BOOM.wav") });
  });

  test.each([
    ["another case", "D:/x/TAKE.WAV", "take.wav"],
    ["a decomposed accent", "/x/Cafe\u0301.wav", "Caf\u00e9.wav"],
    ["a composed accent", "/x/Caf\u00e9.wav", "Cafe\u0301.wav"],
  ])("a name written in %s is the same file", async (_, written, stored) => {
    const root = tree({ [stored]: "1" });
    expect((await relink(written, { mediaFolders: [root] })).state).toBe("moved");
  });

  test("the folders are searched in the order given", async () => {
    const first = tree({ "a.wav": "first" });
    const second = tree({ "a.wav": "second" });
    expect((await relink("Z:/a.wav", { mediaFolders: [second, first] })).path).toBe(join(second, "a.wav"));
  });

  test("two files of that name are told apart by size, then by the folders around them", async () => {
    const root = tree({ "card1/take.wav": "long one", "card2/take.wav": "short" });
    const bySize = await relink(
      "Z:/take.wav",
      { mediaFolders: [root] },
      { fingerprint: { ...unknownFingerprint, sizeBytes: 5 } },
    );
    expect(bySize.path).toBe(join(root, "card2/take.wav"));
    const byFolder = await relink("Z:/shoot/card1/take.wav", { mediaFolders: [root] });
    expect(byFolder.path).toBe(join(root, "card1/take.wav"));
  });

  test("two files that nothing tells apart are ambiguous, never a guess", async () => {
    const root = tree({ "card1/take.wav": "a", "card2/take.wav": "b" });
    const found = await relink("Z:/take.wav", { mediaFolders: [root] });
    expect(found.state).toBe("ambiguous");
    expect(found.path).toBeNull();
    const all = requireAllMedia([found], timecode);
    expect(all.ok).toBe(false);
    if (!all.ok) expect(all.problems[0]!.message).toContain("card1");
  });

  test("every missing file is named with the clip and timecode that need it", () => {
    const missing = ["a.wav", "b.wav"].map((name) => ({
      id: name,
      reference: reference(`D:/x/${name}`),
      state: "missing" as const,
      path: null,
      candidates: [],
      by: null,
      difference: null,
      refused: null,
    }));
    const all = requireAllMedia(missing, timecode);
    expect(all.ok).toBe(false);
    if (all.ok) return;
    expect(all.problems.map(({ code }) => code)).toEqual(["missing-media", "missing-media"]);
    expect(all.problems[1]!.message).toContain("b.wav");
    expect(all.problems[1]!.message).toContain('"Take 1" at 00:00:00:01');
    expect(all.problems[1]!.message).toContain("--media");
  });

  test("a document's relative path is read beside the document", async () => {
    const root = tree({ "media/a.wav": "1" });
    const found = await relink("media/a.wav", { baseFolders: [root], trust: "document" });
    expect(found).toMatchObject({ state: "found", path: join(root, "media/a.wav") });
  });

  test.each([
    "../secret.wav",
    "media/../../secret.wav",
    "/etc/passwd",
    "/dev/zero",
    "/proc/self/mem",
    "//host/share/a.wav",
    "\\\\host\\share\\a.wav",
    "\\\\?\\C:\\a.wav",
    "file://host/a.wav",
    "http://host/a.wav",
    "C:\\Windows\\a.wav",
    "C:a.wav",
    `${mediaVariable}/../../etc/a.wav`,
    "a\0.wav",
  ])("a document from elsewhere cannot make us look at %j", async (path) => {
    const root = tree({ "doc.mix.json": "{}" });
    const found = await relink(path, { baseFolders: [root], trust: "document" });
    expect(found.path).toBeNull();
    expect(found.touched.filter((touched) => !touched.startsWith(root))).toEqual([]);
    expect(found.touched).not.toContain(join(root, "..", "secret.wav"));
  });

  test("network and device paths are not opened even when the host reports them", async () => {
    for (const path of ["//host/share/a.wav", "/dev/zero", "\\\\?\\C:\\a.wav"]) {
      const found = await relink(path, {});
      expect(found.touched).toEqual([]);
      expect(found.refused).toContain("--media");
    }
  });
});
