import { allocate } from "../abi/memory";
import { Decorrelator, decorrelatorTailFrames } from "../dsp/decorrelator";
import { DelayLine } from "../dsp/delay-line";
import { frameSize } from "../dsp/frame-size";
import { cos, PI, sin } from "../dsp/math";
import { PrimaryAmbient } from "../dsp/primary-ambient";
import { Smoother } from "../dsp/smoother";
import { Stft } from "../dsp/stft";
import * as Param from "../generated/upmix-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Points of a frame at 48 kHz (43 ms); a quarter of it is the hop. */
const SIZE_AT_48K: i32 = 2048;
const SQRT_HALF: f64 = 0.7071067811865476;
/** sqrt(2) / 3: with it front and surround share the power of the ambience, and their fold-down is the ambience. */
const SURROUND: f64 = 0.47140452079103168;

// Blocks pass one processor after the other, so all share these.
/** A pair of ambience, then one of centre and nothing. */
let parts: usize = 0;
let centreGains: usize = 0;
let directGains: usize = 0;
let diffuseGains: usize = 0;
/** f64 frames of one side. */
let surround: usize = 0;
let turned: usize = 0;

function allocateShared(): void {
  if (parts != 0) return;
  parts = allocate(MAX_FRAMES << 4);
  centreGains = allocate(MAX_FRAMES << 2);
  directGains = allocate(MAX_FRAMES << 2);
  diffuseGains = allocate(MAX_FRAMES << 2);
  surround = allocate(MAX_FRAMES << 3);
  turned = allocate(MAX_FRAMES << 3);
}

/**
 * Two channels to 5.1 or 7.1. A surround is x a + y D(a) of its side's ambience a, D an all-pass; the front loses what the fold-down
 * brings back. On the circle x^2 + y^2 = (2 sqrt(2) / 3) x the power of the ambience stays on the average, at its end at every
 * frequency. In 7.1 side and rear are the halves s + D(s) and s - D(s) of that surround. Late by one frame; 0 in mono and stereo.
 */
export class Upmix extends Processor {
  private separation: PrimaryAmbient | null = null;
  private stft: Stft | null = null;
  private readonly input: DelayLine = new DelayLine();
  private decorrelators: StaticArray<Decorrelator> = new StaticArray<Decorrelator>(0);
  private readonly centre: Smoother = new Smoother();
  private readonly direct: Smoother = new Smoother();
  private readonly diffuse: Smoother = new Smoother();
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    if (this.pairs < 3) return;
    allocateShared();
    const size = frameSize(SIZE_AT_48K, sampleRate);
    const separation = new PrimaryAmbient(size, <f64>(size >> 2) / sampleRate);
    this.separation = separation;
    this.stft = new Stft(size, size >> 2, 2, separation);
    this.input.prepare(sampleRate, this.pairs, size);
    this.input.setDelay(size);
    this.decorrelators = new StaticArray<Decorrelator>((this.pairs - 2) << 1);
    for (let i = 0; i < this.decorrelators.length; ++i) this.decorrelators[i] = new Decorrelator(i, sampleRate);
    this.centre.prepare(sampleRate);
    this.direct.prepare(sampleRate);
    this.diffuse.prepare(sampleRate);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.CENTRE_PERCENT) this.centre.target = value / 100;
    if (index == Param.AMBIENCE_PERCENT) {
      const angle = (0.5 * PI * value) / 100;
      this.direct.target = SURROUND * (1 - cos(angle));
      this.diffuse.target = SURROUND * sin(angle);
    }
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.centre.settle();
    this.direct.settle();
    this.diffuse.settle();
  }

  reset(): void {
    this.running = false;
    this.settle();
    if (this.pairs < 3) return;
    this.separation!.reset();
    this.stft!.reset();
    this.input.reset();
    for (let i = 0; i < this.decorrelators.length; ++i) this.decorrelators[i].reset();
  }

  latencySamples(): i32 {
    return this.pairs < 3 ? 0 : this.stft!.latencyFrames();
  }

  /** A frame rings on to its end, then the decorrelators do. */
  tailSamples(): i32 {
    return this.pairs < 3 ? 0 : this.stft!.size + decorrelatorTailFrames(this.sampleRate);
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    if (this.pairs < 3) return;
    const pairBytes = (<usize>frames) << 3;
    memory.copy(parts, io, pairBytes);
    memory.fill(parts + pairBytes, 0, pairBytes);
    this.stft!.process(parts, frames);
    this.input.process(io, io, frames);
    this.centre.fill(centreGains, frames);
    this.direct.fill(directGains, frames);
    this.diffuse.fill(diffuseGains, frames);
    addCentre(io, parts + pairBytes, frames);
    this.addSurround(0, io, frames);
    this.addSurround(1, io, frames);
  }

  private addSurround(side: i32, io: usize, frames: i32): void {
    const pairBytes = (<usize>frames) << 3;
    const lane = (<usize>side) << 2;
    const behind = io + 2 * pairBytes + lane;
    promoteLane(parts + lane, turned, frames);
    this.decorrelators[side].process(turned, frames);
    for (let i: usize = 0; i < <usize>frames; ++i) {
      const direct = <f64>load<f32>(directGains + (i << 2)) * <f64>load<f32>(parts + lane + (i << 3));
      const sum = direct + <f64>load<f32>(diffuseGains + (i << 2)) * load<f64>(turned + (i << 3));
      store<f64>(surround + (i << 3), sum);
      addTo(io + lane + (i << 3), -SQRT_HALF * sum);
      if (this.pairs == 3) addTo(behind + (i << 3), sum);
    }
    if (this.pairs == 3) return;
    memory.copy(turned, surround, pairBytes);
    this.decorrelators[2 + side].process(turned, frames);
    for (let at: usize = 0; at < pairBytes; at += 8) {
      addTo(behind + at, 0.5 * (load<f64>(surround + at) + load<f64>(turned + at)));
      addTo(behind + pairBytes + at, 0.5 * (load<f64>(surround + at) - load<f64>(turned + at)));
    }
  }
}

/** Moves the centre that stands in the left lane at `from` out of the front pair. */
function addCentre(io: usize, from: usize, frames: i32): void {
  const pairBytes = (<usize>frames) << 3;
  for (let i: usize = 0; i < <usize>frames; ++i) {
    const at = io + (i << 3);
    const centre = <f64>load<f32>(centreGains + (i << 2)) * <f64>load<f32>(from + (i << 3));
    addTo(at + pairBytes, centre);
    addTo(at, -SQRT_HALF * centre);
    addTo(at + 4, -SQRT_HALF * centre);
  }
}

function promoteLane(from: usize, to: usize, frames: i32): void {
  for (let at: usize = 0; at < (<usize>frames) << 3; at += 8) store<f64>(to + at, <f64>load<f32>(from + at));
}

function addTo(at: usize, value: f64): void {
  store<f32>(at, <f32>(<f64>load<f32>(at) + value));
}
