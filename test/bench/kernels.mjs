// Nanoseconds per stereo frame of the engine's plain kernels (processors.mjs has the processors): the minimum over interleaved rounds, which load disturbs least.
// Usage: node test/bench/kernels.mjs [--json]
import { readFileSync } from "node:fs";
import { buildWasm } from "../../engine/build-wasm.mjs";

const FRAMES = 1024;
const ROUNDS = 25;
const REPEATS = 60;
const { wasmPath } = await buildWasm();
const memory = new WebAssembly.Memory({ initial: 16 });
const abort = () => {
  throw new Error("engine.wasm stopped");
};
const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), { env: { memory, abort } });
const engine = instance.exports;

const io = engine.allocate(FRAMES * 8);
const other = engine.allocate(FRAMES * 8);
const raw = engine.allocate(FRAMES * 8);
const noise = Float32Array.from({ length: FRAMES * 2 }, (_, i) => (((i * 2654435761) >>> 0) / 2 ** 32 - 0.5) * 0.5);
const refill = () => new Float32Array(memory.buffer, io, FRAMES * 2).set(noise);

const kernels = {
  "decode 24-bit stereo": () => engine.decodeS24(raw, io, FRAMES, 2, 0, 1),
  "encode 24-bit stereo": () => engine.encodeS24(io, raw, FRAMES, 2),
  "mix with gain": () => engine.mixAdd(io, other, 1, FRAMES, 0.5),
  "segment in dB": () => engine.applySegment(io, 1, FRAMES, 2, -6, 0, 0, 1e6),
  "segment constant power": () => engine.applySegment(io, 1, FRAMES, 3, 0, 0, 0, 1e6),
};

const best = Object.fromEntries(Object.keys(kernels).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, run] of Object.entries(kernels)) {
    let elapsed = 0;
    for (let i = 0; i < REPEATS; i += 1) {
      refill();
      const started = performance.now();
      run();
      elapsed += performance.now() - started;
    }
    best[name] = Math.min(best[name], (elapsed / REPEATS / FRAMES) * 1e6);
  }

if (process.argv.includes("--json")) console.log(JSON.stringify({ unit: "ns per stereo frame", kernels: best }));
else
  for (const [name, ns] of Object.entries(best)) console.log(`${name.padEnd(34)} ${ns.toFixed(2)} ns per stereo frame`);
