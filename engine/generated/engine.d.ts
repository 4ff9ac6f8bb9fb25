declare namespace __AdaptedExports {
  /** Exported memory */
  export const memory: WebAssembly.Memory;
  /**
   * engine/assembly/abi/memory/allocate
   * @param bytes `i32`
   * @returns `usize`
   */
  export function allocate(bytes: number): number;
  /**
   * engine/assembly/abi/generators/createTone
   * @param sampleRate `f64`
   * @param frequencyHz `f64`
   * @param levelDbfs `f64`
   * @returns `usize`
   */
  export function createTone(sampleRate: number, frequencyHz: number, levelDbfs: number): number;
  /**
   * engine/assembly/abi/generators/createSweep
   * @param sampleRate `f64`
   * @param fromHz `f64`
   * @param toHz `f64`
   * @param levelDbfs `f64`
   * @param lengthFrames `f64`
   * @returns `usize`
   */
  export function createSweep(sampleRate: number, fromHz: number, toHz: number, levelDbfs: number, lengthFrames: number): number;
  /**
   * engine/assembly/abi/generators/createNoise
   * @param sampleRate `f64`
   * @param colour `i32`
   * @param levelDbfs `f64`
   * @param seed `u32`
   * @returns `usize`
   */
  export function createNoise(sampleRate: number, colour: number, levelDbfs: number, seed: number): number;
  /**
   * engine/assembly/abi/generators/createLearnedTone
   * @param sampleRate `f64`
   * @param channels `i32`
   * @param seed `u32`
   * @returns `usize`
   */
  export function createLearnedTone(sampleRate: number, channels: number, seed: number): number;
  /**
   * engine/assembly/abi/generators/hearRoom
   * @param handle `usize`
   * @param at `usize`
   * @param frames `i32`
   */
  export function hearRoom(handle: number, at: number, frames: number): void;
  /**
   * engine/assembly/abi/generators/isRoomKnown
   * @param handle `usize`
   * @returns `i32`
   */
  export function isRoomKnown(handle: number): number;
  /**
   * engine/assembly/abi/generators/isRoomSettled
   * @param handle `usize`
   * @returns `i32`
   */
  export function isRoomSettled(handle: number): number;
  /**
   * engine/assembly/abi/generators/generate
   * @param handle `usize`
   * @param at `usize`
   * @param frames `i32`
   */
  export function generate(handle: number, at: number, frames: number): void;
  /**
   * engine/assembly/abi/generators/resetGenerator
   * @param handle `usize`
   */
  export function resetGenerator(handle: number): void;
  /**
   * engine/assembly/dsp/math/dbToGain
   * @param db `f64`
   * @returns `f64`
   */
  export function dbToGain(db: number): number;
  /**
   * engine/assembly/kernels/decode/decodeF32
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeF32(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/decode/decodeF64
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeF64(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/decode/decodeS16
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeS16(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/decode/decodeS24
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeS24(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/decode/decodeS32
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeS32(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/decode/decodeU8
   * @param raw `usize`
   * @param pair `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @param left `i32`
   * @param right `i32`
   */
  export function decodeU8(raw: number, pair: number, frames: number, channels: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/encode/encodeF32
   * @param io `usize`
   * @param to `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @returns `i32`
   */
  export function encodeF32(io: number, to: number, frames: number, channels: number): number;
  /**
   * engine/assembly/kernels/encode/encodeS16
   * @param io `usize`
   * @param to `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @returns `i32`
   */
  export function encodeS16(io: number, to: number, frames: number, channels: number): number;
  /**
   * engine/assembly/kernels/encode/encodeS24
   * @param io `usize`
   * @param to `usize`
   * @param frames `i32`
   * @param channels `i32`
   * @returns `i32`
   */
  export function encodeS24(io: number, to: number, frames: number, channels: number): number;
  /**
   * engine/assembly/kernels/encode/quantizeS24
   * @param io `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @returns `i32`
   */
  export function quantizeS24(io: number, pairs: number, frames: number): number;
  /**
   * engine/assembly/kernels/gains/applyGain
   * @param io `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @param gain `f32`
   */
  export function applyGain(io: number, pairs: number, frames: number, gain: number): void;
  /**
   * engine/assembly/kernels/gains/applyPairGains
   * @param pair `usize`
   * @param frames `i32`
   * @param left `f32`
   * @param right `f32`
   */
  export function applyPairGains(pair: number, frames: number, left: number, right: number): void;
  /**
   * engine/assembly/kernels/gains/applySegment
   * @param io `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @param shape `i32`
   * @param fromDb `f64`
   * @param toDb `f64`
   * @param offset `f64`
   * @param length `f64`
   */
  export function applySegment(io: number, pairs: number, frames: number, shape: number, fromDb: number, toDb: number, offset: number, length: number): void;
  /**
   * engine/assembly/kernels/gains/mixAdd
   * @param dst `usize`
   * @param src `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @param gain `f32`
   */
  export function mixAdd(dst: number, src: number, pairs: number, frames: number, gain: number): void;
  /**
   * engine/assembly/kernels/gains/mixAddCrossed
   * @param dst `usize`
   * @param src `usize`
   * @param frames `i32`
   * @param leftToLeft `f32`
   * @param rightToLeft `f32`
   * @param leftToRight `f32`
   * @param rightToRight `f32`
   */
  export function mixAddCrossed(dst: number, src: number, frames: number, leftToLeft: number, rightToLeft: number, leftToRight: number, rightToRight: number): void;
  /**
   * engine/assembly/kernels/gains/monoToStereo
   * @param pair `usize`
   * @param frames `i32`
   */
  export function monoToStereo(pair: number, frames: number): void;
  /**
   * engine/assembly/kernels/levels/blockPeak
   * @param io `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @returns `f32`
   */
  export function blockPeak(io: number, pairs: number, frames: number): number;
  /**
   * engine/assembly/kernels/levels/isSilent
   * @param io `usize`
   * @param pairs `i32`
   * @param frames `i32`
   * @returns `i32`
   */
  export function isSilent(io: number, pairs: number, frames: number): number;
  /**
   * engine/assembly/kernels/levels/pairExtremes
   * @param io `usize`
   * @param frames `i32`
   * @param out `usize`
   */
  export function pairExtremes(io: number, frames: number, out: number): void;
  /**
   * engine/assembly/kernels/sanitise/sanitise
   * @param io `usize`
   * @param values `i32`
   */
  export function sanitise(io: number, values: number): void;
  /**
   * engine/assembly/abi/loudness/createLoudness
   * @param sampleRate `f64`
   * @param channels `i32`
   * @param layout `i32`
   * @returns `usize`
   */
  export function createLoudness(sampleRate: number, channels: number, layout: number): number;
  /**
   * engine/assembly/abi/loudness/feedLoudness
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   */
  export function feedLoudness(handle: number, io: number, frames: number): void;
  /**
   * engine/assembly/abi/loudness/resetLoudness
   * @param handle `usize`
   */
  export function resetLoudness(handle: number): void;
  /**
   * engine/assembly/abi/loudness/integratedLoudness
   * @param handle `usize`
   * @returns `f64`
   */
  export function integratedLoudness(handle: number): number;
  /**
   * engine/assembly/abi/loudness/loudnessRange
   * @param handle `usize`
   * @returns `f64`
   */
  export function loudnessRange(handle: number): number;
  /**
   * engine/assembly/abi/loudness/momentaryLoudness
   * @param handle `usize`
   * @returns `f64`
   */
  export function momentaryLoudness(handle: number): number;
  /**
   * engine/assembly/abi/loudness/shortTermLoudness
   * @param handle `usize`
   * @returns `f64`
   */
  export function shortTermLoudness(handle: number): number;
  /**
   * engine/assembly/abi/loudness/maxMomentaryLoudness
   * @param handle `usize`
   * @returns `f64`
   */
  export function maxMomentaryLoudness(handle: number): number;
  /**
   * engine/assembly/abi/loudness/maxShortTermLoudness
   * @param handle `usize`
   * @returns `f64`
   */
  export function maxShortTermLoudness(handle: number): number;
  /**
   * engine/assembly/abi/loudness/samplePeakLevel
   * @param handle `usize`
   * @returns `f64`
   */
  export function samplePeakLevel(handle: number): number;
  /**
   * engine/assembly/abi/loudness/truePeakLevel
   * @param handle `usize`
   * @returns `f64`
   */
  export function truePeakLevel(handle: number): number;
  /**
   * engine/assembly/abi/loudness/loudnessHops
   * @param handle `usize`
   * @returns `f64`
   */
  export function loudnessHops(handle: number): number;
  /**
   * engine/assembly/abi/loudness/recentHopEnergies
   * @param handle `usize`
   * @returns `usize`
   */
  export function recentHopEnergies(handle: number): number;
  /**
   * engine/assembly/abi/loudness/recentMomentaryEnergies
   * @param handle `usize`
   * @returns `usize`
   */
  export function recentMomentaryEnergies(handle: number): number;
  /**
   * engine/assembly/abi/loudness/recentHopCount
   * @returns `i32`
   */
  export function recentHopCount(): number;
  /**
   * engine/assembly/abi/processors/createSlot
   * @param typeId `i32`
   * @param sampleRate `f64`
   * @param channels `i32`
   * @param inputChannels `i32`
   * @returns `usize`
   */
  export function createSlot(typeId: number, sampleRate: number, channels: number, inputChannels: number): number;
  /**
   * engine/assembly/abi/processors/setParam
   * @param handle `usize`
   * @param index `i32`
   * @param value `f64`
   */
  export function setParam(handle: number, index: number, value: number): void;
  /**
   * engine/assembly/abi/processors/slotResource
   * @param handle `usize`
   * @param index `i32`
   * @param frames `i32`
   * @param channels `i32`
   * @param sampleRate `f64`
   * @returns `usize`
   */
  export function slotResource(handle: number, index: number, frames: number, channels: number, sampleRate: number): number;
  /**
   * engine/assembly/abi/processors/slotResourceReady
   * @param handle `usize`
   */
  export function slotResourceReady(handle: number): void;
  /**
   * engine/assembly/abi/processors/setEnabled
   * @param handle `usize`
   * @param enabled `i32`
   */
  export function setEnabled(handle: number, enabled: number): void;
  /**
   * engine/assembly/abi/processors/setMix
   * @param handle `usize`
   * @param percent `f64`
   */
  export function setMix(handle: number, percent: number): void;
  /**
   * engine/assembly/abi/processors/processSlot
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   */
  export function processSlot(handle: number, io: number, frames: number): void;
  /**
   * engine/assembly/abi/processors/processSlotKeyed
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   * @param key `usize`
   * @param keyPairs `i32`
   */
  export function processSlotKeyed(handle: number, io: number, frames: number, key: number, keyPairs: number): void;
  /**
   * engine/assembly/abi/processors/advanceSlot
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   * @param done `i32`
   * @param key `usize`
   * @param keyPairs `i32`
   * @returns `i32`
   */
  export function advanceSlot(handle: number, io: number, frames: number, done: number, key: number, keyPairs: number): number;
  /**
   * engine/assembly/abi/processors/slotNeuralFrame
   * @param handle `usize`
   * @returns `usize`
   */
  export function slotNeuralFrame(handle: number): number;
  /**
   * engine/assembly/abi/processors/resetSlot
   * @param handle `usize`
   */
  export function resetSlot(handle: number): void;
  /**
   * engine/assembly/abi/processors/slotStartAt
   * @param handle `usize`
   * @param frame `f64`
   */
  export function slotStartAt(handle: number, frame: number): void;
  /**
   * engine/assembly/abi/processors/slotWorksInSilence
   * @param handle `usize`
   * @returns `i32`
   */
  export function slotWorksInSilence(handle: number): number;
  /**
   * engine/assembly/abi/processors/slotWasAtALoss
   * @param handle `usize`
   * @returns `i32`
   */
  export function slotWasAtALoss(handle: number): number;
  /**
   * engine/assembly/abi/processors/slotLatency
   * @param handle `usize`
   * @returns `i32`
   */
  export function slotLatency(handle: number): number;
  /**
   * engine/assembly/abi/processors/slotTail
   * @param handle `usize`
   * @returns `i32`
   */
  export function slotTail(handle: number): number;
  /**
   * engine/assembly/abi/processors/slotReductionDb
   * @param handle `usize`
   * @returns `f32`
   */
  export function slotReductionDb(handle: number): number;
  /**
   * engine/assembly/abi/resampler/createResampler
   * @param inRate `i32`
   * @param outRate `i32`
   * @returns `i32`
   */
  export function createResampler(inRate: number, outRate: number): number;
  /**
   * engine/assembly/abi/resampler/resamplerFirstFrame
   * @param handle `i32`
   * @param position `f64`
   * @returns `f64`
   */
  export function resamplerFirstFrame(handle: number, position: number): number;
  /**
   * engine/assembly/abi/resampler/resamplerSourceFrames
   * @param handle `i32`
   * @param position `f64`
   * @param frames `i32`
   * @returns `i32`
   */
  export function resamplerSourceFrames(handle: number, position: number, frames: number): number;
  /**
   * engine/assembly/abi/resampler/resamplerProcess
   * @param handle `i32`
   * @param pairs `i32`
   * @param position `f64`
   * @param source `usize`
   * @param first `f64`
   * @param count `i32`
   * @param out `usize`
   * @param frames `i32`
   */
  export function resamplerProcess(handle: number, pairs: number, position: number, source: number, first: number, count: number, out: number, frames: number): void;
  /**
   * engine/assembly/abi/spectrum/createSpectrum
   * @param sampleRate `f64`
   * @param channels `i32`
   * @returns `usize`
   */
  export function createSpectrum(sampleRate: number, channels: number): number;
  /**
   * engine/assembly/abi/spectrum/feedSpectrum
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   */
  export function feedSpectrum(handle: number, io: number, frames: number): void;
  /**
   * engine/assembly/abi/spectrum/resetSpectrum
   * @param handle `usize`
   */
  export function resetSpectrum(handle: number): void;
  /**
   * engine/assembly/abi/spectrum/spectrumBandCount
   * @returns `i32`
   */
  export function spectrumBandCount(): number;
  /**
   * engine/assembly/abi/spectrum/spectrumBandHz
   * @param band `i32`
   * @returns `f64`
   */
  export function spectrumBandHz(band: number): number;
  /**
   * engine/assembly/abi/spectrum/averageSpectrum
   * @param handle `usize`
   * @returns `usize`
   */
  export function averageSpectrum(handle: number): number;
  /**
   * engine/assembly/abi/speech/createSpeech
   * @param sampleRate `f64`
   * @param channels `i32`
   * @returns `usize`
   */
  export function createSpeech(sampleRate: number, channels: number): number;
  /**
   * engine/assembly/abi/speech/feedSpeech
   * @param handle `usize`
   * @param io `usize`
   * @param frames `i32`
   */
  export function feedSpeech(handle: number, io: number, frames: number): void;
  /**
   * engine/assembly/abi/speech/resetSpeech
   * @param handle `usize`
   */
  export function resetSpeech(handle: number): void;
  /**
   * engine/assembly/abi/speech/speechHops
   * @param handle `usize`
   * @returns `f64`
   */
  export function speechHops(handle: number): number;
  /**
   * engine/assembly/abi/speech/recentDecisions
   * @param handle `usize`
   * @returns `usize`
   */
  export function recentDecisions(handle: number): number;
  /**
   * engine/assembly/abi/speech/recentDecisionCount
   * @returns `i32`
   */
  export function recentDecisionCount(): number;
  /**
   * engine/assembly/abi/speech/speechDelayHops
   * @returns `i32`
   */
  export function speechDelayHops(): number;
  /**
   * engine/assembly/abi/speech/musicLikelihood
   * @param handle `usize`
   * @returns `f64`
   */
  export function musicLikelihood(handle: number): number;
}
/** Instantiates the compiled WebAssembly module with the given imports. */
export declare function instantiate(module: WebAssembly.Module, imports: {
  env: unknown,
}): Promise<typeof __AdaptedExports>;
