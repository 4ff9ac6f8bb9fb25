/**
 * Music, room and effects of the demo, made from integer noise and + - * / alone (own sine, own decay), so that every
 * machine writes the same bytes.
 */

/** sin(2 pi x), x in turns; Taylor series on a quarter turn. */
const sinTurns = (x) => {
  let r = x - Math.floor(x + 0.5);
  if (r > 0.25) r = 0.5 - r;
  else if (r < -0.25) r = -0.5 - r;
  const t = 6.283185307179586 * r;
  const s = t * t;
  let sum = 1;
  for (let k = 15; k >= 3; k -= 2) sum = 1 - (s / (k * (k - 1))) * sum;
  return t * sum;
};

/** Uniform in -1..1 from a 32-bit linear congruential generator. */
const createNoise = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
};

const chords = [
  [110, 164.81, 220, 277.18],
  [98, 146.83, 196, 246.94],
  [87.31, 130.81, 174.61, 220],
  [82.41, 123.47, 164.81, 207.65],
];

/** A slow pad of four chords with a plucked voice on top; stereo. */
export const music = (rate, seconds, transpose) => {
  const frames = rate * seconds;
  const out = new Float64Array(frames * 2);
  const decayPerFrame = 1 - 4 / rate;
  let pluck = 0;
  for (let n = 0; n < frames; n += 1) {
    const t = n / rate;
    const chord = chords[Math.floor(t / 3) % chords.length];
    if (n % (rate / 2) === 0) pluck = 1;
    pluck *= decayPerFrame;
    chord.forEach((hz, voice) => {
      const pad =
        sinTurns(hz * transpose * t) + 0.4 * sinTurns(2 * hz * transpose * t) + 0.2 * sinTurns(3 * hz * transpose * t);
      const bell = voice === Math.floor(t * 2) % 4 ? pluck * sinTurns(4 * hz * transpose * t) : 0;
      const right = voice / 3;
      out[n * 2] += (0.05 * pad + 0.12 * bell) * (1 - 0.6 * right);
      out[n * 2 + 1] += (0.05 * pad + 0.12 * bell) * (0.4 + 0.6 * right);
    });
  }
  return out;
};

/** Low-passed noise with a slow swell, as a room with a street outside; stereo. */
export const room = (rate, seconds) => {
  const frames = rate * seconds;
  const noise = createNoise(7);
  const out = new Float64Array(frames * 2);
  let left = 0;
  let right = 0;
  for (let n = 0; n < frames; n += 1) {
    const swell = 1 + 0.3 * sinTurns(n / rate / 11);
    left = 0.96 * left + 0.04 * noise();
    right = 0.96 * right + 0.04 * noise();
    out[n * 2] = 0.12 * swell * left;
    out[n * 2 + 1] = 0.12 * swell * right;
  }
  return out;
};

/** A thump and a rattle; mono. */
export const door = (rate) => {
  const frames = Math.floor(rate * 0.6);
  const noise = createNoise(21);
  const out = new Float64Array(frames);
  let body = 0.8;
  let rattle = 0.5;
  for (let n = 0; n < frames; n += 1) {
    body *= 1 - 9 / rate;
    rattle *= 1 - 30 / rate;
    out[n] = body * sinTurns((70 * n) / rate) + rattle * noise();
  }
  return out;
};

/** Seven decaying partials; mono. */
export const glass = (rate) => {
  const frames = Math.floor(rate * 0.8);
  const out = new Float64Array(frames);
  for (let partial = 0; partial < 7; partial += 1) {
    let level = 0.09;
    const hz = 2300 * (1 + partial * 0.37);
    for (let n = 0; n < frames; n += 1) {
      level *= 1 - (6 + 3 * partial) / rate;
      out[n] += level * sinTurns((hz * n) / rate);
    }
  }
  return out;
};

const integers = (samples, bits) => {
  const top = 2 ** (bits - 1);
  return Array.from(samples, (x) => Math.max(-top, Math.min(top - 1, Math.round(x * top))));
};

/** A WAV file of 16 or 24 bit. */
export const waveFile = (samples, rate, channels, bits) => {
  const data = Buffer.alloc((samples.length * bits) / 8);
  integers(samples, bits).forEach((value, index) => {
    data.writeIntLE(value, (index * bits) / 8, bits / 8);
  });
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
};

/** An AIFF file of 24 bit at 96 kHz. */
export const aiffFile96k = (samples) => {
  const data = Buffer.alloc(samples.length * 3);
  integers(samples, 24).forEach((value, index) => {
    data.writeIntBE(value, index * 3, 3);
  });
  const header = Buffer.alloc(54);
  header.write("FORM", 0);
  header.writeUInt32BE(46 + data.length, 4);
  header.write("AIFFCOMM", 8);
  header.writeUInt32BE(18, 16);
  header.writeUInt16BE(1, 20);
  header.writeUInt32BE(samples.length, 22);
  header.writeUInt16BE(24, 26);
  header.set([0x40, 0x0f, 0xbb, 0x80], 28); // 96,000 as an 80-bit float
  header.write("SSND", 38);
  header.writeUInt32BE(8 + data.length, 42);
  return Buffer.concat([header, data]);
};
