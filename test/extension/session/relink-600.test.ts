import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { unknownFingerprint } from "../../../extension/session/fingerprint.ts";
import { quickHash } from "../../../extension/session/quick-hash.ts";
import { type MediaReference, relinkMedia } from "../../../extension/session/relink.ts";
import { spyingFiles } from "../../support/spying-files.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const media = ["$", "{media}"].join("");
const rushes = ["$", "{rushes}"].join("");

const put = (path: string, text: string): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** All of one size, so that only their content tells them apart. */
const contentOf = (index: number) => `take ${String(index).padStart(6, "0")} of the film, as it was recorded`;
const nameOf = (index: number) => `Take_${String(index % 200).padStart(3, "0")}_${index % 2 ? "Boom" : "Lav"}.WAV`;

type Fate = { readonly path: string; readonly text: string; readonly state: string };

/** What became of the n-th file: six kinds of fate, and where it must be found. */
const fateOf = (index: number, roots: { readonly old: string; readonly nas: string; readonly card: string }): Fate => {
  const day = `Day${Math.floor(index / 200)}`;
  const text = contentOf(index);
  switch (index % 6) {
    case 0:
      return { path: join(roots.old, day, nameOf(index)), text, state: "found" };
    case 1:
      return { path: join(roots.nas, "shoot", day.toLowerCase(), nameOf(index).toLowerCase()), text, state: "moved" };
    case 2:
      return { path: join(roots.card, "renamed", `A${index}.wav`), text, state: "moved" };
    case 3:
      return { path: join(roots.card, day, `copy of ${nameOf(index)}`), text, state: "moved" };
    case 4:
      return { path: join(roots.nas, `reel ${index}`, nameOf(index)), text, state: "moved" };
    default:
      return { path: join(roots.old, day, nameOf(index)), text: text.replace("take", "TAKE"), state: "changed" };
  }
};

const shoot = async (count: number) => {
  const top = newFolder();
  const roots = { old: join(top, "media"), nas: join(top, "nas"), card: join(top, "card") };
  const reference = put(join(newFolder(), "reference"), "");
  const fates = Array.from({ length: count }, (_, index) => fateOf(index, roots));
  const references: MediaReference[] = [];
  for (const [index] of fates.entries()) {
    put(reference, contentOf(index));
    references.push({
      id: `med_${index}`,
      path: `${media}/Day${Math.floor(index / 200)}/${nameOf(index)}`,
      fingerprint: {
        ...unknownFingerprint,
        sizeBytes: contentOf(index).length,
        quickHash: await quickHash(createNodeFiles(), reference),
      },
      uses: [],
    });
  }
  for (const { path, text } of fates) put(path, text);
  return { roots, fates, references };
};

describe("relinking a film", () => {
  test("600 media moved, renamed and copied to other roots are all found, none wrongly, and changed ones are told", async () => {
    const { roots, fates, references } = await shoot(600);
    const files = spyingFiles();
    const relinked = await relinkMedia(files, references, {
      mediaFolders: [roots.old, roots.nas],
      variables: new Map([["rushes", roots.card]]),
      baseFolders: [],
      trust: "document",
    });
    expect(relinked.map(({ state }) => state)).toEqual(fates.map(({ state }) => state));
    expect(relinked.map(({ path }) => path)).toEqual(fates.map(({ path }) => path));
    expect(relinked.filter(({ state }) => state === "changed")).toHaveLength(100);
    const outside = [...files.touched].filter((path) => !Object.values(roots).some((root) => path.startsWith(root)));
    expect(outside).toEqual([]);
    expect(new Set(files.opened).size, "each file is hashed at most once").toBe(files.opened.length);
  });

  test("two takes whose names were exchanged are found by their content", async () => {
    const root = newFolder();
    const [a, b] = [put(join(root, "a.wav"), "first take"), put(join(root, "b.wav"), "other take")];
    const print = async (path: string) => ({
      ...unknownFingerprint,
      sizeBytes: 10,
      quickHash: await quickHash(createNodeFiles(), path),
    });
    const references = [
      { id: "med_a", path: "a.wav", fingerprint: await print(b), uses: [] },
      { id: "med_b", path: "b.wav", fingerprint: await print(a), uses: [] },
    ];
    const options = { mediaFolders: [root], baseFolders: [root], trust: "document" as const };
    const relinked = await relinkMedia(createNodeFiles(), references, options);
    expect(relinked.map(({ path }) => path)).toEqual([b, a]);
  });

  test("copies of one medium are no question, but they are named", async () => {
    const root = newFolder();
    const copies = [put(join(root, "one/x.wav"), "same"), put(join(root, "two/y.wav"), "same")];
    const fingerprint = {
      ...unknownFingerprint,
      sizeBytes: 4,
      quickHash: await quickHash(createNodeFiles(), copies[0]!),
    };
    const options = { mediaFolders: [root], baseFolders: [], trust: "document" as const };
    const reference = { id: "med_a", path: `${media}/gone.wav`, fingerprint, uses: [] };
    const [one] = await relinkMedia(createNodeFiles(), [reference], options);
    expect(one).toMatchObject({ state: "moved", by: "content", path: copies[0], candidates: [copies[1]] });
  });

  test("without a hash, rate, channels, length and origin choose between files of one name and size", async () => {
    const root = newFolder();
    put(join(root, "card1/take.wav"), "aaaa");
    const meant = put(join(root, "card2/take.wav"), "bbbb");
    const known = { sampleRate: 48_000, channels: 1, frames: 480, bextTimeReference: "172800000" };
    const options = {
      mediaFolders: [root],
      baseFolders: [],
      trust: "document" as const,
      probe: async (path: string) => ({ ...known, bextTimeReference: path === meant ? "172800000" : "0" }),
    };
    const fingerprint = { ...unknownFingerprint, ...known, sizeBytes: 4 };
    const reference = { id: "med_a", path: "Z:/take.wav", fingerprint, uses: [] };
    expect((await relinkMedia(createNodeFiles(), [reference], options))[0]).toMatchObject({
      state: "moved",
      path: meant,
    });
  });

  test("a variable of this machine stands for its folder", async () => {
    const root = newFolder();
    const path = put(join(root, "day 1/a.wav"), "x");
    const reference = { id: "med_a", path: `${rushes}/day 1/a.wav`, fingerprint: unknownFingerprint, uses: [] };
    const variables = new Map([["rushes", root]]);
    const options = { mediaFolders: [], variables, baseFolders: [], trust: "document" as const };
    expect((await relinkMedia(createNodeFiles(), [reference], options))[0]).toMatchObject({ state: "found", path });
  });

  test("a link in the document's folder that leads out of it is not followed, nor is its target asked for", async () => {
    const [root, outside] = [newFolder(), newFolder()];
    put(join(outside, "secret.wav"), "x");
    symlinkSync(outside, join(root, "media"));
    const files = spyingFiles();
    const reference = { id: "med_a", path: "media/secret.wav", fingerprint: unknownFingerprint, uses: [] };
    const own = { mediaFolders: [], baseFolders: [root], trust: "document" as const };
    const [refused] = await relinkMedia(files, [reference], own);
    expect(refused).toMatchObject({ state: "missing", path: null });
    expect(refused!.refused).toContain("--media");
    expect([...files.touched].filter((path) => path.startsWith(outside) || path.includes("secret"))).toEqual([]);
    const [allowed] = await relinkMedia(files, [reference], { ...own, mediaFolders: [outside] });
    expect(allowed!.state).toBe("found");
  });
});
