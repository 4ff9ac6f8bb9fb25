import { allocate } from "../abi/memory";
import * as Param from "../generated/equalizer-params";
import { CENTRE_PAIR, channelsInMono, isMidSide, lanesOf, toLeftRight, toMidSide } from "./band-lanes";
import { EqualizerBand, MAX_BAND_SECTIONS } from "./equalizer-band";
import { FilterCascade, FLUSH_FRAMES, LANE_BOTH } from "./filter-cascade";

const MAX_SECTIONS: i32 = Param.BANDS_MAX * MAX_BAND_SECTIONS;

/** One set of filters for all pairs of an equalizer: those on channels, then those on mid and side. */
export class EqualizerFilters {
  private readonly channelCascades: StaticArray<FilterCascade>;
  private readonly sideCascades: StaticArray<FilterCascade>;
  /** Frames of two f64 lanes. */
  private readonly lanes: usize;

  constructor(
    private readonly pairs: i32,
    private readonly channels: i32,
  ) {
    this.channelCascades = new StaticArray<FilterCascade>(pairs);
    this.sideCascades = new StaticArray<FilterCascade>(pairs);
    for (let pair = 0; pair < pairs; ++pair) {
      this.channelCascades[pair] = new FilterCascade(MAX_SECTIONS);
      this.sideCascades[pair] = new FilterCascade(MAX_SECTIONS);
    }
    this.lanes = pairs > 0 ? allocate(FLUSH_FRAMES << 4) : 0;
  }

  clear(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.channelCascades[pair].clear();
      this.sideCascades[pair].clear();
    }
  }

  /** Appends a band; mono knows no sides, so left and mid are the whole of it, right and side nothing. */
  add(band: EqualizerBand, number: i32): void {
    const channels = this.channels == 1 ? channelsInMono(band.channels) : band.channels;
    const lanes = lanesOf(channels);
    if (this.channels == 1 && lanes != LANE_BOTH) return;
    for (let pair = 0; pair < this.pairs; ++pair) {
      if (pair == CENTRE_PAIR && lanes != LANE_BOTH) continue;
      this.addSections(isMidSide(channels) ? this.sideCascades[pair] : this.channelCascades[pair], band, lanes, number);
    }
  }

  private addSections(cascade: FilterCascade, band: EqualizerBand, lanes: i32, number: i32): void {
    for (let i = 0; i < band.sectionCount; ++i) {
      // Another band, another section of it or other lanes: no state to take over.
      cascade.add(band.sections[i], lanes, (number * MAX_BAND_SECTIONS + i) * 4 + lanes);
    }
  }

  finish(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.channelCascades[pair].finish();
      this.sideCascades[pair].finish();
    }
  }

  reset(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.channelCascades[pair].reset();
      this.sideCascades[pair].reset();
    }
  }

  flush(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.channelCascades[pair].flush();
      this.sideCascades[pair].flush();
    }
  }

  takeStates(other: EqualizerFilters): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.channelCascades[pair].takeStates(other.channelCascades[pair]);
      this.sideCascades[pair].takeStates(other.sideCascades[pair]);
    }
  }

  /** Filters at most FLUSH_FRAMES frames of one pair in place. */
  process(pair: i32, io: usize, frames: i32): void {
    const channels = this.channelCascades[pair];
    const sides = this.sideCascades[pair];
    if (sides.count == 0 && channels.isOneGroup) {
      channels.process<f32>(io, frames);
      return;
    }
    promote(io, this.lanes, frames);
    channels.process<f64>(this.lanes, frames);
    if (sides.count > 0) {
      turnFrames(this.lanes, frames, true);
      sides.process<f64>(this.lanes, frames);
      turnFrames(this.lanes, frames, false);
    }
    demote(this.lanes, io, frames);
  }
}

function promote(io: usize, lanes: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    v128.store(lanes + ((<usize>i) << 4), f64x2.promote_low_f32x4(v128.load64_zero(io + ((<usize>i) << 3))));
  }
}

function demote(lanes: usize, io: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    v128.store64_lane(io + ((<usize>i) << 3), f32x4.demote_f64x2_zero(v128.load(lanes + ((<usize>i) << 4))), 0);
  }
}

/** Turns left and right into mid and side, or back. */
function turnFrames(lanes: usize, frames: i32, midSide: bool): void {
  for (const end = lanes + ((<usize>frames) << 4); lanes < end; lanes += 16) {
    const x = v128.load(lanes);
    v128.store(lanes, midSide ? toMidSide(x) : toLeftRight(x));
  }
}
