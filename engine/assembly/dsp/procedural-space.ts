import { exp, PI } from "./math";
import { Random } from "./random";

/** No procedural response is longer. */
export const MOST_SPACE_SECONDS: f64 = 3;

const SPEED_OF_SOUND: f64 = 343;
/** Largest number of reflections at one pair of walls. */
const MOST_ORDER: i32 = 8;
/** Impulses of the velvet tail per second. */
const TAIL_DENSITY: f64 = 3000;
const SILENCE_NEPERS: f64 = 9.2;

/** One space: a box (0 metres: no box), its decay, and where its lows and highs end. */
class Shape {
  constructor(
    readonly width: f64,
    readonly depth: f64,
    readonly height: f64,
    readonly decaySeconds: f64,
    /** Highs at the start, and the time in which they fall to a third. */
    readonly brightHz: f64,
    readonly dullSeconds: f64,
    readonly lowHz: f64,
    /** When the tail takes over from the single reflections. */
    readonly mixSeconds: f64,
  ) {}
}

/** In the order of the parameter's choices: room, hall, plate, chamber, car, phone booth. */
const SHAPES: StaticArray<Shape> = [
  new Shape(5.2, 6.7, 2.9, 0.5, 14000, 0.35, 60, 0.045),
  new Shape(22, 34, 16, 2.1, 12000, 0.7, 40, 0.12),
  new Shape(0, 0, 0, 1.8, 14000, 2.5, 120, 0),
  new Shape(7.1, 9.3, 4.6, 1.1, 15000, 0.8, 60, 0.06),
  new Shape(1.5, 2.6, 1.15, 0.09, 5000, 0.08, 50, 0.02),
  new Shape(0.88, 0.92, 2.2, 0.16, 7000, 0.15, 180, 0.03),
];

/**
 * Impulse responses that are computed: the image sources of a box (Allen and Berkley, JASA 65(4), 1979) to two ears apart, passing into
 * velvet noise that decays by the same time; highs die away faster. The same bits everywhere.
 */
export class ProceduralSpace {
  private readonly random: Random = new Random(0);
  private out: usize = 0;
  private frames: i32 = 0;
  private sampleRate: f64 = 48000;

  /** Writes `pairs` channel pairs, `stride` frames apart, and gives their length. `space` counts from 0. */
  render(space: i32, sampleRate: f64, out: usize, stride: i32, pairs: i32): i32 {
    const shape = SHAPES[max(0, min(space, SHAPES.length - 1))];
    this.sampleRate = sampleRate;
    this.frames = min(stride, <i32>ceil((SILENCE_NEPERS / 6.9) * shape.decaySeconds * sampleRate));
    memory.fill(out, 0, (<usize>(stride * pairs)) << 3);
    for (let channel = 0; channel < 2 * pairs; ++channel) {
      this.random.seed(0x57ace + 64 * <u64>space + <u64>channel);
      this.out = out + ((<usize>((channel >> 1) * stride)) << 3) + ((<usize>(channel & 1)) << 2);
      if (shape.width > 0) this.addImages(shape, channel);
      this.addTail(shape);
      this.colour(shape);
    }
    return this.frames;
  }

  private addTo(frame: i32, value: f64): void {
    if (frame >= this.frames) return;
    const at = this.out + ((<usize>frame) << 3);
    store<f32>(at, load<f32>(at) + <f32>value);
  }

  /** Energy that the tail puts into a second at its start, over that of the sound one metre from its source. */
  private tailPower(shape: Shape): f64 {
    if (shape.width == 0) return 1;
    // Diffuse sound: as many images a second as 4 pi c^3 t^2 / V, each with 1 / (c t)^2.
    return (4 * PI * SPEED_OF_SOUND) / (shape.width * shape.depth * shape.height);
  }

