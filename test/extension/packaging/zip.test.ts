import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PackageFile, SIGNATURES_FILE } from "../../../extension/packaging/package-signature.ts";
import { verifyFiles } from "../../../extension/packaging/verify-files.ts";
import { readZip } from "../../../extension/packaging/zip-reader.ts";
import { writeZip } from "../../../extension/packaging/zip-writer.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { type Random, randomFrom } from "../../support/random.ts";
import { signedPanel } from "../../support/signed-panel.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const files = signedPanel();
const zip = Buffer.from(writeZip(files));

const replaced = (from: string, to: string): Buffer => {
  const bytes = Buffer.from(zip);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, "latin1");
  return bytes;
};

const withNumber = (signature: string, offset: number, value: number): Buffer => {
  const bytes = Buffer.from(zip);
  bytes.writeUInt32LE(value, bytes.indexOf(Buffer.from(signature, "latin1")) + offset);
  return bytes;
};

describe("the ZIP of a package", () => {
  test("comes back as it went in", () => {
    expect(readZip(zip).map(({ path, bytes }) => [path, Buffer.from(bytes).toString("hex")])).toEqual(
      files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("hex")]),
    );
  });

  test("is the same bytes each time; the mimetype stands plainly at its beginning, as the format wants", () => {
    expect(Buffer.from(writeZip(files)).equals(zip)).toBe(true);
    expect(zip.toString("latin1", 30, 79)).toBe("mimetypeapplication/vnd.adobe.air-ucf-package+zip");
    expect(zip.readUInt16LE(8)).toBe(0);
  });

  test("is one to others: unzip tests it without a complaint", () => {
    const path = join(folder(), "panel.zxp");
    writeFileSync(path, zip);
    const { error, status, stdout } = spawnSync("unzip", ["-t", path], { encoding: "utf8" });
    expect(error ? readZip(zip).length : status, stdout).toBe(error ? files.length : 0);
  });
});

describe("what is no package is refused in a sentence", () => {
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /too short/],
    ["something else", Buffer.alloc(5000, 7), /no directory of a ZIP/],
    ["one that is cut off", zip.subarray(0, zip.length - 1), /no directory of a ZIP/],
    [
      "a path that leaves the folder",
      replaced("panel/empty.txt", "../../empty.txt"),
      /"..\/..\/empty.txt" is not allowed/,
    ],
    ["an absolute path", replaced("panel/empty.txt", "/anel/empty.txt"), /is not allowed/],
    ["a drive", replaced("panel/empty.txt", "C:nel/empty.txt"), /is not allowed/],
    ["a damaged file", withNumber("PK\u0001\u0002", 16, 1), /mimetype is damaged/],
    ["a forged length", withNumber("PK\u0001\u0002", 24, 0x7fffffff), /at most 536870912 are read/],
    ["a forged place", withNumber("PK\u0001\u0002", 42, 0x7fffffff), /mimetype is damaged/],
    ["a link", withNumber("PK\u0001\u0002", 38, 0xa1ff0000), /symbolic link/],
    [
      "two names for one file",
      replaced("panel/empty.txt", "panel/PANEL.js\0").map((byte) => byte),
      /not allowed|twice/,
    ],
    ["another name in its own header", Buffer.from(zip).fill("M", 30, 31), /another name in its own header/],
  ])("%s", (_what, bytes, sentence) => {
    expect(() => readZip(bytes)).toThrow(sentence);
  });

  test("a file twice, in whatever case", () => {
    const double = writeZip([...files, { path: "Panel/PANEL.js", bytes: new Uint8Array(3) }]);
    expect(() => readZip(double)).toThrow("Panel/PANEL.js is in it twice");
  });

  test("a file that unpacks to more than it says is stopped there", () => {
    const bomb = Buffer.from(writeZip([files[0]!, { path: "bomb", bytes: new Uint8Array(50_000_000) }]));
    bomb.writeUInt32LE(1000, bomb.lastIndexOf(Buffer.from("PK\u0001\u0002", "latin1")) + 24);
    expect(() => readZip(bomb)).toThrow("bomb cannot be unpacked");
  });
});

describe("one bit turned anywhere", () => {
  const turned = (bytes: Uint8Array, { below }: Random): Buffer => {
    const other = Buffer.from(bytes);
    const at = below(other.length);
    other[at] = other[at]! ^ (1 << below(8));
    return other;
  };
  const contents = (list: readonly PackageFile[]) =>
    list.map(({ path, bytes }) => `${path} ${Buffer.from(bytes).toString("base64")}`).join();

  test("in the ZIP is refused, or is of no account to the files in it", () => {
    const random = randomFrom(7);
    const outcome = (bytes: Uint8Array): string => {
      try {
        return contents(readZip(bytes)) === contents(files) ? "same" : "other files";
      } catch (error) {
        return error instanceof ProblemError ? "refused" : String(error);
      }
    };
    const outcomes = new Set(Array.from({ length: 1000 }, () => outcome(turned(zip, random))));
    expect([...outcomes].sort()).toEqual(["refused", "same"]);
  });

  test("in a file is named by the verifier", () => {
    const random = randomFrom(8);
    const signed = files.filter(({ path, bytes }) => path !== SIGNATURES_FILE && bytes.length > 0);
    for (let round = 0; round < 200; round += 1) {
      const { path, bytes } = random.pick(signed);
      const changed = files.map((file) => (file.path === path ? { path, bytes: turned(bytes, random) } : file));
      expect(verifyFiles(changed).problems.map(({ message }) => message)).toContain(
        `${path} was changed after it was signed.`,
      );
    }
  });

  test("in the signatures is told, or changes nothing that was signed; never a crash", () => {
    const random = randomFrom(9);
    for (let round = 0; round < 5000; round += 1) {
      const changed = files.map(({ path, bytes }) => ({
        path,
        bytes: path === SIGNATURES_FILE ? turned(bytes, random) : bytes,
      }));
      const { problems, verifiedFiles, certificate, warnings } = verifyFiles(changed);
      if (problems.length > 0) continue;
      expect(verifiedFiles).toBe(5);
      // A name that the certificate did not sign itself is said to be unchecked.
      if (certificate!.selfSigned) expect(certificate).toEqual(verifyFiles(files).certificate);
      else expect(warnings.join()).toContain("which is not checked");
    }
  });
});
