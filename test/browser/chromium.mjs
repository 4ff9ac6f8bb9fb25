/** A real Chromium from the npm registry: a Linux build that comes as a package, unpacked beside it on first use. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const folder = import.meta.dirname;
const packed = join(folder, "node_modules/@sparticuz/chromium/bin");
const unpacked = join(folder, "node_modules/.chromium");

const install = () => {
  if (existsSync(join(packed, "chromium.br"))) return;
  console.error("Fetching the test browser from npm (70 MB, once) ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", 2, 2] });
};

const unpack = () => {
  if (existsSync(join(unpacked, "chromium"))) return;
  const work = `${unpacked}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  for (const name of ["al2023", "fonts"]) {
    const tar = join(work, `${name}.tar`);
    writeFileSync(tar, brotliDecompressSync(readFileSync(join(packed, `${name}.tar.br`))));
    execFileSync("tar", ["-xf", tar, "-C", work]);
    rmSync(tar);
  }
  // The packaged configuration looks for fonts in a cloud function's folders; a form control without any font ends the browser.
  const fonts = `<dir>${join(unpacked, "fonts")}</dir><cachedir>${join(unpacked, "font-cache")}</cachedir>`;
  writeFileSync(join(work, "fonts.conf"), `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>\n`);
  writeFileSync(join(work, "chromium"), brotliDecompressSync(readFileSync(join(packed, "chromium.br"))));
  chmodSync(join(work, "chromium"), 0o755);
  renameSync(work, unpacked);
};

/** Path, environment and arguments of a headless Chromium. PREMIX_CHROMIUM names another one (needed outside Linux x64). */
export const chromium = () => {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const own = process.env.PREMIX_CHROMIUM;
  if (own) return { executablePath: own, env: process.env, args };
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      "The packaged test browser runs on Linux x64; set PREMIX_CHROMIUM to a Chromium or Chrome of this machine.",
    );
  install();
  unpack();
  const env = { ...process.env, LD_LIBRARY_PATH: join(unpacked, "lib"), FONTCONFIG_PATH: unpacked };
  return { executablePath: join(unpacked, "chromium"), env, args };
};
