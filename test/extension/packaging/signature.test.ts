// What Premiere would check of a package, and that nothing in it can be changed unnoticed.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, createVerify, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalXml, elementsOf, readXmlNodes } from "../../../extension/packaging/canonical-xml.ts";
import { createSelfSignedIdentity } from "../../../extension/packaging/certificate.ts";
import { type PackageFile, SIGNATURES_FILE, signFiles } from "../../../extension/packaging/package-signature.ts";
import { verifyFiles } from "../../../extension/packaging/verify-files.ts";
import { panelFiles, signedPanel, testIdentity, withChanged } from "../../support/signed-panel.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

const signaturesOf = (files: readonly PackageFile[]): string =>
  Buffer.from(files.find(({ path }) => path === SIGNATURES_FILE)!.bytes).toString("utf8");

const messages = (files: readonly PackageFile[], now?: Date): string =>
  verifyFiles(files, now)
    .problems.map(({ message }) => message)
    .join("\n");

/** Without a parser of ours: what is signed differs from its canonical form by the namespace above it and by short empty elements. */
const canonicalBySight = (xml: string, name: string): string => {
  const inside = new RegExp(`<${name}( [^>]*)?>[\\s\\S]*</${name}>`).exec(xml)![0];
  const long = inside.replace(/<(\w+)([^<>]*)\/>/g, "<$1$2></$1>");
  return long.replace(`<${name}`, `<${name} xmlns="http://www.w3.org/2000/09/xmldsig#"`);
};

const base64In = (xml: string, name: string): Buffer =>
  Buffer.from(new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(xml)![1]!.replace(/\s/g, ""), "base64");

/** openssl's word on an RSA signature, or Node's where there is none. */
const isSignedBy = (certificate: X509Certificate, text: string, signature: Buffer): boolean => {
  if (!hasOpenssl) return createVerify("sha1").update(text).verify(certificate.publicKey, signature);
  const place = folder();
  const path = (name: string, content: string | Buffer) => {
    writeFileSync(join(place, name), content);
    return join(place, name);
  };
  const key = path("key.pem", certificate.publicKey.export({ type: "spki", format: "pem" }));
  const files = ["-signature", path("signature", signature), path("text", text)];
  return spawnSync("openssl", ["dgst", "-sha1", "-verify", key, ...files]).status === 0;
};

describe("a signed package", () => {
  const files = signedPanel();
  const xml = signaturesOf(files);
  const certificate = new X509Certificate(base64In(xml, "X509Certificate"));

  test("begins with its mimetype and ends with its signatures", () => {
    expect(files.map(({ path }) => path)).toEqual([
      "mimetype",
      ...panelFiles.map(({ path }) => path),
      "META-INF/signatures.xml",
    ]);
    expect(Buffer.from(files[0]!.bytes).toString()).toBe("application/vnd.adobe.air-ucf-package+zip");
  });

  test("holds up to a verification that knows nothing of ours", () => {
    const manifest = canonicalBySight(xml, "Manifest");
    const signedInfo = canonicalBySight(xml, "SignedInfo");
    expect(createHash("sha256").update(manifest).digest()).toEqual(base64In(signedInfo, "DigestValue"));
    expect(isSignedBy(certificate, signedInfo, base64In(xml, "SignatureValue"))).toBe(true);
    expect(isSignedBy(certificate, `${signedInfo} `, base64In(xml, "SignatureValue"))).toBe(false);
    for (const { path, bytes } of files.slice(0, -1)) {
      const digest = createHash("sha256").update(bytes).digest("base64");
      const name = encodeURI(path).replaceAll("&", "&amp;");
      expect(manifest).toContain(`<Reference URI="${name}">`);
      expect(manifest).toContain(`<DigestValue>${digest}</DigestValue>`);
    }
  });

  test("verifies, and says that it has no timestamp", () => {
    const verdict = verifyFiles(files);
    expect(verdict).toMatchObject({ verifiedFiles: 5, timestamped: false, problems: [] });
    expect(verdict.certificate).toMatchObject({ selfSigned: true, keyBits: 2048 });
    expect(verdict.warnings.join()).toContain("no timestamp");
  });

  test("is the same text for the same files and key", () => {
    expect(signaturesOf(signFiles(panelFiles, testIdentity()))).toBe(xml);
  });
});

