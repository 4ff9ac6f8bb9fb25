import type { ChannelLayout } from "../schema/channel-layout.ts";
import { createDelayLine, type DelayLine } from "./delay-line.ts";
import type { EngineInstance } from "./instance.ts";
import { addFolded, createLayoutFold, type LayoutFold, pairCount } from "./layout-fold.ts";
import type { BusPlan, RenderPlan, SendPlan, SlotPlan } from "./render-plan.ts";
import { createSlotChain, type SlotChain } from "./slot-chain.ts";
import type { SoundBank } from "./sound-bank.ts";
import { applySegments, CHUNK_FRAMES } from "./track-renderer.ts";

/** One way by which sound reaches a bus. */
type Edge = {
  readonly from: { readonly kind: "track" | "bus"; readonly index: number };
  readonly gain: number;
  readonly tap: "pre" | "post";
  readonly delay: DelayLine;
  readonly pairs: number;
  readonly fold: LayoutFold;
};

/** What one bus owns in engine memory. */
type BusState = {
  readonly plan: BusPlan;
  readonly pairs: number;
  readonly inserts: SlotChain;
  /** Behind the fader. */
  readonly duckers: SlotChain;
  readonly inputs: readonly Edge[];
  /** Frames by which its output is late. */
  readonly latencyFrames: number;
  /** The same before fader and duckers. */
  readonly preFaderLatencyFrames: number;
  readonly gain: number;
  /** Written as 24-bit: what goes on is exactly what the file holds, so that stems sum to the mix. */
  readonly quantised: boolean;
  /** Samples that the quantising had to clip. */
  clippedSamples: number;
  readonly preFader: number;
  readonly output: number;
};

/** Called per block with the address of a bus's finished frames. */
export type BusTap = (bus: number, at: number, frames: number) => void;

const inputsOf = (plan: RenderPlan, bus: number): { from: Edge["from"]; gainDb: number; tap: "pre" | "post" }[] => {
  const sendsTo = (kind: "track" | "bus", index: number, sends: readonly SendPlan[]) =>
    sends.filter((send) => send.bus === bus).map(({ gainDb, tap }) => ({ from: { kind, index }, gainDb, tap }));
  return [
    ...plan.tracks.flatMap((track, index) => [
      ...(track.bus === bus ? [{ from: { kind: "track" as const, index }, gainDb: 0, tap: "post" as const }] : []),
      ...sendsTo("track", index, track.sends),
    ]),
    ...plan.buses.flatMap((other, index) => [
      ...(other.output === bus ? [{ from: { kind: "bus" as const, index }, gainDb: 0, tap: "post" as const }] : []),
      ...sendsTo("bus", index, other.sends),
    ]),
  ];
};

/** Sums tracks into buses, runs their inserts and duckers, and keeps every path in time. One engine instance, one thread, fixed order. */
export class Mixer {
  private readonly instance: EngineInstance;
  private readonly plan: RenderPlan;
  private readonly blockFrames: number;
  private readonly buses: BusState[] = [];
  private readonly trackGains: readonly number[];
  private readonly trackPairs: readonly number[];
  private readonly trackPost: readonly number[];
  private readonly trackPre: readonly number[];
  private readonly edge: number;
  private readonly key: number;
  private readonly sounds: SoundBank;
  private readonly tap: BusTap;
  private readonly sounding: boolean[] = [];
  private position = 0;

  constructor(instance: EngineInstance, plan: RenderPlan, sounds: SoundBank, blockFrames: number, tap: BusTap) {
    this.instance = instance;
    this.plan = plan;
    this.sounds = sounds;
    this.blockFrames = blockFrames;
    this.tap = tap;
    this.trackGains = plan.tracks.map(({ volumeDb }) => instance.exports.dbToGain(volumeDb));
    this.trackPairs = plan.tracks.map(({ outputLayout }) => pairCount(outputLayout));
    this.trackPost = this.trackPairs.map((pairs) => this.block(pairs));
    this.trackPre = plan.tracks.map(({ sends }, index) =>
      sends.some(({ tap: at }) => at === "pre") ? this.block(this.trackPairs[index]!) : 0,
    );
    const widest = Math.max(1, ...this.trackPairs, ...plan.buses.map(({ layout }) => pairCount(layout)));
    this.edge = this.block(widest);
    this.key = this.block(widest);
    for (const index of plan.busOrder) this.buses[index] = this.createBus(index);
  }

