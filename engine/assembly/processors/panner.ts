import { allocate } from "../abi/memory";
import { GainMatrix } from "../dsp/gain-matrix";
import { LfeSend } from "../dsp/lfe-send";
import { PI, sin } from "../dsp/math";
import { LFE, MAX_SPEAKERS, speakerAzimuth } from "../dsp/speaker-ring";
import { SurroundField } from "../dsp/surround-field";
import * as Param from "../generated/panner-params";
import { MAX_FRAMES, Processor } from "../processor";

// Blocks pass one processor after the other, so all panners share it.
let arrived: usize = 0;

/** Gain of the side that lies at `share` (0 = far, 1 = full): -3, -4.5, -6 or 0 dB at one half. */
function sideGain(law: i32, share: f64): f64 {
  if (share <= 0) return 0;
  if (law == Param.LAW_LINEAR) return share;
  if (law == Param.LAW_BALANCE) return min<f64>(1, share + share);
  const power = sin(0.5 * PI * share);
  return law == Param.LAW_COMPROMISE ? sqrt(power * share) : power;
}

/**
 * In stereo a mono signal is placed by the law and a stereo signal balanced by the same law, raised so that the middle is untouched;
 * +-90 degrees is fully to one side, what lies behind folds to the front. In surround every channel that arrives is a source of its
 * own at the place of its speaker, mono in front, turned by the azimuth; an LFE stays.
 */
export class Panner extends Processor {
  private inputs: i32 = 0;
  private matrix: GainMatrix | null = null;
  /** In surround only. */
  private field: SurroundField | null = null;
  private lfe: LfeSend | null = null;
  private azimuthDegrees: f64 = 0;
  private law: i32 = Param.LAW_SIN_COS;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const surround = channels == 6 || channels == 8;
    const outputs = surround ? channels : 2;
    this.inputs = min(this.inputChannels, outputs);
    this.matrix = new GainMatrix(this.inputs, outputs, sampleRate);
    if (surround) {
      this.field = new SurroundField(channels);
      this.lfe = new LfeSend(this.inputs, sampleRate);
    }
    if (arrived == 0) arrived = allocate((MAX_FRAMES * MAX_SPEAKERS) << 2);
    this.aim();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.AZIMUTH_DEGREES) this.azimuthDegrees = value;
    if (index == Param.LAW) this.law = <i32>value;
    const field = this.field;
    if (field !== null) {
      if (index == Param.DIVERGENCE_PERCENT) field.divergence = value / 100;
      if (index == Param.SPREAD_DEGREES) field.spread = value;
      if (index == Param.CENTRE_PERCENT) field.centre = value / 100;
      if (index == Param.LFE_DB) this.lfe!.setDb(value);
    }
    this.aim();
  }

  private aim(): void {
    const field = this.field;
    if (field !== null) this.aimAround(field);
    else this.aimStereo();
    if (!this.running) this.settle();
  }

  private aimStereo(): void {
    const azimuth = this.azimuthDegrees;
    const folded = abs(azimuth) > 90 ? copysign<f64>(180 - abs(azimuth), azimuth) : azimuth;
    const share = (folded + 90) / 180;
    const middle = this.inputs == 1 ? 1 : sideGain(this.law, 0.5);
    this.matrix!.set(0, 0, sideGain(this.law, 1 - share) / middle);
    this.matrix!.set(this.inputs - 1, 1, sideGain(this.law, share) / middle);
  }

  private aimAround(field: SurroundField): void {
    for (let input = 0; input < this.inputs; ++input) {
      if (input == LFE) {
        this.matrix!.set(LFE, LFE, 1);
        continue;
      }
      const place = this.inputs == 1 ? 0 : speakerAzimuth(this.channels, input);
      field.aim(this.azimuthDegrees + place);
      for (let output = 0; output < this.channels; ++output) this.matrix!.set(input, output, field.gains[output]);
    }
  }

  private settle(): void {
    this.matrix!.settle();
    if (this.lfe !== null) this.lfe!.settle();
  }

  reset(): void {
    this.running = false;
    this.matrix!.settle();
    if (this.lfe !== null) this.lfe!.reset();
  }

  tailSamples(): i32 {
    return this.lfe !== null ? this.lfe!.tailFrames() : 0;
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    if (this.channels == 1) return;
    memory.copy(arrived, io, (<usize>(((this.inputs + 1) >> 1) * frames)) << 3);
    this.matrix!.process(arrived, io, frames);
    if (this.lfe !== null) this.lfe!.process(arrived, io, frames);
  }
}