describe("the certificate made here", () => {
  test("is one that others read: version 3, its own authority, for code signing, for 20 years", () => {
    const { certificate } = testIdentity();
    expect(certificate.ca).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.3"]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(testIdentity().privateKey)).toBe(true);
    const years = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (365.25 * 86_400_000);
    expect(years).toBeCloseTo(20, 1);
    if (!hasOpenssl) return;
    const text = execFileSync("openssl", ["x509", "-noout", "-text"], { input: certificate.toString() }).toString();
    expect(text).toContain("Version: 3");
    expect(text).toContain("Digital Signature, Certificate Sign");
    expect(text).toContain("sha256WithRSAEncryption");
  });

  test("names dates beyond 2049 with four digits of the year", () => {
    const { certificate } = createSelfSignedIdentity(new Date("2045-03-01T12:00:00Z"));
    expect(certificate.validFrom).toContain("2045");
    expect(certificate.validTo).toContain("2065");
  });
});

describe("what was changed after signing is named", () => {
  const files = signedPanel();
  const xml = (change: (text: string) => string) => withChanged(files, SIGNATURES_FILE, change);
  const other = signFiles(panelFiles, createSelfSignedIdentity());
  const otherCertificate = /<X509Certificate>[\s\S]*<\/X509Certificate>/.exec(signaturesOf(other))![0];
  const forged = withChanged(files, "panel/panel.js", (text) => `${text}// evil`);
  const digestOf = (list: readonly PackageFile[]) =>
    createHash("sha256")
      .update(list.find(({ path }) => path === "panel/panel.js")!.bytes)
      .digest("base64");

  test.each<[string, readonly PackageFile[], RegExp]>([
    ["a file", forged, /^panel\/panel.js was changed after it was signed\.$/],
    ["a file taken out", files.filter(({ path }) => path !== "panel/empty.txt"), /^panel\/empty.txt was signed, but/],
    ["a file put in", [...files, { path: "panel/evil.js", bytes: new Uint8Array(1) }], /^panel\/evil.js is in the/],
    ["the mimetype", withChanged(files, "mimetype", () => "text/plain"), /mimetype was changed/],
    [
      "a file and its digest",
      withChanged(forged, SIGNATURES_FILE, (text) => text.replace(digestOf(files), digestOf(forged))),
      /^The list of the package's contents is not the one that was signed\.$/,
    ],
    ["a name in the list", xml((text) => text.replace("empty.txt", "emptx.txt")), /not the one that was signed/],
    ["white space in the list", xml((text) => text.replace("</Manifest>", " </Manifest>")), /not the one that was/],
    ["what was signed", xml((text) => text.replace("</SignedInfo>", " </SignedInfo>")), /not made with the key/],
    [
      "the signature",
      xml((text) => text.replace(/(<SignatureValue[^>]*>)./, "$1A").replace(/(Value">A)./, "$1A")),
      /not made with the key/,
    ],
    [
      "the certificate for another",
      xml((text) => text.replace(/<X509Certificate>[\s\S]*<\/X509Certificate>/, otherCertificate)),
      /not made with the key/,
    ],
    [
      "the certificate for none",
      xml((text) => text.replace(/(<X509Certificate>)[\s\S]{40}/, "$1")),
      /certificate in it cannot be read/,
    ],
    ["a second list", xml((text) => text.replace(/<Object>[\s\S]*<\/Object>/, "$&$&")), /holds 2 lists/],
    ["a second SignedInfo", xml((text) => text.replace(/<SignedInfo>[\s\S]*<\/SignedInfo>/, "$&$&")), /2 <SignedInfo>/],
    ["a weak digest", xml((text) => text.replaceAll("xmlenc#sha256", "xmlenc#md5")), /<DigestMethod> is .*md5/],
    [
      "a file listed twice",
      xml((text) => text.replace(/<Reference URI="mimetype">[\s\S]*?<\/Reference>/, "$&$&")),
      /mimetype is listed twice/,
    ],
    ["no signatures", files.filter(({ path }) => path !== SIGNATURES_FILE), /It is not signed/],
    ["no XML", xml(() => "<signatures"), /not well-formed/],
    ["entities", xml((text) => `<!DOCTYPE signatures [<!ENTITY a "b">]>${text}`), /brings its own DTD/],
  ])("%s", (_what, changed, sentence) => {
    expect(messages(changed)).toMatch(sentence);
  });

  test("the certificate's own bytes", () => {
    const der = Buffer.from(testIdentity().certificate.raw);
    const at = der.indexOf("self-signed");
    der.write("SELF", at, "latin1");
    der.write("SELF", der.indexOf("self-signed"), "latin1");
    const changed = xml((text) =>
      text.replace(/(<X509Certificate>)[\s\S]*(<\/X509Certificate>)/, `$1${der.toString("base64")}$2`),
    );
    expect(messages(changed)).toBe("The certificate says that it signed itself, but its signature is not its own.");
  });

  test("a name in the certificate that its own signature no longer covers is said to be unchecked", () => {
    const der = Buffer.from(testIdentity().certificate.raw);
    der.write("SELF", der.lastIndexOf("self-signed"), "latin1");
    const changed = xml((text) =>
      text.replace(/(<X509Certificate>)[\s\S]*(<\/X509Certificate>)/, `$1${der.toString("base64")}$2`),
    );
    const { problems, warnings, certificate: facts } = verifyFiles(changed);
    expect([problems, facts!.selfSigned]).toEqual([[], false]);
    expect(warnings.join()).toContain("(self-signed) issued it, which is not checked");
  });

  test("a certificate whose key is damaged is refused in a sentence", () => {
    const whole = testIdentity().certificate.raw;
    const key = whole.indexOf(Buffer.from("2a864886f70d010101", "hex"));
    const broken = `$1${Buffer.from(whole)
      .fill(0xff, key + 16, key + 24)
      .toString("base64")}$2`;
    const changed = xml((text) => text.replace(/(<X509Certificate>)[\s\S]*(<\/X509Certificate>)/, broken));
    expect(messages(changed)).toBe("The certificate in it cannot be read.");
  });

  test("a package signed anew by somebody else is whole, but has another fingerprint", () => {
    const forgery = signFiles(panelFiles, createSelfSignedIdentity());
    const [mine, theirs] = [verifyFiles(files), verifyFiles(forgery)];
    expect(theirs.problems).toEqual([]);
    expect(theirs.certificate!.fingerprint).not.toBe(mine.certificate!.fingerprint);
  });

  test("a certificate that has ended, or has not begun", () => {
    expect(messages(files, new Date("2099-01-01"))).toMatch(/The certificate ended on 20/);
    expect(messages(files, new Date("2001-01-01"))).toMatch(/The certificate begins on 20/);
  });
});

describe("canonical XML", () => {
  const canonical = (xml: string, path: readonly string[] = []): string => {
    let node = readXmlNodes(Buffer.from(xml), "test.xml");
    for (const name of path) node = elementsOf(node).find((one) => one.name === name)!;
    return canonicalXml(node);
  };

  test.each([
    ['<a  z="1"\n b="2"/>', '<a b="2" z="1"></a>'],
    ["<a><!-- said --> <b/>\r\n</a>", "<a> <b></b>\n</a>"],
    ["<a>&lt;&amp;&gt;&quot;&#13;</a>", '<a>&lt;&amp;&gt;"&#xD;</a>'],
    ['<a b="&lt;&amp;&gt;&quot;&#9;&#10;&#13;"/>', '<a b="&lt;&amp;>&quot;&#x9;&#xA;&#xD;"></a>'],
    ["<a><![CDATA[1 < 2]]></a>", "<a>1 &lt; 2</a>"],
    ['<a xmlns:y="urn:y" xmlns="urn:d" xmlns:x="urn:x"/>', '<a xmlns="urn:d" xmlns:x="urn:x" xmlns:y="urn:y"></a>'],
    ['<a xmlns="urn:d"><b xmlns="urn:d"/></a>', '<a xmlns="urn:d"><b></b></a>'],
    ['<a xmlns="urn:d"><b xmlns=""/></a>', '<a xmlns="urn:d"><b xmlns=""></b></a>'],
    [
      '<a xmlns:p="urn:z" xmlns:q="urn:a" p:c="1" q:b="2" z="3"/>',
      '<a xmlns:p="urn:z" xmlns:q="urn:a" z="3" q:b="2" p:c="1"></a>',
    ],
  ])("%s", (xml, wanted) => {
    expect(canonical(xml)).toBe(wanted);
  });

  test("an inner element brings the namespaces that it inherits", () => {
    expect(canonical('<a xmlns="urn:d" xmlns:p="urn:p"><b c="1"/></a>', ["b"])).toBe(
      '<b xmlns="urn:d" xmlns:p="urn:p" c="1"></b>',
    );
  });
});