  /** Largest delay between a track and any stem; the render runs on for as long. */
  get latencyFrames(): number {
    return this.plan.stems.reduce((most, { bus }) => Math.max(most, this.latencyOf(bus)), 0);
  }

  latencyOf(bus: number): number {
    return this.bus(bus).latencyFrames;
  }

  /** Samples of a bus that were clipped before any stem saw them. */
  clippedSamplesOf(bus: number): number {
    return this.bus(bus).clippedSamples;
  }

  /** Mixes one chunk: an address per track (pairs of its output layout, CHUNK_FRAMES apart), 0 where the track is silent. */
  mixChunk(tracks: readonly number[]): void {
    for (let done = 0; done < CHUNK_FRAMES; done += this.blockFrames) {
      const frames = Math.min(this.blockFrames, CHUNK_FRAMES - done);
      this.fadeTracks(tracks, done, frames);
      for (const index of this.plan.busOrder) this.mixBus(index, frames);
      for (const index of this.plan.busOrder) this.tap(index, this.bus(index).output, frames);
      this.position += frames;
    }
  }

  /** Deepest reduction of every insert and ducker on the buses, by id, in dB (never positive). */
  reductionsDb(): Readonly<Record<string, number>> {
    return Object.assign(
      {},
      ...this.buses.map(({ inserts, duckers }) => ({ ...inserts.reductionsDb(), ...duckers.reductionsDb() })),
    );
  }

  /** What the buses' inserts could not do. */
  warnings(): string[] {
    return this.buses.flatMap(({ inserts }) => inserts.warnings());
  }

  private block(pairs: number): number {
    return this.instance.allocate(this.blockFrames * pairs * 8);
  }

  private bus(index: number): BusState {
    const bus = this.buses[index];
    if (!bus) throw new TypeError(`bus ${index} is used before it exists`);
    return bus;
  }

  private createBus(index: number): BusState {
    const { instance, plan } = this;
    const bus = plan.buses[index];
    if (!bus) throw new TypeError(`no bus ${index}`);
    const from = inputsOf(plan, index);
    const latencyOf = ({ from: { kind, index: at }, tap }: Pick<Edge, "from" | "tap">) =>
      kind === "track" ? 0 : tap === "pre" ? this.bus(at).preFaderLatencyFrames : this.latencyOf(at);
    // A key must be there when the sound that it moves is: the bus waits for the latest of its inputs and keys.
    const keys = [...bus.slots, ...bus.duckers].flatMap((slot) => slot.keys.map((at) => this.latencyOf(at)));
    const inputLatency = Math.max(0, ...keys, ...from.map(latencyOf));
    const inserts = this.createChain(bus.slots, inputLatency);
    const preFaderLatencyFrames = inputLatency + inserts.latencyFrames;
    const duckers = this.createChain(bus.duckers, preFaderLatencyFrames);
    const pairs = pairCount(bus.layout);
    return {
      plan: bus,
      pairs,
      inserts,
      duckers,
      inputs: from.map((edge) => {
        const layout = this.layoutOf(edge.from);
        return {
          from: edge.from,
          gain: instance.exports.dbToGain(edge.gainDb),
          tap: edge.tap,
          delay: createDelayLine(instance, inputLatency - latencyOf(edge), pairCount(layout)),
          pairs: pairCount(layout),
          fold: createLayoutFold(layout, bus.layout),
        };
      }),
      preFaderLatencyFrames,
      latencyFrames: preFaderLatencyFrames + duckers.latencyFrames,
      gain: instance.exports.dbToGain(bus.volumeDb),
      quantised: plan.stems.some((stem) => stem.bus === index && stem.bitDepth === 24 && stem.layout === bus.layout),
      clippedSamples: 0,
      preFader:
        bus.sends.some(({ tap }) => tap === "pre") ||
        plan.buses.some(({ sends }) => sends.some((send) => send.bus === index && send.tap === "pre"))
          ? this.block(pairs)
          : 0,
      output: this.block(pairs),
    };
  }

