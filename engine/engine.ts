import type { MixDocument } from "../schema/generated/mix-document.ts";
import type { Result } from "../schema/problem.ts";
import type { AverageSpectrum } from "./average-spectrum.ts";
import type { ClipAnalysis, Measures } from "./measures.ts";
import type { MediaInfo } from "./media/media.ts";
import type { Peaks } from "./media-peaks.ts";

export type Progress = { readonly phase: string; readonly done: number; readonly total: number };

export type RenderOptions = {
  /** Folder that receives the files; created when missing. */
  readonly outputFolder: string;
  /** Track workers beside the bus stage; 1 = everything on the calling thread. Never changes a byte. */
  readonly threads?: number;
  /** Frames per engine block, 16..65536. Never changes a byte. */
  readonly blockFrames?: number;
  /** false: measure only, write nothing (the balance's second look). */
  readonly write?: boolean;
  /** File names by stem id, where they are not to be made of the sequence's and the stem's names. */
  readonly fileNames?: Readonly<Record<string, string>>;
  /** true: the files go on behind the sequence's end until every insert has fallen silent. */
  readonly tail?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
};

export type RenderedFile = {
  readonly stemId: string;
  readonly name: string;
  /** "" when nothing was written. */
  readonly file: string;
  readonly sha256: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly measures: Measures;
};

export type RenderResult = {
  readonly frames: number;
  readonly files: readonly RenderedFile[];
  /** Largest gain reduction of each ducker and limiter, by id, in dB (never positive). */
  readonly reductionsDb: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
};

/** The gain at one frame of the sequence. */
export type GainSample = { readonly frame: number; readonly gainDb: number };

/** A stretch of a file's own time. */
export type SecondsRange = { readonly fromSeconds: number; readonly toSeconds: number };

export type FilePeaks = Peaks & { readonly sampleRate: number };

/** Media id -> native path of the file to read; the session has relinked and checked it. */
export type MediaPaths = Readonly<Record<string, string>>;

export type AnalysisPlace = {
  /** Folder of the sidecars (`<hash16>.mixa`): what is known of a medium is taken from there, what is new is put there. */
  readonly analysisFolder?: string;
};

/** The sound half of Premix, as sessions see it. Node and the panel each make one from their own files and workers. */
export type Engine = {
  probe(path: string): Promise<Result<MediaInfo>>;
  analyse(
    document: MixDocument,
    media: MediaPaths,
    options?: Pick<RenderOptions, "threads" | "onProgress" | "signal"> & AnalysisPlace,
  ): Promise<Result<readonly ClipAnalysis[]>>;
  /** Lowest and highest sample of each channel in every 10 ms that a stretch of a file touches, for waveforms; reads no more than that. */
  peaks(
    path: string,
    range: SecondsRange,
    options?: AnalysisPlace & Pick<RenderOptions, "signal">,
  ): Promise<Result<FilePeaks>>;
  render(document: MixDocument, media: MediaPaths, options: RenderOptions): Promise<Result<RenderResult>>;
  /** The gain by which the second of two stems differs from the first: one sample in every 10 ms in which there is sound. */
  gainCurve(
    document: MixDocument,
    media: MediaPaths,
    options?: Pick<RenderOptions, "onProgress" | "signal">,
  ): Promise<Result<readonly GainSample[]>>;
  measure(path: string, signal?: AbortSignal): Promise<Result<Measures>>;
  /** Average spectrum of a whole file, for `matchBands`; null when nothing in it is louder than -70 dBFS. */
  spectrum(path: string, signal?: AbortSignal): Promise<Result<AverageSpectrum | null>>;
};
