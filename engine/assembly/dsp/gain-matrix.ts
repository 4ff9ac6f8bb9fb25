import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { Smoother } from "./smoother";

// Blocks pass one processor after the other, so all matrices share these.
let leftGains: usize = 0;
let rightGains: usize = 0;

function allocateShared(): void {
  if (leftGains != 0) return;
  leftGains = allocate(MAX_FRAMES << 2);
  rightGains = allocate(MAX_FRAMES << 2);
}

/** Weights every input channel into every output channel; the weights are smoothed. Inputs are summed in their order, from +0 on. */
export class GainMatrix {
  /** Of input i and output o: i times `lanes` + o. */
  private readonly gains: StaticArray<Smoother>;
  /** Outputs, rounded up to whole pairs. */
  private readonly lanes: i32;

  constructor(
    private readonly inputs: i32,
    outputs: i32,
    sampleRate: f64,
  ) {
    const lanes = (outputs + 1) & ~1;
    this.lanes = lanes;
    this.gains = new StaticArray<Smoother>(inputs * lanes);
    for (let i = 0; i < this.gains.length; ++i) {
      this.gains[i] = new Smoother();
      this.gains[i].prepare(sampleRate);
    }
    allocateShared();
  }

  set(input: i32, output: i32, gain: f64): void {
    this.gains[input * this.lanes + output].target = gain;
  }

  /** All weights stand on their targets at once. */
  settle(): void {
    for (let i = 0; i < this.gains.length; ++i) this.gains[i].settle();
  }

  /** Writes the output pairs to `io` from the input pairs at `from`; at most MAX_FRAMES frames. */
  process(from: usize, io: usize, frames: i32): void {
    const pairBytes = (<usize>frames) << 3;
    for (let lane = 0; lane < this.lanes; lane += 2) {
      const pair = io + <usize>(lane >> 1) * pairBytes;
      memory.fill(pair, 0, pairBytes);
      for (let input = 0; input < this.inputs; ++input) {
        const left = this.gains[input * this.lanes + lane];
        const right = this.gains[input * this.lanes + lane + 1];
        const source = from + <usize>(input >> 1) * pairBytes;
        if (left.moving || right.moving) {
          left.fill(leftGains, frames);
          right.fill(rightGains, frames);
          addMoving(pair, source + ((<usize>(input & 1)) << 2), frames);
        } else if (left.value != 0 || right.value != 0) {
          addStill(pair, source, input & 1, frames, <f32>left.value, <f32>right.value);
        }
      }
    }
  }
}

function addMoving(pair: usize, channel: usize, frames: i32): void {
  for (let i: usize = 0; i < <usize>frames; ++i) {
    const at = pair + (i << 3);
    const x = load<f32>(channel + (i << 3));
    store<f32>(at, load<f32>(at) + x * load<f32>(leftGains + (i << 2)));
    store<f32>(at, load<f32>(at, 4) + x * load<f32>(rightGains + (i << 2)), 4);
  }
}

/** Adds the channel in `lane` of the pair at `source` to both channels of `pair`. */
function addStill(pair: usize, source: usize, lane: i32, frames: i32, left: f32, right: f32): void {
  const gains = f32x4(left, right, left, right);
  const end = (<usize>(frames & ~1)) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.load(source + at);
    const both = lane == 0 ? v128.shuffle<f32>(x, x, 0, 0, 2, 2) : v128.shuffle<f32>(x, x, 1, 1, 3, 3);
    v128.store(pair + at, f32x4.add(v128.load(pair + at), f32x4.mul(both, gains)));
  }
  if (!(frames & 1)) return;
  const x = load<f32>(source + end + ((<usize>lane) << 2));
  store<f32>(pair + end, load<f32>(pair + end) + x * left);
  store<f32>(pair + end, load<f32>(pair + end, 4) + x * right, 4);
}
