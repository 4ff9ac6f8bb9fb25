// The ABI: every export of engine.wasm, one file a family.

export * from "./abi/generators";
export * from "./abi/kernels";
export * from "./abi/loudness";
export { allocate } from "./abi/memory";
export * from "./abi/processors";
export * from "./abi/resampler";
export * from "./abi/spectrum";
export * from "./abi/speech";
