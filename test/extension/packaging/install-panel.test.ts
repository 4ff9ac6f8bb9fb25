import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installPanel, removePanel, writePanelFolder } from "../../../extension/packaging/install-panel.ts";
import { machineOf } from "../../../extension/packaging/machine.ts";
import { readFolder } from "../../../extension/packaging/panel-files.ts";
import { verifyFiles } from "../../../extension/packaging/verify-files.ts";
import { signedPanel } from "../../support/signed-panel.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const files = signedPanel();
const bytesOf = (list: readonly { path: string; bytes: Uint8Array }[]) =>
  new Map(list.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("hex")]));

describe("installing", () => {
  test("puts the signed files there, in the stead of an older panel, and nothing beside it", () => {
    const extensions = join(folder(), "CEP/extensions");
    const place = installPanel(extensions, { files });
    writeFileSync(join(place, "panel/old.js"), "old");
    expect(verifyFiles(readFolder(place)).problems.map(({ message }) => message)).toEqual([
      "panel/old.js is in the package, but was not signed.",
    ]);
    installPanel(extensions, { files });
    expect(bytesOf(readFolder(place))).toEqual(bytesOf(files));
    expect(verifyFiles(readFolder(place)).problems).toEqual([]);
    expect(readdirSync(extensions)).toEqual(["app.premix.panel"]);
  });

  test("links to a folder; taking the link out leaves the folder", () => {
    const built = join(folder(), "app.premix.panel");
    writePanelFolder(built, files);
    const extensions = folder();
    const place = installPanel(extensions, { linkTo: built });
    expect(lstatSync(place).isSymbolicLink()).toBe(true);
    expect(existsSync(join(place, "panel/panel.js"))).toBe(true);
    expect(removePanel(extensions)).toBe(true);
    expect(readdirSync(extensions)).toEqual([]);
    expect(bytesOf(readFolder(built))).toEqual(bytesOf(files));
  });

  test("takes the panel out; a second time there is nothing to take", () => {
    const extensions = folder();
    installPanel(extensions, { files });
    expect([removePanel(extensions), removePanel(extensions)]).toEqual([true, false]);
    expect(readdirSync(extensions)).toEqual([]);
  });

  test("never replaces or removes what is no panel of ours", () => {
    const extensions = folder();
    mkdirSync(join(extensions, "app.premix.panel/CSXS"), { recursive: true });
    writeFileSync(join(extensions, "app.premix.panel/CSXS/manifest.xml"), '<E ExtensionBundleId="com.other.panel"/>');
    for (const act of [() => installPanel(extensions, { files }), () => removePanel(extensions)])
      expect(act).toThrow(/is no Premix panel\. Move it away/);
    expect(readFileSync(join(extensions, "app.premix.panel/CSXS/manifest.xml"), "utf8")).toContain("com.other.panel");
  });

  test("an installation that fails leaves the panel that was there, and nothing beside it", () => {
    const extensions = folder();
    const place = installPanel(extensions, { files });
    const broken = [...files, { path: "panel/panel.js/below-a-file.js", bytes: new Uint8Array() }];
    expect(() => installPanel(extensions, { files: broken })).toThrow(/could not write/);
    expect(bytesOf(readFolder(place))).toEqual(bytesOf(files));
    expect(readdirSync(extensions)).toEqual(["app.premix.panel"]);
  });

  test("refuses a path that CEP does not load from", () => {
    expect(() => installPanel(join(folder(), "take #1"), { files })).toThrow(/path with #/);
  });

  test("takes no link inside a panel, and leaves out what a file manager left behind", () => {
    const built = folder();
    writeFileSync(join(built, ".DS_Store"), "x");
    writeFileSync(join(built, "a.js"), "x");
    expect(readFolder(built).map(({ path }) => path)).toEqual(["a.js"]);
    symlinkSync(join(built, "a.js"), join(built, "b.js"));
    expect(() => readFolder(built)).toThrow(/is a link/);
  });
});

test("each system's folders are Adobe's", () => {
  const mac = machineOf({}, "darwin", "/Users/ann");
  expect(mac.extensionFolders).toEqual([
    "/Users/ann/Library/Application Support/Adobe/CEP/extensions",
    "/Library/Application Support/Adobe/CEP/extensions",
  ]);
  expect(mac.logFolder).toBe("/Users/ann/Library/Logs/CSXS");
  const windows = machineOf({ APPDATA: "R:/Roaming", TEMP: "R:/Temp" }, "win32", "R:/ann");
  expect(windows.extensionFolders[0]).toBe("R:/Roaming/Adobe/CEP/extensions");
  expect(windows.logFolder).toBe("R:/Temp");
  expect(machineOf({}, "linux", "/home/ann").extensionFolders).toEqual([]);
});
