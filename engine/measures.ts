/** What `premix measure` prints of one file or render. Silence measures null, never NaN. ITU-R BS.1770-5, EBU Tech 3341 / 3342. */
export type Measures = {
  readonly integratedLufs: number | null;
  readonly maxMomentaryLufs: number | null;
  readonly maxShortTermLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly truePeakDbtp: number | null;
  readonly samplePeakDbfs: number | null;
  readonly durationSeconds: number;
  readonly sampleRate: number;
  readonly channels: number;
};

/** What analysis knows of one clip's source range, before any processing (clip gain and volume not applied). */
export type ClipAnalysis = {
  readonly clipId: string;
  readonly measures: Measures;
  /** Loudness over the blocks with speech; null without speech. */
  readonly speechLufs: number | null;
  /** Share of time with speech, 0..1. */
  readonly speechRatio: number;
  /** Loudness of the quietest tenth of the 50 ms blocks that are not digital silence; null when all are. */
  readonly noiseFloorLufs: number | null;
  /** 0..1: how music-like the stretch is (steady spectrum, tonal, little 4 Hz modulation). */
  readonly musicLikelihood: number;
};
