// A wasm of its own, in RNNoise's memory: what RNNoise's `rnn_compute_linear_c` computes, to the last bit, four and eight lanes at a
// time. That function is three quarters of RNNoise, which was compiled without SIMD. build-neural.mjs leads its calls here.

/** Room for the inputs of a layer as 16-bit integers. */
let quantised: usize = 0;

/** Gives room for as many 16-bit integers as the widest layer has inputs. */
export function useRoom(at: usize): void {
  quantised = at;
}

/** `out` = weights x `input` + bias (+ diagonal x input), of the layer description at `layer` (RNNoise 0.2's LinearLayer). */
export function computeLayer(layer: usize, out: usize, input: usize): void {
  const bias = load<usize>(layer);
  const weights = load<usize>(layer, 8);
  const floatWeights = load<usize>(layer, 12);
  const blocks = load<usize>(layer, 16);
  const diagonal = load<usize>(layer, 20);
  const scale = load<usize>(layer, 24);
  const inputs = load<i32>(layer, 28);
  const outputs = load<i32>(layer, 32);
  if (floatWeights != 0) {
    if (blocks != 0) multiplySparse(out, floatWeights, blocks, outputs, input);
    else multiply(out, floatWeights, inputs, outputs, input);
  } else if (weights != 0) {
    quantise(input, inputs);
    if (blocks != 0) multiplySparseBytes(out, weights, blocks, scale, outputs);
    else multiplyBytes(out, weights, scale, inputs, outputs);
  } else memory.fill(out, 0, (<usize>outputs) << 2);
  if (bias != 0) add(out, bias, outputs);
  if (diagonal != 0) addDiagonal(out, diagonal, input, inputs);
}

function add(out: usize, bias: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, load<f32>(out + at) + load<f32>(bias + at));
}

/** The three gates of a recurrent layer have a diagonal each. */
function addDiagonal(out: usize, diagonal: usize, input: usize, inputs: i32): void {
  const bytes = (<usize>inputs) << 2;
  for (let gate: usize = 0; gate < 3 * bytes; gate += bytes)
    for (let at: usize = 0; at < bytes; at += 4) {
      const to = out + gate + at;
      store<f32>(to, load<f32>(diagonal + gate + at) * load<f32>(input + at) + load<f32>(to));
    }
}

/** Column by column, as the original adds them: each lane is one output. */
function multiply(out: usize, weights: usize, inputs: i32, outputs: i32, input: usize): void {
  const stride = (<usize>outputs) << 2;
  const end = input + ((<usize>inputs) << 2);
  let row: usize = 0;
  for (; row + 64 <= stride; row += 64) {
    let first = f32x4.splat(0);
    let second = first;
    let third = first;
    let fourth = first;
    for (let x = input, at = weights + row; x < end; x += 4, at += stride) {
      const value = v128.load_splat<f32>(x);
      first = f32x4.add(first, f32x4.mul(v128.load(at), value));
      second = f32x4.add(second, f32x4.mul(v128.load(at, 16), value));
      third = f32x4.add(third, f32x4.mul(v128.load(at, 32), value));
      fourth = f32x4.add(fourth, f32x4.mul(v128.load(at, 48), value));
    }
    v128.store(out + row, first);
    v128.store(out + row, second, 16);
    v128.store(out + row, third, 32);
    v128.store(out + row, fourth, 48);
  }
  for (; row < stride; row += 4) {
    let sum: f32 = 0;
    for (let x = input, at = weights + row; x < end; x += 4, at += stride) sum += load<f32>(at) * load<f32>(x);
    store<f32>(out + row, sum);
  }
}

/** Blocks of 8 outputs x 4 inputs; in front of each row of blocks stands their number, then the first input of each. */
function multiplySparse(out: usize, weights: usize, blocks: usize, outputs: i32, input: usize): void {
  let at = weights;
  for (let row: usize = 0; row < (<usize>outputs) << 2; row += 32) {
    let low = f32x4.splat(0);
    let high = low;
    const end = blocks + 4 + ((<usize>load<i32>(blocks)) << 2);
    for (blocks += 4; blocks < end; blocks += 4) {
      const x = input + ((<usize>load<i32>(blocks)) << 2);
      for (let column: usize = 0; column < 16; column += 4, at += 32) {
        const value = v128.load_splat<f32>(x + column);
        low = f32x4.add(low, f32x4.mul(v128.load(at), value));
        high = f32x4.add(high, f32x4.mul(v128.load(at, 16), value));
      }
    }
    v128.store(out + row, low);
    v128.store(out + row, high, 16);
  }
}

function quantise(input: usize, inputs: i32): void {
  for (let i: usize = 0; i < <usize>inputs; ++i) {
    const scaled = load<f32>(input + (i << 2)) * 127;
    store<i16>(quantised + (i << 1), <i16>(<i8>(<i32>floor(<f64>scaled + 0.5))));
  }
}

/** Sums of products of bytes stay below 2^24, where the original's f32 sums are whole numbers, too: the order does not matter. */
function multiplySparseBytes(out: usize, weights: usize, blocks: usize, scale: usize, outputs: i32): void {
  let at = weights;
  for (let row: usize = 0; row < (<usize>outputs) << 2; row += 32) {
    let first = i32x4.splat(0);
    let second = first;
    let third = first;
    let fourth = first;
    const end = blocks + 4 + ((<usize>load<i32>(blocks)) << 2);
    for (blocks += 4; blocks < end; blocks += 4, at += 32) {
      const x = v128.load64_splat(quantised + ((<usize>load<i32>(blocks)) << 1));
      const low = v128.load(at);
      const high = v128.load(at, 16);
      first = i32x4.add(first, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low), x));
      second = i32x4.add(second, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low), x));
      third = i32x4.add(third, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high), x));
      fourth = i32x4.add(fourth, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high), x));
    }
    storeScaled(out + row, scale + row, pairSums(first, second), pairSums(third, fourth));
  }
}

function multiplyBytes(out: usize, weights: usize, scale: usize, inputs: i32, outputs: i32): void {
  let at = weights;
  const end = quantised + ((<usize>inputs) << 1);
  for (let row: usize = 0; row < (<usize>outputs) << 2; row += 32) {
    let first = i32x4.splat(0);
    let second = first;
    let third = first;
    let fourth = first;
    for (let x = quantised; x < end; x += 8, at += 32) {
      const four = v128.load64_splat(x);
      const low = v128.load(at);
      const high = v128.load(at, 16);
      first = i32x4.add(first, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low), four));
      second = i32x4.add(second, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low), four));
      third = i32x4.add(third, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high), four));
      fourth = i32x4.add(fourth, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high), four));
    }
    storeScaled(out + row, scale + row, pairSums(first, second), pairSums(third, fourth));
  }
}

/** Two neighbouring lanes are one output. */
function pairSums(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

function storeScaled(out: usize, scale: usize, low: v128, high: v128): void {
  v128.store(out, f32x4.mul(v128.load(scale), f32x4.convert_i32x4_s(low)));
  v128.store(out, f32x4.mul(v128.load(scale, 16), f32x4.convert_i32x4_s(high)), 16);
}
