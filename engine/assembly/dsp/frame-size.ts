/** Transform size, a power of two, that lasts at `sampleRate` nearest to as long as `atFortyEight` does at 48 kHz; 64 or more. */
export function frameSize(atFortyEight: i32, sampleRate: f64): i32 {
  let size = 64;
  while (<f64>size * 48000 * 1.41421356 < <f64>atFortyEight * sampleRate) size <<= 1;
  return size;
}
