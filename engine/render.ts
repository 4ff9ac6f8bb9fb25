import { createBreath, throwIfCancelled } from "./cancel.ts";
import type { RenderedFile, RenderOptions, RenderResult } from "./engine.ts";
import type { FilePort } from "./files.ts";
import { createInstance } from "./instance.ts";
import { Mixer } from "./mixer.ts";
import type { NetworkModules } from "./neural/network-modules.ts";
import type { RenderPlan } from "./render-plan.ts";
import { tailFrames } from "./render-tail.ts";
import { loadSounds, type SoundBank } from "./sound-bank.ts";
import { StemOutput, stemFileNames } from "./stem-output.ts";
import { createInlineFeed } from "./track-feed.ts";
import { CHUNK_FRAMES, trackSlots } from "./track-renderer.ts";
import { createWorkerFeed, type WorkerPort } from "./track-workers.ts";

export type RenderGround = {
  readonly files: FilePort;
  readonly module: WebAssembly.Module;
  /** null where the networks are not installed. */
  readonly networks: NetworkModules | null;
  /** Starts one more worker; absent where the platform has none. */
  readonly startWorker?: () => WorkerPort;
  /** Rejects when a media file is no longer what the plan was made from; asked before any file gets its final name. */
  readonly checkMedia?: () => Promise<void>;
};

const DEFAULT_BLOCK_FRAMES = 1024;

const renderedFile = async (output: StemOutput, plan: RenderPlan): Promise<RenderedFile> => {
  const measures = output.meter.measures();
  return {
    stemId: output.plan.id,
    name: output.plan.name,
    file: output.path,
    sha256: await output.finish(),
    sampleRate: plan.sampleRate,
    channels: output.plan.channels,
    frames: plan.frames,
    measures: { ...measures, durationSeconds: plan.frames / plan.sampleRate },
  };
};

const clipWarnings = (outputs: readonly StemOutput[], mixer: Mixer): string[] =>
  outputs.flatMap(({ plan, clippedFrames }) => {
    const clipped = clippedFrames + mixer.clippedSamplesOf(plan.bus);
    if (clipped === 0) return [];
    return [
      `Stem ${plan.name} exceeds full scale in ${clipped} samples, which are clipped; turn its bus down or render 32-bit float.`,
    ];
  });

/** Every insert of a plan. */
export const planSlots = ({ tracks, buses }: RenderPlan) => [
  ...trackSlots(tracks),
  ...buses.flatMap(({ slots }) => slots),
];

export const worksWithNetworks = (plan: RenderPlan): boolean => planSlots(plan).some(({ neural }) => neural);

/** The plan as long as its inserts ring; they are asked in an instance of their own, whose memory is given back. */
const withTail = async (module: WebAssembly.Module, plan: RenderPlan, sounds: SoundBank): Promise<RenderPlan> => ({
  ...plan,
  frames: plan.frames + tailFrames(await createInstance(module), plan, sounds),
});

/**
 * Renders a plan: tracks (in workers or inline) -> mixer -> stems, in chunks, with flat memory. Same plan, same media, same
 * engine: same bytes, whatever `threads` and `blockFrames` are. Files get their final names only after all are complete.
 */
export const renderPlan = async (
  ground: RenderGround,
  sequencePlan: RenderPlan,
  sequenceName: string,
  options: RenderOptions,
): Promise<RenderResult> => {
  const { files, module, networks, startWorker, checkMedia } = ground;
  const { signal, onProgress, threads = 1, blockFrames = DEFAULT_BLOCK_FRAMES, write = true } = options;
  const instance = await createInstance(module, networks);
  const open = (path: string) => files.open(path);
  const sounds = await loadSounds(open, planSlots(sequencePlan));
  const plan = options.tail ? await withTail(module, sequencePlan, sounds) : sequencePlan;
  const feed =
    startWorker && threads > 1
      ? createWorkerFeed(instance, { module, networks }, plan, threads, startWorker)
      : createInlineFeed(instance, plan, { open, sampleRate: plan.sampleRate, sounds });
  const outputs: StemOutput[] = [];
  const mixer = new Mixer(instance, plan, sounds, blockFrames, (bus, at, frames) => {
    for (const output of outputs) if (output.plan.bus === bus) output.take(at, frames);
  });
  try {
    if (write) await files.makeFolder(options.outputFolder);
    const names = stemFileNames(sequenceName, plan.stems, options.fileNames);
    for (const [index, stem] of plan.stems.entries()) {
      const path = files.join(options.outputFolder, names[index]!);
      outputs.push(
        await StemOutput.create(instance, stem, plan, write ? { files, path } : null, mixer.latencyOf(stem.bus)),
      );
    }
    await feed.open();
    const total = plan.frames + mixer.latencyFrames;
    const breathe = createBreath(signal);
    for (let done = 0; done < total; done += CHUNK_FRAMES) {
      await breathe();
      mixer.mixChunk(await feed.next());
      for (const output of outputs) await output.flush();
      onProgress?.({ phase: write ? "render" : "measure", done: Math.min(done + CHUNK_FRAMES, total), total });
    }
    throwIfCancelled(signal);
    await checkMedia?.();
    const rendered: RenderedFile[] = [];
    for (const output of outputs) rendered.push(await renderedFile(output, plan));
    return {
      frames: plan.frames,
      files: rendered,
      reductionsDb: mixer.reductionsDb(),
      warnings: [...plan.warnings, ...feed.warnings(), ...mixer.warnings(), ...clipWarnings(outputs, mixer)],
    };
  } catch (error) {
    for (const output of outputs) await output.abort();
    throw error;
  } finally {
    await feed.close();
  }
};
