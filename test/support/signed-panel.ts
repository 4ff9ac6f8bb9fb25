import { createSelfSignedIdentity, type SigningIdentity } from "../../extension/packaging/certificate.ts";
import { type PackageFile, signFiles } from "../../extension/packaging/package-signature.ts";

let identity: SigningIdentity | undefined;

/** One key for all tests of a file: making one takes a tenth of a second. */
export const testIdentity = (): SigningIdentity => {
  identity ??= createSelfSignedIdentity();
  return identity;
};

/** Names that need care in XML, in a URI and in a ZIP. */
export const panelFiles: readonly PackageFile[] = [
  {
    path: "CSXS/manifest.xml",
    bytes: Buffer.from(
      '<ExtensionManifest ExtensionBundleId="app.premix.panel" ExtensionBundleVersion="1.2.3">' +
        '<Host Name="PPRO" Version="[25.0,99.9]"/><RequiredRuntime Name="CSXS" Version="12.0"/></ExtensionManifest>',
    ),
  },
  { path: "panel/Größe & 'mehr' 100%.txt", bytes: Buffer.from("mixed\r\nlines\n") },
  { path: "panel/empty.txt", bytes: new Uint8Array() },
  { path: "panel/panel.js", bytes: Buffer.from("console.log(1);\n".repeat(500)) },
];

export const signedPanel = (): PackageFile[] => signFiles(panelFiles, testIdentity());

/** The package with one file's text changed. */
export const withChanged = (
  files: readonly PackageFile[],
  path: string,
  change: (text: string) => string,
): PackageFile[] =>
  files.map((file) =>
    file.path === path ? { path, bytes: Buffer.from(change(Buffer.from(file.bytes).toString("utf8"))) } : file,
  );
