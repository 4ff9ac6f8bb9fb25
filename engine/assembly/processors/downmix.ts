import { dbToGain } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/downmix-params";
import { Processor } from "../processor";

const SQRT_HALF: f64 = 0.7071067811865476;
const OFF_LEVEL_DB: f64 = -60;

/** Lo = L + c C + s (Ls + Lrs), Ro likewise, in f64 (ITU-R BS.775-4); in order L R C LFE Ls Rs Lrs Rrs. */
export class Downmix extends Processor {
  private readonly centre: Smoother = new Smoother();
  private readonly surround: Smoother = new Smoother();
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.centre.prepare(sampleRate);
    this.surround.prepare(sampleRate);
    this.centre.target = SQRT_HALF;
    this.surround.target = SQRT_HALF;
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.CENTRE_DB) this.centre.target = levelOf(value);
    if (index == Param.SURROUND_DB) this.surround.target = levelOf(value);
    if (!this.running) this.reset();
  }

  reset(): void {
    this.running = false;
    this.centre.settle();
    this.surround.settle();
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    if (this.pairs < 3) return;
    const pairBytes = (<usize>frames) << 3;
    for (let at: usize = 0; at < pairBytes; at += 8) {
      const centre = f64x2.splat(this.centre.next());
      const surround = f64x2.splat(this.surround.next());
      const middle = f64x2.splat(<f64>load<f32>(io + pairBytes + at));
      let around = frameAt(io + 2 * pairBytes + at);
      if (this.pairs > 3) around = f64x2.add(around, frameAt(io + 3 * pairBytes + at));
      const folded = f64x2.add(f64x2.mul(centre, middle), f64x2.mul(surround, around));
      v128.store64_lane(io + at, f32x4.demote_f64x2_zero(f64x2.add(frameAt(io + at), folded)), 0);
    }
    memory.fill(io + pairBytes, 0, pairBytes * <usize>(this.pairs - 1));
  }
}

function levelOf(db: f64): f64 {
  if (db <= OFF_LEVEL_DB) return 0;
  // What the standards mean by -3 dB.
  return db == -3 ? SQRT_HALF : dbToGain(db);
}

function frameAt(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}