  private layoutOf({ kind, index }: Edge["from"]): ChannelLayout {
    return kind === "track" ? this.plan.tracks[index]!.outputLayout : this.plan.buses[index]!.layout;
  }

  private createChain(slots: readonly SlotPlan[], latencyFrames: number): SlotChain {
    return createSlotChain(this.instance, slots, {
      sampleRate: this.plan.sampleRate,
      sounds: this.sounds,
      keys: {
        latencyFrames,
        latencyOf: (bus) => this.latencyOf(bus),
        layoutOf: (index) => this.layoutOf({ kind: "bus", index }),
        outputOf: (bus) => this.bus(bus).output,
        sum: this.key,
        way: this.edge,
      },
    });
  }

  private fadeTracks(tracks: readonly number[], done: number, frames: number): void {
    const { instance } = this;
    this.plan.tracks.forEach((track, index) => {
      const post = this.trackPost[index]!;
      const pre = this.trackPre[index]!;
      const source = tracks[index]!;
      const pairs = this.trackPairs[index]!;
      this.sounding[index] = source !== 0;
      instance.bytes(post, frames * pairs * 8).fill(0);
      if (pre) instance.bytes(pre, frames * pairs * 8).fill(0);
      if (source === 0) return;
      for (let pair = 0; pair < pairs; pair += 1) {
        const at = source + (pair * CHUNK_FRAMES + done) * 8;
        if (pre) instance.exports.mixAdd(pre + pair * frames * 8, at, 1, frames, 1);
        instance.exports.mixAdd(post + pair * frames * 8, at, 1, frames, this.trackGains[index]!);
      }
      applySegments(instance, track.segments, { at: post, stride: frames }, pairs, this.position, frames);
    });
  }

  private mixBus(index: number, frames: number): void {
    const { instance } = this;
    const { exports } = instance;
    const bus = this.bus(index);
    const bytes = frames * bus.pairs * 8;
    instance.bytes(bus.output, bytes).fill(0);
    for (const edge of bus.inputs) this.addEdge(bus.output, edge, frames);
    bus.inserts.process(bus.output, frames);
    if (bus.preFader) instance.bytes(bus.preFader, bytes).set(instance.bytes(bus.output, bytes));
    if (bus.gain !== 1) exports.applyGain(bus.output, bus.pairs, frames, bus.gain);
    // After the fader, where the keys are heard too: a ducker compares loudnesses as they will be heard.
    bus.duckers.process(bus.output, frames);
    if (bus.quantised) bus.clippedSamples += exports.quantizeS24(bus.output, bus.pairs, frames);
  }

  private addEdge(at: number, { from, gain, tap, delay, pairs, fold }: Edge, frames: number): void {
    const { instance } = this;
    const source = this.sourceOf(from, tap);
    const target = { at, stride: frames };
    if (delay.frames === 0) {
      if (from.kind === "bus" || this.sounding[from.index])
        addFolded(instance, fold, target, { at: source, stride: frames }, frames, gain);
      return;
    }
    instance.bytes(this.edge, frames * pairs * 8).set(instance.bytes(source, frames * pairs * 8));
    delay.process(this.edge, frames);
    addFolded(instance, fold, target, { at: this.edge, stride: frames }, frames, gain);
  }

  private sourceOf({ kind, index }: Edge["from"], tap: "pre" | "post"): number {
    if (kind === "track") return tap === "pre" ? this.trackPre[index]! : this.trackPost[index]!;
    const bus = this.bus(index);
    return tap === "pre" ? bus.preFader : bus.output;
  }
}
