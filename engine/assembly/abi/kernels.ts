export { dbToGain } from "../dsp/math";
export { decodeF32, decodeF64, decodeS16, decodeS24, decodeS32, decodeU8 } from "../kernels/decode";
export { encodeF32, encodeS16, encodeS24, quantizeS24 } from "../kernels/encode";
export { applyGain, applyPairGains, applySegment, mixAdd, mixAddCrossed, monoToStereo } from "../kernels/gains";
export { blockPeak, isSilent, pairExtremes } from "../kernels/levels";
export { sanitise } from "../kernels/sanitise";
