import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const root = join(import.meta.dirname, "../../..");
const folder = temporaryFolders();
const certificate = join(root, "test/fixtures/packaging/studio.p12");

type Packed = {
  readonly package: string;
  readonly folder: string;
  readonly version: string;
  readonly sha256: string;
  readonly verifiedFiles: number;
  readonly madeCertificate: boolean;
  readonly certificate: { readonly subject: string; readonly fingerprint: string };
};

type Verified = {
  readonly ok: boolean;
  readonly verifiedFiles: number;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly file?: string }[];
};

/** A user with a home of his own, so that no test touches the real one's certificate. */
const user = (env: Readonly<Record<string, string>> = {}) => {
  const workingFolder = folder();
  return { workingFolder, env: { HOME: workingFolder, XDG_CONFIG_HOME: join(workingFolder, "config"), ...env } };
};

describe("premix package", () => {
  test("makes the same package again, and verify-package finds it good, as a file and as a folder", async () => {
    const options = user();
    const first = await runJson<Packed>(["package", "-o", "a/one.zxp"], options);
    const second = await runJson<Packed>(["package", "-o", "two.zxp"], options);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect([first.json.madeCertificate, second.json.madeCertificate]).toEqual([true, false]);
    expect(second.json.sha256).toBe(first.json.sha256);
    expect(first.json.verifiedFiles).toBeGreaterThan(8);
    for (const path of ["a/one.zxp", "two.zxp", first.json.folder]) {
      const { exitCode, json } = await runJson<Verified>(["verify-package", path], options);
      expect([exitCode, json.errors, json.verifiedFiles]).toEqual([0, [], first.json.verifiedFiles]);
    }
    const manifest = readFileSync(join(first.json.folder, "CSXS/manifest.xml"), "utf8");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(manifest.match(/Version="([\d.]+)"/g)).toContain(`Version="${version}"`);
    expect(first.json.version).toBe(version);
  });

  test("signs with a certificate that is given, its password in the environment", async () => {
    const argv = ["package", "-o", "studio.zxp", "--certificate", certificate, "--password-env", "STUDIO"];
    const options = user({ STUDIO: "harbour" });
    const { exitCode, json } = await runJson<Packed>(argv, options);
    expect(exitCode).toBe(0);
    expect(json.certificate.subject).toContain("Studio Harbour");
    expect(existsSync(options.env.XDG_CONFIG_HOME)).toBe(false);
    const { fingerprint } = json.certificate;
    const check = (wanted: string) => runMain(["verify-package", "studio.zxp", "--fingerprint", wanted], options);
    expect((await check(fingerprint)).exitCode).toBe(0);
    const stranger = await check("00".repeat(32));
    expect(stranger.exitCode).toBe(2);
    expect(stranger.stdout).toContain("signed with another certificate");
  });

  test.each([
    [["--certificate", certificate], {}, /password .* is not the right one/],
    [["--certificate", certificate, "--password-env", "STUDIO"], {}, /STUDIO of --password-env is not set/],
    [["--password-env", "STUDIO"], { STUDIO: "x" }, /belongs to --certificate/],
    [["--certificate", "nowhere.p12"], {}, /Nothing is there/],
  ])("%j is refused, and no package is left", async (words, env, sentence) => {
    const options = user(env);
    const { exitCode, stderr } = await runMain(["package", "-o", "x.zxp", ...words], options);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(readdirSync(options.workingFolder)).toEqual([]);
  });
});

describe("premix verify-package", () => {
  test("names what differs and ends with 2; what is no package is refused", async () => {
    const options = user();
    await runMain(["install-panel", "--to", "ext"], options);
    const panel = join(options.workingFolder, "ext/app.premix.panel");
    writeFileSync(join(panel, "panel/panel.css"), "body {}");
    const { exitCode, json } = await runJson<Verified>(["verify-package", panel], options);
    expect(exitCode).toBe(2);
    expect(json.ok).toBe(false);
    expect(json.errors).toEqual([
      {
        code: "bad-signature",
        message: "panel/panel.css was changed after it was signed.",
        file: "panel/panel.css",
      },
    ]);
    writeFileSync(join(options.workingFolder, "song.zxp"), "no package");
    expect((await runMain(["verify-package", "song.zxp"], options)).stderr).toContain("too short");
    expect((await runMain(["verify-package", "nowhere.zxp"], options)).stderr).toContain("Nothing is there");
  });
});

describe("premix install-panel", () => {
  test("installs, links and removes; the certificate is kept for the user alone", async () => {
    const options = user();
    const place = join(options.workingFolder, "ext/app.premix.panel");
    expect((await runMain(["install-panel", "--to", "ext"], options)).exitCode).toBe(0);
    expect(existsSync(join(place, "META-INF/signatures.xml"))).toBe(true);
    const key = join(options.env.XDG_CONFIG_HOME, "premix/signing.pem");
    if (process.platform === "linux") expect(statSync(key).mode & 0o777).toBe(0o600);
    const linked = await runJson<{ linkedTo: string }>(["install-panel", "--to", "ext", "--link"], options);
    expect(linked.json.linkedTo).toMatch(/dist.package.app\.premix\.panel$/);
    expect((await runJson<{ removed: boolean }>(["install-panel", "--to", "ext", "--remove"], options)).json).toEqual({
      ok: true,
      exitCode: 0,
      panel: place,
      removed: true,
    });
    expect(existsSync(place)).toBe(false);
  });

  test("says where Premiere is not that a folder is wanted", async () => {
    const { exitCode, stderr } = await runMain(["install-panel"], user());
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--to <dir>");
  });
});