  private addTail(shape: Shape): void {
    const slot = this.sampleRate / TAIL_DENSITY;
    const decay = 6.907755278982137 / (shape.decaySeconds * this.sampleRate);
    const gain = sqrt(this.tailPower(shape) / TAIL_DENSITY);
    const start = shape.mixSeconds * this.sampleRate;
    // Fades in by power while the images fade out.
    for (let at: f64 = 0.5 * start; at < <f64>this.frames; at += slot) {
      const place = at + this.random.uniform() * slot;
      const rise = start > 0 ? min<f64>(1, (place - 0.5 * start) / (0.5 * start)) : 1;
      const sign: f64 = this.random.uniform() < 0.5 ? -1 : 1;
      this.addTo(<i32>place, sign * gain * sqrt(max<f64>(0, rise)) * exp(-decay * place));
    }
  }

  /** Source and ears stand away from the middle, where modes would fall together. */
  private addImages(shape: Shape, channel: i32): void {
    const ear = (channel & 1 ? 0.09 : -0.09) + 0.31 * <f64>(channel >> 1);
    for (let x = -MOST_ORDER; x <= MOST_ORDER; ++x)
      for (let y = -MOST_ORDER; y <= MOST_ORDER; ++y)
        for (let z = -MOST_ORDER; z <= MOST_ORDER; ++z) this.addImage(shape, x, y, z, ear);
  }

  private addImage(shape: Shape, x: i32, y: i32, z: i32, ear: f64): void {
    const dx = imageAt(x, shape.width, 0.37) - shape.width * 0.62 - ear * min<f64>(1, 0.5 * shape.width);
    const dy = imageAt(y, shape.depth, 0.29) - shape.depth * 0.58;
    const dz = imageAt(z, shape.height, 0.46) - shape.height * 0.53;
    const direct = sqrt(
      shape.width * shape.width * 0.0625 + shape.depth * shape.depth * 0.0841 + shape.height * shape.height * 0.0049,
    );
    const distance = max<f64>(0.3, sqrt(dx * dx + dy * dy + dz * dz));
    // The response begins with the direct sound.
    const seconds = max<f64>(0, (distance - direct) / SPEED_OF_SOUND);
    const start = 0.5 * shape.mixSeconds;
    if (seconds >= shape.mixSeconds) return;
    const fall = seconds < start ? 1 : sqrt((shape.mixSeconds - seconds) / start);
    const sign: f64 = (x + y + z) & 1 ? (this.random.uniform() < 0.5 ? -1 : 1) : 1;
    const gain = (sign * fall * exp((-6.907755278982137 / shape.decaySeconds) * seconds)) / distance;
    // Between two frames: the larger part to the nearer one.
    const place = seconds * this.sampleRate;
    const share = place - floor(place);
    this.addTo(<i32>place, gain * (1 - share));
    this.addTo(<i32>place + 1, gain * share);
  }

  /** Two low-passes whose corner falls with time, and a high-pass at the low end. */
  private colour(shape: Shape): void {
    const low = 1 - exp((-2 * PI * shape.lowHz) / this.sampleRate);
    const step = exp(-1 / (shape.dullSeconds * this.sampleRate));
    const floorHz: f64 = 400;
    let corner = shape.brightHz;
    let pole: f64 = 0;
    let dull: f64 = 0;
    let duller: f64 = 0;
    let base: f64 = 0;
    for (let i = 0; i < this.frames; ++i) {
      // The corner moves slowly: an exponential every 64 frames is enough.
      if ((i & 63) == 0) pole = exp((-2 * PI * min(corner, 0.45 * this.sampleRate)) / this.sampleRate);
      corner = floorHz + (corner - floorHz) * step;
      const at = this.out + ((<usize>i) << 3);
      dull = <f64>load<f32>(at) + (dull - <f64>load<f32>(at)) * pole;
      duller = dull + (duller - dull) * pole;
      base += (duller - base) * low;
      store<f32>(at, <f32>(duller - base));
    }
  }
}

/** Place of the n-th image along an axis. */
function imageAt(n: i32, length: f64, share: f64): f64 {
  return <f64>n * length + (n & 1 ? (1 - share) * length : share * length);
}
