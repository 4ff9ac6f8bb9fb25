import type { FilePort } from "../../engine/files.ts";
import type { MediaInfo } from "../../engine/media/media.ts";

/** Energies of a stem in hops of 100 ms: the K-weighted mean square, summed over its channels. ITU-R BS.1770-5. */
export type StemHops = { readonly hopSeconds: number; readonly energies: Float64Array };

/** Hops a second. */
const HOPS = 10;
const READ_FRAMES = 48_000;

type Section = { readonly b: readonly [number, number, number]; readonly a: readonly [number, number] };

/** The two sections of the K filter at any sample rate: bilinear transforms of the analogue prototypes behind BS.1770's 48 kHz table. */
export const kSections = (sampleRate: number): readonly Section[] => {
  const shelf = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelfNorm = 1 + shelf / shelfQ + shelf * shelf;
  const pass = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const passNorm = 1 + pass / passQ + pass * pass;
  return [
    {
      b: [
        (high + (band * shelf) / shelfQ + shelf * shelf) / shelfNorm,
        (2 * (shelf * shelf - high)) / shelfNorm,
        (high - (band * shelf) / shelfQ + shelf * shelf) / shelfNorm,
      ],
      a: [(2 * (shelf * shelf - 1)) / shelfNorm, (1 - shelf / shelfQ + shelf * shelf) / shelfNorm],
    },
    { b: [1, -2, 1], a: [(2 * (pass * pass - 1)) / passNorm, (1 - pass / passQ + pass * pass) / passNorm] },
  ];
};

/** One channel through both sections; gives the square of each weighted sample. */
class KWeighting {
  private readonly sections: readonly Section[];
  private readonly state = new Float64Array(4);

  constructor(sampleRate: number) {
    this.sections = kSections(sampleRate);
  }

  squareOf(sample: number): number {
    let value = sample;
    for (let index = 0; index < 2; index += 1) {
      const { b, a } = this.sections[index]!;
      const at = index * 2;
      const out = b[0] * value + this.state[at]!;
      this.state[at] = b[1] * value - a[0] * out + this.state[at + 1]!;
      this.state[at + 1] = b[2] * value - a[1] * out;
      value = out;
    }
    return value * value;
  }
}

type Decode = (view: DataView, at: number) => number;

const decoders: { readonly [encoding: string]: { readonly bytes: number; readonly decode: Decode } } = {
  s16: { bytes: 2, decode: (view, at) => view.getInt16(at, true) / 32_768 },
  s24: { bytes: 3, decode: (view, at) => (view.getInt8(at + 2) * 65_536 + view.getUint16(at, true)) / 8_388_608 },
  f32: { bytes: 4, decode: (view, at) => view.getFloat32(at, true) },
};

/** Gives the event loop a turn: reading may be synchronous, and a cancel must be heard meanwhile. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Reads a rendered stem (16 or 24-bit PCM, or 32-bit float, little-endian) once, in blocks, and gives its hops. */
export const readStemHops = async (
  files: FilePort,
  path: string,
  info: MediaInfo,
  signal?: AbortSignal,
): Promise<StemHops> => {
  const { pcm, frames, channels, sampleRate } = info;
  const decoder = pcm ? decoders[pcm.encoding] : undefined;
  if (!pcm || !decoder || pcm.bigEndian || frames === null) throw new TypeError(`${path} is not a stem of ours`);
  const perHop = Math.round(sampleRate / HOPS);
  const energies = new Float64Array(Math.ceil(frames / perHop));
  const weightings = Array.from({ length: channels }, () => new KWeighting(sampleRate));
  const source = await files.open(path);
  try {
    const bytes = new Uint8Array(READ_FRAMES * pcm.bytesPerFrame);
    const view = new DataView(bytes.buffer);
    for (let done = 0; done < frames; ) {
      await turn();
      signal?.throwIfAborted();
      const wanted = Math.min(READ_FRAMES, frames - done);
      const part = bytes.subarray(0, wanted * pcm.bytesPerFrame);
      const got = await source.read(pcm.dataOffset + done * pcm.bytesPerFrame, part);
      const whole = Math.floor(got / pcm.bytesPerFrame);
      if (whole === 0) break;
      for (let frame = 0; frame < whole; frame += 1) {
        const hop = Math.floor((done + frame) / perHop);
        for (let channel = 0; channel < channels; channel += 1) {
          const sample = decoder.decode(view, frame * pcm.bytesPerFrame + channel * decoder.bytes);
          energies[hop] = energies[hop]! + weightings[channel]!.squareOf(sample) / perHop;
        }
      }
      done += whole;
    }
  } finally {
    await source.close();
  }
  return { hopSeconds: 1 / HOPS, energies };
};
