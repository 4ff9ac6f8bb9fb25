import type { ModelClip, ModelItem, ModelParam, ModelProject, ModelSequence } from "./model.ts";
import { shownName } from "./track-facade.ts";

export type DumpedParam = { readonly value: number | boolean; readonly keys: readonly (readonly [string, number])[] };

export type DumpedClip = {
  readonly name: string;
  readonly mediaPath: string;
  readonly startTicks: string;
  readonly endTicks: string;
  readonly inTicks: string | null;
  readonly outTicks: string | null;
  readonly speed: number;
  readonly reversed: boolean;
  readonly disabled: boolean;
  readonly level: DumpedParam;
  readonly channelLevels: readonly DumpedParam[];
  readonly effects: readonly string[];
};

export type DumpedTrack = {
  readonly id: number;
  readonly name: string;
  readonly muted: boolean;
  readonly locked: boolean;
  readonly clips: readonly DumpedClip[];
  readonly transitions: readonly { readonly name: string; readonly startTicks: string; readonly endTicks: string }[];
};

export type DumpedItem = {
  readonly name: string;
  readonly kind: "bin" | "item";
  readonly mediaPath: string;
  readonly children: readonly DumpedItem[];
};

/** Everything that an editor could notice, as plain data for deep comparison. */
export type HostDump = {
  readonly activeSequenceId: string | null;
  readonly sequences: readonly {
    readonly id: string;
    readonly name: string;
    readonly tracks: readonly DumpedTrack[];
  }[];
  readonly items: readonly DumpedItem[];
};

const dumpParam = ({ value, keys }: ModelParam): DumpedParam => ({
  value,
  keys: (keys ?? []).map((key) => [String(key.ticks), key.value] as const),
});

const dumpClip = (clip: ModelClip): DumpedClip => ({
  name: clip.name,
  mediaPath: clip.item?.mediaPath ?? "",
  startTicks: String(clip.start),
  endTicks: String(clip.end),
  inTicks: clip.inPoint === null ? null : String(clip.inPoint),
  outTicks: clip.outPoint === null ? null : String(clip.outPoint),
  speed: clip.speed,
  reversed: clip.reversed,
  disabled: clip.disabled,
  level: dumpParam(clip.level),
  channelLevels: clip.channelLevels.map(dumpParam),
  effects: [...clip.effects],
});

const dumpSequence = (sequence: ModelSequence): HostDump["sequences"][number] => ({
  id: sequence.sequenceId,
  name: sequence.name,
  tracks: sequence.tracks.map((track, index) => ({
    id: track.id,
    name: shownName(track, index),
    muted: track.muted,
    locked: track.locked,
    clips: track.clips.map(dumpClip),
    transitions: track.transitions.map(({ name, start, end }) => ({
      name,
      startTicks: String(start),
      endTicks: String(end),
    })),
  })),
});

const dumpItem = (item: ModelItem): DumpedItem => ({
  name: item.name,
  kind: item.type === 2 ? "bin" : "item",
  mediaPath: item.mediaPath,
  children: item.children.map(dumpItem),
});

/** The whole project as plain data. */
export const dumpProject = (project: ModelProject): HostDump => ({
  activeSequenceId: project.active?.sequenceId ?? null,
  sequences: project.sequences.map(dumpSequence),
  items: project.root.children.map(dumpItem),
});
