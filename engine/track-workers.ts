import { type Problem, ProblemError } from "../schema/problem.ts";
import type { ByteSource } from "./files.ts";
import { createInstance, type EngineInstance } from "./instance.ts";
import type { NetworkModules } from "./neural/network-modules.ts";
import type { RenderPlan, TrackPlan } from "./render-plan.ts";
import { loadSounds } from "./sound-bank.ts";
import type { TrackFeed } from "./track-feed.ts";
import { chunkBytes, TrackRenderer, trackSlots } from "./track-renderer.ts";

/** A thread that talks in messages: worker_threads in Node, a Blob worker in the panel. */
export type WorkerPort = {
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onFailure(listener: (reason: string) => void): void;
  stop(): void;
};

/** What an engine instance is made of. */
export type EngineModules = { readonly module: WebAssembly.Module; readonly networks: NetworkModules | null };

type Order =
  | {
      readonly kind: "open";
      readonly modules: EngineModules;
      readonly tracks: readonly TrackPlan[];
      readonly sampleRate: number;
    }
  /** Buffers of chunks that were mixed come back to be filled again: memory stays flat however long the programme is. */
  | { readonly kind: "next"; readonly spare: readonly ArrayBuffer[] };

type Answer =
  | { readonly kind: "opened" }
  | {
      readonly kind: "chunk";
      readonly tracks: readonly (ArrayBuffer | null)[];
      /** By track. */
      readonly warnings: readonly (readonly string[])[];
    }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };

/** Chunks that a worker may be ahead of the mixer: enough to keep it busy, few enough to keep memory flat. */
const CHUNKS_AHEAD = 3;

const toProblems = (error: unknown): readonly Problem[] =>
  error instanceof ProblemError
    ? error.problems
    : [{ code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) }];

/** The worker's side: renders the tracks it was given, one chunk an order. */
export const serveTracks = (
  port: Pick<WorkerPort, "post" | "onMessage">,
  open: (path: string) => Promise<ByteSource>,
): void => {
  let instance: EngineInstance;
  let tracks: TrackRenderer[] = [];
  const spare: ArrayBuffer[] = [];
  const copyOut = (at: number, bytes: number): ArrayBuffer => {
    const fitting = spare.findIndex(({ byteLength }) => byteLength === bytes);
    const buffer = fitting < 0 ? new ArrayBuffer(bytes) : spare.splice(fitting, 1)[0]!;
    new Uint8Array(buffer).set(instance.bytes(at, bytes));
    return buffer;
  };
  const renderChunk = async () => {
    const buffers: (ArrayBuffer | null)[] = [];
    for (const track of tracks) {
      const at = await track.next();
      buffers.push(at === 0 ? null : copyOut(at, track.chunkBytes));
    }
    port.post(
      { kind: "chunk", tracks: buffers, warnings: tracks.map((track) => track.warnings()) } satisfies Answer,
      buffers.filter((buffer) => buffer !== null),
    );
  };
  const obey = async (order: Order) => {
    if (order.kind === "next") {
      spare.push(...order.spare);
      return renderChunk();
    }
    instance = await createInstance(order.modules.module, order.modules.networks);
    const { sampleRate } = order;
    const sounds = await loadSounds(open, trackSlots(order.tracks));
    tracks = order.tracks.map((plan) => new TrackRenderer(instance, plan, { open, sampleRate, sounds }));
    for (const track of tracks) await track.open();
    port.post({ kind: "opened" } satisfies Answer);
  };
  let turn = Promise.resolve();
  port.onMessage((message) => {
    turn = turn
      .then(() => obey(message as Order))
      .catch((error) => port.post({ kind: "failed", problems: toProblems(error) } satisfies Answer));
  });
};

/** One worker seen from the mixer: answers in the order of the orders. */
const createLink = (port: WorkerPort) => {
  const answers: Answer[] = [];
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let failure: Error | null = null;
  const failWith = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  port.onMessage((message) => {
    const answer = message as Answer;
    if (answer.kind === "failed") return failWith(new ProblemError(...answer.problems));
    const next = waiting.shift();
    if (next) next.resolve(answer);
    else answers.push(answer);
  });
  port.onFailure((reason) =>
    failWith(new ProblemError({ code: "internal", message: `A render worker stopped: ${reason}` })),
  );
  return {
    order: (order: Order) => port.post(order, order.kind === "next" ? [...order.spare] : []),
    answer: (): Promise<Answer> => {
      const ready = answers.shift();
      if (ready) return Promise.resolve(ready);
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    stop: () => port.stop(),
  };
};

/** Deals the tracks to workers by the number of their clips, the longest first, so that all finish together. */
const dealTracks = (plan: RenderPlan, workers: number): number[][] => {
  const weight = (index: number) => {
    const { clips, generators } = plan.tracks[index]!;
    return [...clips, ...generators].reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame, 0);
  };
  const hands = Array.from({ length: workers }, () => ({ tracks: [] as number[], load: 0 }));
  const heaviestFirst = plan.tracks.map((_, index) => index).sort((a, b) => weight(b) - weight(a));
  for (const index of heaviestFirst) {
    const lightest = hands.reduce((least, hand) => (hand.load < least.load ? hand : least));
    lightest.tracks.push(index);
    lightest.load += weight(index) + 1;
  }
  return hands.map(({ tracks }) => tracks).filter((tracks) => tracks.length > 0);
};

/** Tracks in workers, one engine instance each; the mixer copies their chunks into its own instance. */
export const createWorkerFeed = (
  instance: EngineInstance,
  modules: EngineModules,
  plan: RenderPlan,
  threads: number,
  start: () => WorkerPort,
): TrackFeed => {
  const hands = dealTracks(plan, threads);
  const links = hands.map(() => createLink(start()));
  const buffers = plan.tracks.map((track) => instance.allocate(chunkBytes(track)));
  const addresses = plan.tracks.map(() => 0);
  const warnings: (readonly string[])[] = plan.tracks.map(() => []);
  /** Takes a chunk over; gives its buffers, which are free again. */
  const receive = (tracks: readonly number[], chunk: Answer): ArrayBuffer[] => {
    if (chunk.kind !== "chunk") throw new TypeError(`a worker answered "${chunk.kind}" instead of a chunk`);
    tracks.forEach((track, index) => {
      const samples = chunk.tracks[index];
      warnings[track] = chunk.warnings[index] ?? [];
      addresses[track] = samples ? buffers[track]! : 0;
      if (samples) instance.bytes(buffers[track]!, samples.byteLength).set(new Uint8Array(samples));
    });
    return chunk.tracks.filter((samples) => samples !== null);
  };
  return {
    open: async () => {
      links.forEach((link, index) => {
        const tracks = hands[index]!.map((track) => plan.tracks[track]!);
        link.order({ kind: "open", modules, tracks, sampleRate: plan.sampleRate });
      });
      for (const link of links) await link.answer();
      for (const link of links)
        for (let ahead = 0; ahead < CHUNKS_AHEAD; ahead += 1) link.order({ kind: "next", spare: [] });
    },
    next: async () => {
      for (const [index, link] of links.entries()) {
        const spare = receive(hands[index]!, await link.answer());
        link.order({ kind: "next", spare });
      }
      return addresses;
    },
    warnings: () => warnings.flat(),
    close: async () => {
      for (const link of links) link.stop();
    },
  };
};
