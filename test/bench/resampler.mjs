// Prints what one output frame of a stereo pair costs at each ratio: node test/bench/resampler.mjs
import { readFile } from "node:fs/promises";
import { buildWasm } from "../../engine/build-wasm.mjs";

const RATIOS = [
  [44100, 48000],
  [48000, 44100],
  [96000, 48000],
  [192000, 48000],
  [16000, 48000],
  [69313, 48000],
];
const FRAMES = 4096;
const ROUNDS = 300;

const { wasmPath } = await buildWasm();
const memory = new WebAssembly.Memory({ initial: 16 });
const abort = (_message, _file, line, column) => {
  throw new Error(`engine.wasm stopped at ${line}:${column}`);
};
const { instance } = await WebAssembly.instantiate(await readFile(wasmPath), { env: { memory, abort } });
const engine = instance.exports;

const source = engine.allocate(FRAMES * 8 * 8);
const out = engine.allocate(FRAMES * 8);
new Float32Array(memory.buffer, source, FRAMES * 16).forEach((_, index, samples) => {
  samples[index] = Math.sin(index * 0.01);
});

const nanosecondsPerFrame = (handle) => {
  const first = engine.resamplerFirstFrame(handle, 0);
  const count = engine.resamplerSourceFrames(handle, 0, FRAMES);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = process.hrtime.bigint();
    engine.resamplerProcess(handle, 1, 0, source, first, count, out, FRAMES);
    best = Math.min(best, Number(process.hrtime.bigint() - started) / FRAMES);
  }
  return best;
};

for (const [inRate, outRate] of RATIOS) {
  const started = performance.now();
  const handle = engine.createResampler(inRate, outRate);
  const designMs = performance.now() - started;
  const cost = nanosecondsPerFrame(handle);
  console.log(
    `${inRate} -> ${outRate} Hz: ${cost.toFixed(1)} ns per stereo frame, taps designed in ${designMs.toFixed(1)} ms`,
  );
}
