import { allocate } from "../abi/memory";
import { applyPairFrameGains } from "../dsp/frame-gains";
import { PI, sin } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/panner-params";
import { applyPairGains } from "../kernels/gains";
import { MAX_FRAMES, Processor } from "../processor";

/** Gain of the side that lies at `share` (0 = far, 1 = full): -3, -4.5, -6 or 0 dB at one half. */
function sideGain(law: i32, share: f64): f64 {
  if (share <= 0) return 0;
  if (law == Param.LAW_LINEAR) return share;
  if (law == Param.LAW_BALANCE) return min<f64>(1, share + share);
  const power = sin(0.5 * PI * share);
  return law == Param.LAW_COMPROMISE ? sqrt(power * share) : power;
}

/**
 * Stereo panner. A mono signal is placed by the law; a stereo signal is balanced by the same law, raised so that the middle is
 * untouched. +-90 degrees is fully to one side, what lies behind folds to the front. Further pairs pass.
 */
export class Panner extends Processor {
  private readonly left: Smoother = new Smoother();
  private readonly right: Smoother = new Smoother();
  private leftGains: usize = 0;
  private rightGains: usize = 0;
  private azimuthDegrees: f64 = 0;
  private law: i32 = Param.LAW_SIN_COS;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.leftGains = allocate(MAX_FRAMES << 2);
    this.rightGains = allocate(MAX_FRAMES << 2);
    this.left.prepare(sampleRate);
    this.right.prepare(sampleRate);
    this.aim();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.AZIMUTH_DEGREES) this.azimuthDegrees = value;
    if (index == Param.LAW) this.law = <i32>value;
    this.aim();
  }

  private aim(): void {
    const azimuth = this.azimuthDegrees;
    const folded = abs(azimuth) > 90 ? copysign<f64>(180 - abs(azimuth), azimuth) : azimuth;
    const share = (folded + 90) / 180;
    const middle = this.inputChannels == 1 ? 1 : sideGain(this.law, 0.5);
    this.left.target = sideGain(this.law, 1 - share) / middle;
    this.right.target = sideGain(this.law, share) / middle;
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.left.settle();
    this.right.settle();
  }

  reset(): void {
    this.running = false;
    this.settle();
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    if (!this.left.moving && !this.right.moving) {
      applyPairGains(io, frames, <f32>this.left.value, <f32>this.right.value);
      return;
    }
    this.left.fill(this.leftGains, frames);
    this.right.fill(this.rightGains, frames);
    applyPairFrameGains(io, this.leftGains, this.rightGains, frames);
  }
}
