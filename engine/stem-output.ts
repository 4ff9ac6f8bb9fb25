import type { FilePort } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { addFolded, createLayoutFold, type LayoutFold, type PairBlock, pairCount } from "./layout-fold.ts";
import { createLoudnessMeter, type LoudnessMeter } from "./loudness.ts";
import type { RenderPlan, StemPlan } from "./render-plan.ts";
import { CHUNK_FRAMES } from "./track-renderer.ts";
import { createWaveWriter, type WaveWriter } from "./wave-writer.ts";

const encoders = { 16: "encodeS16", 24: "encodeS24", 32: "encodeF32" } as const;

/** Letters without accents, digits and a few signs of a name, at most 80: what every file system and every delivery takes. */
export const fileSlug = (name: string, otherwise = "mix"): string => {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  return slug === "" ? otherwise : slug;
};

/** File names of the stems, in order, as `given` by stem id or made of the two names. Names that differ only in what a slug or a file system drops are numbered: none takes another's place. */
export const stemFileNames = (
  sequenceName: string,
  stems: readonly { readonly id: string; readonly name: string }[],
  given: Readonly<Record<string, string>> = {},
): readonly string[] => {
  const taken = new Set<string>();
  return stems.map(({ id, name }) => {
    if (given[id] !== undefined) return given[id];
    const base = `${fileSlug(sequenceName)}_${fileSlug(name, "stem")}`;
    let unique = base;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) unique = `${base}-${number}`;
    taken.add(unique.toLowerCase());
    return `${unique}.wav`;
  });
};

/** Sides and rears of 7.1 change places: a WAVE file has the rears first (`waveChannelOrder`). One pair behind the block is free. */
const swapSidesAndRears = (instance: EngineInstance, at: number, frames: number): void => {
  const pair = frames * 8;
  const block = instance.bytes(at, 5 * pair);
  block.copyWithin(4 * pair, 2 * pair, 3 * pair);
  block.copyWithin(2 * pair, 3 * pair, 5 * pair);
};

/** One stem on its way out: the bus's latency is cut off in front, then frames are measured, encoded and written. */
export class StemOutput {
  readonly plan: StemPlan;
  readonly path: string;
  readonly meter: LoudnessMeter;
  clippedFrames = 0;
  private readonly instance: EngineInstance;
  private readonly writer: WaveWriter | null;
  private readonly encoded: number;
  private readonly fold: LayoutFold;
  private readonly pairs: number;
  /** The stretch that is taken, in the stem's own layout. */
  private readonly own: number;
  private readonly totalFrames: number;
  private readonly bytesPerFrame: number;
  private skip: number;
  private written = 0;
  private pendingBytes = 0;

  private constructor(
    instance: EngineInstance,
    plan: StemPlan,
    render: RenderPlan,
    path: string,
    latencyFrames: number,
    writer: WaveWriter | null,
  ) {
    this.instance = instance;
    this.plan = plan;
    this.path = path;
    this.writer = writer;
    this.totalFrames = render.frames;
    this.skip = latencyFrames;
    this.bytesPerFrame = (plan.channels * plan.bitDepth) / 8;
    this.encoded = instance.allocate(CHUNK_FRAMES * this.bytesPerFrame);
    this.fold = createLayoutFold(render.buses[plan.bus]!.layout, plan.layout);
    this.pairs = pairCount(plan.layout);
    this.own = instance.allocate(CHUNK_FRAMES * (this.pairs + 1) * 8);
    this.meter = createLoudnessMeter(instance, render.sampleRate, plan.channels);
  }

  /** `files` null = measure only. */
  static async create(
    instance: EngineInstance,
    plan: StemPlan,
    render: RenderPlan,
    target: { readonly files: FilePort; readonly path: string } | null,
    latencyFrames: number,
  ): Promise<StemOutput> {
    const { sampleRate, frames, timeReferenceFrames } = render;
    const writer = target
      ? await createWaveWriter(target.files, target.path, {
          sampleRate,
          channels: plan.channels,
          bitDepth: plan.bitDepth,
          totalFrames: frames,
          timeReferenceFrames: BigInt(timeReferenceFrames),
          description: plan.name,
          originator: "Premix",
        })
      : null;
    return new StemOutput(instance, plan, render, target?.path ?? "", latencyFrames, writer);
  }

  /** Takes the next frames of the bus (pairs of its layout at `at`, inside one chunk). */
  take(at: number, frames: number): void {
    const skipped = Math.min(this.skip, frames);
    this.skip -= skipped;
    const count = Math.min(frames - skipped, this.totalFrames - this.written);
    if (count <= 0) return;
    const { instance, plan } = this;
    const from = this.inOwnLayout({ at: at + skipped * 8, stride: frames }, count);
    this.meter.feed(from, count);
    if (plan.layout === "7.1") swapSidesAndRears(instance, from, count);
    const to = this.encoded + this.pendingBytes;
    this.clippedFrames += instance.exports[encoders[plan.bitDepth]](from, to, count, plan.channels);
    this.pendingBytes += count * this.bytesPerFrame;
    this.written += count;
  }

  /** Address of the frames with their pairs close together; where one pair stays one pair, they lie so already. */
  private inOwnLayout(block: PairBlock, frames: number): number {
    if (this.pairs === 1 && this.fold.length === 1 && this.fold[0]!.isStraight) return block.at;
    this.instance.bytes(this.own, frames * this.pairs * 8).fill(0);
    addFolded(this.instance, this.fold, { at: this.own, stride: frames }, block, frames, 1);
    return this.own;
  }

  /** Hands the encoded bytes of the chunk to the file. */
  async flush(): Promise<void> {
    const bytes = this.pendingBytes;
    this.pendingBytes = 0;
    if (bytes > 0 && this.writer) await this.writer.write(this.instance.bytes(this.encoded, bytes));
  }

  /** Final name and SHA-256; "" when nothing is written. */
  async finish(): Promise<string> {
    return this.writer ? (await this.writer.finish()).sha256 : "";
  }

  async abort(): Promise<void> {
    await this.writer?.abort();
  }
}
