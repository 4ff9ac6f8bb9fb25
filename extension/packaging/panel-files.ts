import fs from "node:fs";
import { join, relative, sep } from "node:path";
import { ProblemError } from "../../schema/problem.ts";
import type { PackageFile } from "./package-signature.ts";

/** The panel's id in Premiere and the name of its folder. */
export const PANEL_ID = "app.premix.panel";

const MANIFEST_FILE = "CSXS/manifest.xml";
const parts = [
  { from: "CSXS", to: "CSXS" },
  { from: "LICENSE", to: "LICENSE" },
  { from: "DEPENDENCIES.md", to: "DEPENDENCIES.md" },
  { from: "NOTICE.md", to: "NOTICE.md" },
  { from: "dist/panel", to: "panel" },
  { from: "dist/host-scripts", to: "host-scripts" },
] as const;

/** What a system leaves behind in folders; in a package it would break the signature. */
const isLitter = (name: string): boolean => name === ".DS_Store" || name === "Thumbs.db" || name.startsWith("._");

const refuse = (path: string, message: string): never => {
  throw new ProblemError({ code: "path-refused", message, file: path });
};

/** Every regular file at or below a path, by name; a link is refused, for CEP takes none in a package. */
export const filesBelow = (path: string): string[] => {
  const stats = fs.lstatSync(path);
  if (stats.isFile()) return [path];
  if (!stats.isDirectory()) return refuse(path, `${path} is a link or no regular file; a panel holds files only.`);
  const names = fs.readdirSync(path).filter((name) => !isLitter(name));
  return names.sort().flatMap((name) => filesBelow(join(path, name)));
};

/** A folder as the files of a package. */
export const readFolder = (folder: string, prefix = ""): PackageFile[] =>
  filesBelow(folder).map((path) => ({
    path: [prefix, relative(folder, path).split(sep).join("/")].filter((part) => part !== "").join("/"),
    bytes: fs.readFileSync(path),
  }));

/** The built panel of a checkout: manifest, page, host scripts, notices. */
export const readPanel = (checkout: string): PackageFile[] =>
  parts
    .flatMap(({ from, to }) => {
      const path = join(checkout, from);
      if (fs.existsSync(path)) return readFolder(path, to);
      return refuse(path, `${path} is missing. Run npm run build in the checkout, then try again.`);
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1));

export type PanelManifest = {
  readonly id: string;
  readonly version: string;
  /** Range of Premiere versions, as CEP writes it. */
  readonly hostRange: string;
  /** The least CEP version. */
  readonly cepVersion: string;
};

/** What a panel's manifest says about itself; null when it is not there or names none of that. */
export const readManifest = (files: readonly PackageFile[]): PanelManifest | null => {
  const bytes = files.find(({ path }) => path === MANIFEST_FILE)?.bytes;
  const text = Buffer.from(bytes ?? []).toString("utf8");
  const find = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? "";
  const id = find(/ExtensionBundleId="([^"]*)"/);
  const version = find(/ExtensionBundleVersion="([^"]*)"/);
  const hostRange = find(/<Host\s+Name="PPRO"\s+Version="([^"]*)"/);
  const cepVersion = find(/<RequiredRuntime\s+Name="CSXS"\s+Version="([^"]*)"/);
  return id === "" ? null : { id, version, hostRange, cepVersion };
};
