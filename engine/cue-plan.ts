import { channelCount } from "../schema/channel-layout.ts";
import { cueBus } from "../schema/cue-bus.ts";
import type { Bus, Cue, MixDocument, NoiseSource, SweepSource, ToneSource } from "../schema/generated/mix-document.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { fadeSegments } from "./gain-segments.ts";
import type { ClipPlan, GeneratorPlan, GeneratorSound, PlanMedia, TrackPlan } from "./render-plan.ts";
import { sourceTiming } from "./source-timing.ts";

const soundingCues = ({ cues = [] }: Pick<MixDocument, "cues">): Cue[] => cues.filter(({ enabled }) => enabled);

/** Media ids that cues will really read. */
export const cueMedia = (document: MixDocument): string[] =>
  soundingCues(document).flatMap(({ source }) => (source.kind === "file" ? [source.media] : []));

type Span = Pick<GeneratorPlan, "id" | "startFrame" | "endFrame" | "gainDb" | "segments">;

const spanOf = ({ id, startTicks, gainDb, fadeIn, fadeOut, source }: Cue, sampleRate: number): Span => {
  const startFrame = ticksToFrames(startTicks, sampleRate);
  const endFrame = ticksToFrames(BigInt(startTicks) + BigInt(source.durationTicks), sampleRate);
  const segments = fadeSegments(fadeIn, fadeOut, startFrame, endFrame, sampleRate);
  return { id, startFrame, endFrame, gainDb, segments };
};

const soundOf = (source: ToneSource | SweepSource | NoiseSource): GeneratorSound => {
  const { levelDbfs } = source;
  if (source.kind === "noise") return { kind: "noise", colour: source.colour, levelDbfs, seed: source.seed };
  const { frequencyHz } = source;
  if (source.kind === "tone" || source.toFrequencyHz === frequencyHz) return { kind: "tone", frequencyHz, levelDbfs };
  return { kind: "sweep", frequencyHz, toFrequencyHz: source.toFrequencyHz, levelDbfs };
};

const planGenerator = (cue: Cue, sampleRate: number): GeneratorPlan[] => {
  const { source } = cue;
  if (source.kind === "file" || source.kind === "silence") return [];
  return [{ ...spanOf(cue, sampleRate), sound: soundOf(source) }];
};

const planFile = (
  cue: Cue,
  sampleRate: number,
  channels: number,
  media: ReadonlyMap<string, PlanMedia>,
): ClipPlan[] => {
  const { source, startTicks } = cue;
  if (source.kind !== "file") return [];
  const file = media.get(source.media);
  if (!file) throw new TypeError(`media ${source.media} of cue ${cue.id} was not opened`);
  const span = spanOf(cue, sampleRate);
  const timing = { startTicks, sourceInTicks: source.sourceInTicks };
  return [
    {
      ...span,
      media: file,
      ...sourceTiming(timing, span.startFrame, file.sampleRate, sampleRate),
      channels: Array.from({ length: channels }, (_, channel) => Math.min(channel, file.channels - 1)),
      volumeDb: 0,
      channelGainsDb: [],
      slots: [],
    },
  ];
};

const hasLength = ({ startFrame, endFrame }: { readonly startFrame: number; readonly endFrame: number }) =>
  endFrame > startFrame;

/** The cues as hidden tracks, one a bus, in the order of the buses. */
export const planCues = (
  document: MixDocument,
  media: ReadonlyMap<string, PlanMedia>,
  busIndex: (id: string) => number,
): TrackPlan[] => {
  const { sampleRate } = document.sequence;
  const byBus = new Map<Bus, Cue[]>();
  for (const cue of soundingCues(document)) {
    const bus = cueBus(document, cue.role);
    if (!bus) throw new TypeError(`no bus for cue ${cue.id}: the document was not validated`);
    byBus.set(bus, [...(byBus.get(bus) ?? []), cue]);
  }
  return document.buses.flatMap((bus): TrackPlan[] => {
    const cues = byBus.get(bus);
    if (!cues) return [];
    const channels = Math.min(channelCount(bus.layout), 2);
    // Sums depend on their order in the last bit: ids decide where starts are equal, not the document's order.
    const inOrder = [...cues].sort(
      (a, b) => compare(BigInt(a.startTicks), BigInt(b.startTicks)) || compare(a.id, b.id),
    );
    return [
      {
        id: `cues_${bus.id}`,
        channels,
        clips: inOrder.flatMap((cue) => planFile(cue, sampleRate, channels, media)).filter(hasLength),
        generators: inOrder.flatMap((cue) => planGenerator(cue, sampleRate)).filter(hasLength),
        slots: [],
        bus: busIndex(bus.id),
        volumeDb: 0,
        segments: [],
        sends: [],
      },
    ];
  });
};

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : Number(a > b));
