import { collection } from "./collection.ts";
import type { DomProjectItem, DomSequence, DomSettings, DomTime, DomTrack, DomTrackCollection } from "./dom-surface.ts";
import { channelsOfType, type ModelSequence, type ModelTrack } from "./model.ts";
import { ProjectItemFacade } from "./project-item-facade.ts";
import { cloneSequence } from "./sequence-edits.ts";
import { TimeCopy, timeOf } from "./time.ts";
import { TrackFacade } from "./track-facade.ts";
import type { World } from "./world.ts";

const noVideo = collection(
  "numTracks",
  () => 0,
  (): DomTrack => {
    throw new RangeError("The simulated host has no video tracks.");
  },
);

const secondsTime = (seconds: number): DomTime => {
  const time = new TimeCopy();
  time.seconds = seconds;
  return time;
};

const models = new WeakMap<object, ModelSequence>();

/** The model behind a sequence that a script holds; null for anything else. */
export const sequenceModelOf = (facade: unknown): ModelSequence | null =>
  typeof facade === "object" && facade !== null ? (models.get(facade) ?? null) : null;

/** A sequence. In and Out are not set, which the host says as the string "-400000". */
export class SequenceFacade implements DomSequence {
  private readonly world: World;
  private readonly model: ModelSequence;

  constructor(world: World, model: ModelSequence) {
    this.world = world;
    this.model = model;
    models.set(this, model);
  }

  get name(): string {
    return this.model.name;
  }

  set name(name: string) {
    this.model.name = String(name);
  }

  get sequenceID(): string {
    return this.model.sequenceId;
  }

  /** The later of the sequence's own end (pictures) and its last audio clip. */
  get end(): string {
    let latest = this.model.end;
    for (const { clips } of this.model.tracks) for (const { end } of clips) if (end > latest) latest = end;
    return String(latest);
  }

  get zeroPoint(): string {
    return String(this.model.zeroPoint);
  }

  get timebase(): string {
    return String(this.model.timebase);
  }

  get audioTracks(): DomTrackCollection {
    const { world, model } = this;
    return collection(
      "numTracks",
      () => model.tracks.length,
      (index): DomTrack => new TrackFacade(world, model, model.tracks[index] as ModelTrack),
    );
  }

  get videoTracks(): DomTrackCollection {
    return noVideo;
  }

  get projectItem(): DomProjectItem {
    return new ProjectItemFacade(this.world, this.model.item);
  }

  getSettings(): DomSettings {
    const type = this.model.channelType;
    return {
      audioChannelCount: type === 0 || type === 1 || type === 2 ? channelsOfType[type] : 8,
      audioChannelType: type,
      audioSampleRate: secondsTime(1 / this.model.sampleRate),
      videoFrameRate: timeOf(this.model.timebase),
      videoDisplayFormat: this.model.displayFormat,
    };
  }

  getInPoint(): string {
    return "-400000";
  }

  getOutPoint(): string {
    return "-400000";
  }

  getPlayerPosition(): DomTime {
    return timeOf(0n);
  }

  clone(): boolean {
    cloneSequence(this.world, this.model);
    return true;
  }
}
