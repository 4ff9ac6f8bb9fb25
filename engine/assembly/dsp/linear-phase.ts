import { allocate } from "../abi/memory";
import { CENTRE_PAIR, channelsInMono, isMidSide, lanesOf } from "./band-lanes";
import { CrossFade } from "./cross-fade";
import { EqualizerBand } from "./equalizer-band";
import { LANE_BOTH } from "./filter-cascade";
import { blendFrames } from "./frame-gains";
import { ImpulseSpectra } from "./impulse-spectra";
import { LEFT_LEFT, LEFT_RIGHT, LinearPhaseDesign, RIGHT_LEFT, RIGHT_RIGHT } from "./linear-phase-design";
import { PartitionedConvolver } from "./partitioned-convolver";

/** Half of the response lasts this many blocks. */
const REACH_BLOCKS: i32 = 4;
const PARTITIONS: i32 = 2 * REACH_BLOCKS;

/**
 * An equalizer that delays every frequency alike: symmetric responses by partitioned convolution. Changes are cross-faded over one
 * block. Made for running blocks of channel pairs in place.
 */
export class LinearPhase {
  private readonly block: i32;
  private readonly reach: i32;
  private readonly design: LinearPhaseDesign;
  private readonly convolver: PartitionedConvolver;
  private main: ImpulseSpectra;
  private otherMain: ImpulseSpectra;
  private centre: ImpulseSpectra;
  private otherCentre: ImpulseSpectra;
  private crossing: bool = false;
  private otherCrossing: bool = false;
  private readonly fade: CrossFade = new CrossFade();
  private readonly input: usize;
  private readonly output: usize;
  private readonly old: usize;
  private readonly weights: usize;
  private filled: i32 = 0;
  /** The bands have changed since the last design. */
  changed: bool = true;
  private designed: bool = false;

  constructor(
    sampleRate: f64,
    private readonly pairs: i32,
    private readonly mono: bool,
  ) {
    // 0.34 s on either side; less from 128 kHz on, where the largest transform ends.
    const block = sampleRate < 64000 ? 4096 : 8192;
    this.block = block;
    this.reach = REACH_BLOCKS * block - 1;
    this.design = new LinearPhaseDesign(sampleRate, REACH_BLOCKS * block - 1);
    this.convolver = new PartitionedConvolver(block, PARTITIONS, pairs);
    const main = new ImpulseSpectra(block, PARTITIONS, 2);
    const otherMain = new ImpulseSpectra(block, PARTITIONS, 2);
    this.main = main;
    this.otherMain = otherMain;
    // Without a centre pair nobody asks for its responses.
    this.centre = pairs > CENTRE_PAIR ? new ImpulseSpectra(block, PARTITIONS, 1) : main;
    this.otherCentre = pairs > CENTRE_PAIR ? new ImpulseSpectra(block, PARTITIONS, 1) : otherMain;
    this.input = allocate((block * pairs) << 3);
    this.output = allocate((block * pairs) << 3);
    this.old = allocate(block << 3);
    this.weights = allocate(block << 2);
    this.fade.prepare(1000, <f64>block);
  }

  get delayFrames(): i32 {
    return this.block + this.reach;
  }

  /** Frames that follow the middle of the response. */
  get tailFrames(): i32 {
    return this.reach;
  }

  reset(): void {
    this.convolver.reset();
    this.filled = 0;
    this.fade.stop();
    this.designed = false;
    const bytes = (<usize>(this.block * this.pairs)) << 3;
    memory.fill(this.input, 0, bytes);
    memory.fill(this.output, 0, bytes);
  }

  /** In place over a block whose pairs are `stride` frames apart. */
  process(io: usize, stride: i32, frames: i32, bands: StaticArray<EqualizerBand>, bandCount: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.block - this.filled);
      for (let pair = 0; pair < this.pairs; ++pair) {
        const at = io + ((<usize>(pair * stride + done)) << 3);
        const place = (<usize>(pair * this.block + this.filled)) << 3;
        memory.copy(this.input + place, at, (<usize>count) << 3);
        memory.copy(at, this.output + place, (<usize>count) << 3);
      }
      this.filled += count;
      done += count;
      if (this.filled == this.block) this.turn(bands, bandCount);
    }
  }

  /** A block is full. */
  private turn(bands: StaticArray<EqualizerBand>, bandCount: i32): void {
    this.filled = 0;
    this.convolver.take(this.input);
    if (this.changed || !this.designed) this.takeUpChanges(bands, bandCount);
    const fading = this.fade.remaining > 0;
    if (fading) this.fade.fill(this.weights, this.block);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const out = this.output + ((<usize>(pair * this.block)) << 3);
      const inCentre = pair == CENTRE_PAIR;
      this.convolve(inCentre ? this.centre : this.main, this.crossing && !inCentre, pair, out);
      if (!fading) continue;
      this.convolve(inCentre ? this.otherCentre : this.otherMain, this.otherCrossing && !inCentre, pair, this.old);
      blendFrames(out, this.old, this.weights, this.block);
    }
  }

  private takeUpChanges(bands: StaticArray<EqualizerBand>, bandCount: i32): void {
    if (this.designed) this.fade.start();
    this.designed = true;
    const main = this.main;
    const centre = this.centre;
    this.main = this.otherMain;
    this.centre = this.otherCentre;
    this.otherMain = main;
    this.otherCentre = centre;
    this.otherCrossing = this.crossing;
    this.crossing = this.build(this.main, 0, bands, bandCount);
    if (this.pairs > CENTRE_PAIR) this.build(this.centre, CENTRE_PAIR, bands, bandCount);
    this.changed = false;
  }

  /** Designs the responses of a pair; true when sound crosses from one channel to the other. */
  private build(to: ImpulseSpectra, pair: i32, bands: StaticArray<EqualizerBand>, bandCount: i32): bool {
    let crossing = false;
    this.design.begin();
    for (let number = 0; number < bandCount; ++number) {
      const band = bands[number];
      const channels = this.mono ? channelsInMono(band.channels) : band.channels;
      if (!band.enabled || (this.mono && lanesOf(channels) != LANE_BOTH)) continue;
      this.design.add(band, channels, pair);
      crossing = crossing || (pair != CENTRE_PAIR && isMidSide(channels));
    }
    this.design.finish(to, crossing);
    return crossing;
  }

  private convolve(impulse: ImpulseSpectra, crossing: bool, pair: i32, out: usize): void {
    if (this.convolver.idle) {
      memory.fill(out, 0, (<usize>this.block) << 3);
      return;
    }
    const left = 2 * pair;
    this.convolver.begin();
    this.convolver.add(left, impulse, LEFT_LEFT, 0);
    this.convolver.add(left + 1, impulse, RIGHT_RIGHT, 1);
    if (crossing) {
      this.convolver.add(left, impulse, LEFT_RIGHT, 1);
      this.convolver.add(left + 1, impulse, RIGHT_LEFT, 0);
    }
    this.convolver.finish(out);
  }
}
