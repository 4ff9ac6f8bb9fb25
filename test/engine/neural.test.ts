// The networks by themselves: what stands beside the engine is what was packaged, only faster, and every run gives the same bits.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { loadNetworks } from "../../engine/neural/network-modules.ts";
import { createNetworks } from "../../engine/neural/networks.ts";
import type { NeuralDenoiser, NeuralVoice } from "../../engine/neural/neural-denoiser.ts";
import { bestLag, largestDifference } from "../support/measure-signal.ts";
import { cleanSpeech, mixNoise } from "../support/noisy-speech.ts";
import { noise } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { networkModules, openEngine } from "../support/wasm.ts";

const modules = await networkModules();
if (!modules) throw new TypeError("the networks were not built");
const [anna] = await demoSpeech(await openEngine());
const clean = cleanSpeech(anna ?? new Float32Array(), 3);
const noisy = mixNoise(clean, noise(-20, clean.length, 4), 10);

const RNNOISE = 0;
const GTCRN = 1;
const cases = [
  { name: "RNNoise", network: RNNOISE },
  { name: "GTCRN", network: GTCRN },
];
const open = (network: number): NeuralDenoiser => createNetworks(modules).at(network);

/** Whole frames of a signal through a stream, from wherever it stands. */
const run = ({ frameLength }: Pick<NeuralDenoiser, "frameLength">, voice: NeuralVoice, signal: Float32Array) => {
  const out = signal.slice(0, signal.length - (signal.length % frameLength));
  for (let at = 0; at < out.length; at += frameLength) voice.run(out.subarray(at, at + frameLength));
  return out;
};

/** RNNoise's wasm as its package holds it. */
const packagedRnnoise = (): WebAssembly.Module => {
  const file = createRequire(import.meta.url).resolve("@jitsi/rnnoise-wasm/dist/rnnoise-sync.js");
  const base64 = /base64,([A-Za-z0-9+/=]+)/.exec(readFileSync(file, "latin1"))?.[1] ?? "";
  return new WebAssembly.Module(Buffer.from(base64, "base64"));
};

describe.each(cases)("$name", ({ network }) => {
  test("is late by its delay", () => {
    const denoiser = open(network);
    expect(bestLag(clean, run(denoiser, denoiser.open(), clean), 1200)).toBe(denoiser.delayFrames);
  });

  test("is as new after a reset, and streams do not hear each other", () => {
    const denoiser = open(network);
    const [first, second] = [denoiser.open(), denoiser.open()];
    const fresh = run(denoiser, first, noisy);
    run(denoiser, second, clean);
    first.reset();
    expect(largestDifference(run(denoiser, first, noisy), fresh)).toBe(0);
    expect(largestDifference(run(denoiser, open(network).open(), noisy), fresh)).toBe(0);
  });

  test("asks nothing of the machine but memory: no mathematics that could differ", () => {
    const module = network === RNNOISE ? modules.rnnoise : modules.gtcrn;
    expect(WebAssembly.Module.imports(module).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(WebAssembly.Module.imports(modules.rnnoiseLayers)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });
});

test("RNNoise gives the packaged one's bits with our layers in it", () => {
  type Packaged = {
    c: WebAssembly.Memory;
    d(): void;
    e(bytes: number): number;
    h(model: number): number;
    j(state: number, out: number, input: number): number;
  };
  const copy = (to: number, from: number, bytes: number) =>
    void new Uint8Array(exports.c.buffer).copyWithin(to, from, from + bytes);
  const exports = new WebAssembly.Instance(packagedRnnoise(), { a: { a: () => 0, b: copy } })
    .exports as unknown as Packaged;
  exports.d();
  const state = exports.h(0);
  const [input, out] = [exports.e(480 * 4), exports.e(480 * 4)];
  const packaged: NeuralVoice = {
    reset: () => undefined,
    run: (samples) => {
      new Float32Array(exports.c.buffer, input, 480).set(samples.map((x) => x * 32_768));
      exports.j(state, out, input);
      samples.set(new Float32Array(exports.c.buffer, out, 480).map((x) => x / 32_768));
    },
  };
  const denoiser = open(RNNOISE);
  const ours = run(denoiser, denoiser.open(), noisy);
  expect(largestDifference(ours, run(denoiser, packaged, noisy))).toBe(0);
  expect(largestDifference(ours, noisy.subarray(0, ours.length))).toBeGreaterThan(0.01);
});

describe("networks that are not those Premix was made with", () => {
  const dist = new URL("../../dist/engine/", import.meta.url);
  const read = async (name: string) => new Uint8Array(readFileSync(new URL(name, dist)));

  test("one changed byte is refused", async () => {
    const damaged = async (name: string) => {
      const bytes = await read(name);
      if (name === "gtcrn.wasm") bytes[bytes.length - 100]! ^= 1;
      return bytes;
    };
    expect(await loadNetworks(damaged)).toBe(null);
    expect(await loadNetworks(read)).not.toBe(null);
  });

  test("a missing one as well", async () => {
    expect(await loadNetworks(async (name) => (name === "rnnoise.wasm" ? null : read(name)))).toBe(null);
  });
});
