import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { FractionalTaps, LAGRANGE_TAPS } from "../dsp/fractional-taps";
import { cos, dbToGain, PI } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/delay-params";
import { MAX_FRAMES, Processor } from "../processor";

const MOST_MS: f64 = 5000;
/** Two echo times cross-fade for so long: no click, no change of pitch. */
const FADE_MS: f64 = 40;
/** In 5.1 and 7.1 the second pair is centre and LFE: it has no sides to change. */
const CENTRE_PAIR: i32 = 1;
const NOTHING: f64 = 1e-20;
/** Frames of the ring's beginning that stand again behind its end. */
const GUARD: i32 = 8;
const TAIL_DB: f64 = 140;

/** Echoes through a one-pole low-pass in a feedback loop, straight or crossed. */
export class Delay extends Processor {
  private ring: usize = 0;
  private ringFrames: i32 = 0;
  private position: i32 = 0;
  /** The damped echo of each pair, f64 lanes. */
  private damped: usize = 0;
  private timeMs: f64 = 250;
  private feedbackDb: f64 = -12;
  private wantedFrames: f64 = 0;
  private presentFrames: f64 = 0;
  private readonly taps: FractionalTaps = new FractionalTaps();
  private readonly oldTaps: FractionalTaps = new FractionalTaps();
  private readonly fade: CrossFade = new CrossFade();
  private readonly feedback: Smoother = new Smoother();
  private readonly pole: Smoother = new Smoother();
  private readonly crossing: Smoother = new Smoother();
  /** For each frame of a block, f32: weight of the new time; feedback; pole; crossing. */
  private weights: usize = 0;
  private feedbacks: usize = 0;
  private poles: usize = 0;
  private crossings: usize = 0;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.ringFrames = 1 << (32 - clz(<i32>(0.001 * MOST_MS * sampleRate) + GUARD + MAX_FRAMES));
    this.ring = allocate((this.pairs * (this.ringFrames + GUARD)) << 3);
    this.damped = allocate(this.pairs << 4);
    this.weights = allocate(MAX_FRAMES << 2);
    this.feedbacks = allocate(MAX_FRAMES << 2);
    this.poles = allocate(MAX_FRAMES << 2);
    this.crossings = allocate(MAX_FRAMES << 2);
    this.fade.prepare(sampleRate, FADE_MS);
    this.feedback.prepare(sampleRate);
    this.pole.prepare(sampleRate);
    this.crossing.prepare(sampleRate);
    this.setParam(Param.TIME_MS, this.timeMs);
    this.setParam(Param.FEEDBACK_DB, this.feedbackDb);
    this.setParam(Param.HIGH_CUT_HZ, 8000);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.TIME_MS) {
      this.timeMs = value;
      this.wantedFrames = max<f64>(LAGRANGE_TAPS, 0.001 * value * this.sampleRate);
    }
    if (index == Param.FEEDBACK_DB) {
      this.feedbackDb = value;
      this.feedback.target = dbToGain(value);
    }
    if (index == Param.HIGH_CUT_HZ) this.pole.target = poleOf(value, this.sampleRate);
    if (index == Param.PING_PONG) this.crossing.target = value;
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.feedback.settle();
    this.pole.settle();
    this.crossing.settle();
    this.fade.stop();
    this.presentFrames = this.wantedFrames;
    this.taps.set(this.wantedFrames);
  }

  reset(): void {
    this.running = false;
    this.settle();
    memory.fill(this.ring, 0, (<usize>(this.pairs * (this.ringFrames + GUARD))) << 3);
    memory.fill(this.damped, 0, (<usize>this.pairs) << 4);
    this.position = 0;
  }

  tailSamples(): i32 {
    const repeats = this.feedbackDb <= -TAIL_DB ? 1 : ceil(TAIL_DB / max<f64>(1, -this.feedbackDb)) + 1;
    return <i32>min<f64>(2e9, repeats * (this.wantedFrames + 8) + 0.1 * this.sampleRate);
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    for (let done = 0; done < frames; ) {
      this.takeUpTime();
      const fading = this.fade.remaining > 0;
      const count = fading ? min(this.fade.remaining, frames - done) : frames - done;
      if (fading) this.fade.fill(this.weights, count);
      this.feedback.fill(this.feedbacks, count);
      this.pole.fill(this.poles, count);
      this.crossing.fill(this.crossings, count);
      for (let pair = 0; pair < this.pairs; ++pair)
        this.echo(pair, io + ((<usize>(pair * frames + done)) << 3), count, fading);
      this.position = (this.position + count) & (this.ringFrames - 1);
      done += count;
    }
  }

  /** A time that changes during a fade waits for its end. */
  private takeUpTime(): void {
    if (this.fade.remaining > 0 || this.presentFrames == this.wantedFrames) return;
    this.oldTaps.copyFrom(this.taps);
    this.taps.set(this.wantedFrames);
    this.presentFrames = this.wantedFrames;
    this.fade.start();
  }

  private echo(pair: i32, io: usize, frames: i32, fading: bool): void {
    const ring = this.ring + ((<usize>(pair * (this.ringFrames + GUARD))) << 3);
    const mask = this.ringFrames - 1;
    const crosses = this.channels > 1 && !(pair == CENTRE_PAIR && this.channels > 4);
    const nothing = f64x2.splat(NOTHING);
    let damped = v128.load(this.damped + ((<usize>pair) << 4));
    for (let i = 0; i < frames; ++i, io += 8) {
      const at = (<usize>i) << 2;
      const now = (this.position + i) & mask;
      let tap = this.taps.read(ring + ((<usize>((now - this.taps.oldest) & mask)) << 3));
      if (fading) {
        const old = this.oldTaps.read(ring + ((<usize>((now - this.oldTaps.oldest) & mask)) << 3));
        tap = f64x2.add(old, f64x2.mul(f64x2.sub(tap, old), f64x2.splat(<f64>load<f32>(this.weights + at))));
      }
      damped = f64x2.add(tap, f64x2.mul(f64x2.sub(damped, tap), f64x2.splat(<f64>load<f32>(this.poles + at))));
      damped = v128.and(damped, f64x2.gt(f64x2.abs(damped), nothing));
      let input = f64x2.promote_low_f32x4(v128.load64_zero(io));
      let back = damped;
      if (crosses) {
        const share = f64x2.splat(<f64>load<f32>(this.crossings + at));
        input = f64x2.add(input, f64x2.mul(f64x2.sub(firstOnly(input), input), share));
        back = f64x2.add(back, f64x2.mul(f64x2.sub(swapped(back), back), share));
      }
      const feedback = f64x2.splat(<f64>load<f32>(this.feedbacks + at));
      const written = f32x4.demote_f64x2_zero(f64x2.add(input, f64x2.mul(back, feedback)));
      v128.store64_lane(io, f32x4.demote_f64x2_zero(damped), 0);
      v128.store64_lane(ring + ((<usize>now) << 3), written, 0);
      if (now < GUARD) v128.store64_lane(ring + ((<usize>(this.ringFrames + now)) << 3), written, 0);
    }
    v128.store(this.damped + ((<usize>pair) << 4), damped);
  }
}

/** The mean of both lanes on the left, nothing on the right. */
function firstOnly(x: v128): v128 {
  return f64x2.mul(f64x2.add(x, swapped(x)), f64x2(0.5, 0));
}

function swapped(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 0);
}

/** Pole of the one-pole low-pass that is exactly 3 dB down at a frequency. */
function poleOf(frequencyHz: f64, sampleRate: f64): f64 {
  const c = 2 - cos((2 * PI * min(frequencyHz, 0.499 * sampleRate)) / sampleRate);
  return c - sqrt(c * c - 1);
}
