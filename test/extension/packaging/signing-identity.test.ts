import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { machineOf } from "../../../extension/packaging/machine.ts";
import { givenIdentity, identityFile, ownIdentity } from "../../../extension/packaging/signing-identity.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const fixture = (name: string): string => join(import.meta.dirname, "../../fixtures/packaging", name);

describe("the user's own certificate", () => {
  test("is made once, kept for the user alone, and found again", () => {
    const machine = machineOf({}, "linux", folder());
    const first = ownIdentity(machine);
    const again = ownIdentity(machine);
    expect([first.made, again.made]).toEqual([true, false]);
    expect(again.identity.certificate.fingerprint256).toBe(first.identity.certificate.fingerprint256);
    expect(identityFile(machine)).toBe(join(machine.home, ".config/premix/signing.pem"));
    expect(statSync(identityFile(machine)).mode & 0o777).toBe(0o600);
    expect(statSync(machine.configFolder).mode & 0o777).toBe(0o700);
    expect(readdirSync(machine.configFolder)).toEqual(["signing.pem"]);
  });

  test("is not used when others may read its key", () => {
    const machine = machineOf({}, "linux", folder());
    ownIdentity(machine);
    chmodSync(identityFile(machine), 0o644);
    expect(() => ownIdentity(machine)).toThrow(/chmod 600/);
  });

  test("is not overwritten when its file is damaged", () => {
    const machine = machineOf({}, "linux", folder());
    ownIdentity(machine);
    writeFileSync(identityFile(machine), "gone");
    expect(() => ownIdentity(machine)).toThrow(/No key and certificate|ASN.1/);
    expect(readFileSync(identityFile(machine), "utf8")).toBe("gone");
  });
});

describe("a certificate that is given", () => {
  test.each(["studio.p12", "studio-3des.p12", "studio-rc2.p12", "studio-rc2-128.p12", "studio-aes128.p12"])(
    "%s is read",
    (name) => {
      const { privateKey, certificate } = givenIdentity(fixture(name), "harbour");
      expect(certificate.subject).toContain("CN=Harbour");
      expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    },
  );

  test("the file made on first use can be given elsewhere", () => {
    const machine = machineOf({}, "linux", folder());
    const { identity } = ownIdentity(machine);
    const path = join(folder(), "carried.pem");
    copyFileSync(identityFile(machine), path);
    expect(givenIdentity(path, undefined).certificate.fingerprint256).toBe(identity.certificate.fingerprint256);
  });

  test.each([
    ["studio.p12", "Harbour", /password .* is not the right one/],
    ["studio.p12", undefined, /password .* is not the right one/],
    ["studio-3des.p12", "", /password .* is not the right one/],
    ["studio-rc2.p12", "harbor", /password .* is not the right one/],
    ["studio-rc4.p12", "harbour", /not known here\. Pack it anew: openssl pkcs12 -legacy/],
    ["elliptic.p12", "harbour", /RSA certificates only/],
    ["nowhere.p12", "harbour", /Nothing is there/],
  ])("%s with the password %s is refused", (name, password, sentence) => {
    expect(() => givenIdentity(fixture(name), password)).toThrow(sentence);
  });

  test("whatever is cut off it, it is refused in a sentence", () => {
    const whole = readFileSync(fixture("studio.p12"));
    const path = join(folder(), "cut.p12");
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(path, whole.subarray(0, length));
      expect(() => givenIdentity(path, "harbour")).toThrow(/damaged|No key and certificate|holds no/);
    }
  });
});
