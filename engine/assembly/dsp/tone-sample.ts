import { allocate } from "../abi/memory";
import { ToneAnalyser } from "./tone-analyser";
import { SILENT } from "./tone-learner";
import { ToneSpectrum } from "./tone-spectrum";

const MOST_SECONDS: f64 = 10;

/** The mean spectra of a recording of nothing but room tone; its stretches of digital silence do not count. */
export class ToneSample {
  readonly spectra: StaticArray<ToneSpectrum>;
  /** There is a recording, and it is not silent. */
  known: bool = false;
  private readonly own: ToneSpectrum;
  private at: usize = 0;
  private frames: i32 = 0;
  private filePairs: i32 = 0;
  private fileRate: f64 = 0;

  /** Allocates. */
  constructor(
    private readonly analyser: ToneAnalyser,
    private readonly sampleRate: f64,
    pairs: i32,
  ) {
    this.own = new ToneSpectrum(analyser.bins);
    this.spectra = new StaticArray<ToneSpectrum>(pairs);
    for (let pair = 0; pair < pairs; ++pair) this.spectra[pair] = new ToneSpectrum(analyser.bins);
  }

  /** Gives the place of the recording's pairs; 0 when it is too long. Allocates. */
  open(frames: i32, channels: i32, sampleRate: f64): usize {
    if (<f64>frames > MOST_SECONDS * sampleRate) return 0;
    this.frames = frames;
    this.filePairs = (channels + 1) >> 1;
    this.fileRate = sampleRate;
    this.at = allocate((frames * this.filePairs) << 3);
    return this.at;
  }

  /** The recording stands there. Pairs that it lacks sound as its last one. */
  ready(): void {
    this.known = false;
    for (let pair = 0; pair < this.spectra.length; ++pair) {
      this.own.reset();
      this.hear(this.at + ((<usize>(min(pair, this.filePairs - 1) * this.frames)) << 3));
      this.spectra[pair].stretch(this.own, this.sampleRate / this.fileRate);
    }
  }

  private hear(pair: usize): void {
    const size = this.analyser.size;
    let heard = 0;
    for (let first = 0; first + size <= this.frames; first += size >> 1) {
      const frame = pair + ((<usize>first) << 3);
      if (isSilent(frame, size)) continue;
      heard += 1;
      this.analyser.add(frame, 0, -1, this.own, <f32>(1 / <f64>heard));
    }
    if (heard > 0) this.known = true;
  }
}

/** Whether a tenth of a frame is digital silence. */
function isSilent(pair: usize, frames: i32): bool {
  let silent = 0;
  for (let i: usize = 0; i < <usize>frames; ++i) {
    const at = pair + (i << 3);
    if (abs(load<f32>(at)) < SILENT && abs(load<f32>(at, 4)) < SILENT) ++silent;
  }
  return 10 * silent > frames;
}
