import { collection } from "./collection.ts";
import { componentsOf } from "./component-facade.ts";
import type {
  DomComponentCollection,
  DomProjectItem,
  DomTime,
  DomTrack,
  DomTrackItem,
  DomTrackItemCollection,
} from "./dom-surface.ts";
import { overwrite, removeClip } from "./edits.ts";
import type { ModelClip, ModelSequence, ModelTrack, ModelTransition } from "./model.ts";
import { itemModelOf, ProjectItemFacade } from "./project-item-facade.ts";
import { ticksOf, ticksOfSeconds, timeOf, upToFrame } from "./time.ts";
import { type World, writes } from "./world.ts";

/** Premiere's running name of a track that nobody named. */
export const shownName = (track: ModelTrack, index: number): string => track.name ?? `Audio ${index + 1}`;

const noComponents: DomComponentCollection = collection(
  "numItems",
  () => 0,
  () => {
    throw new RangeError("A transition has no components.");
  },
);

/** A clip or a transition on a track. */
class TrackItemFacade implements DomTrackItem {
  private readonly world: World;
  private readonly sequence: ModelSequence;
  private readonly track: ModelTrack;
  private readonly clip: ModelClip;
  readonly type = 2;
  readonly mediaType = "Audio";
  readonly matchName = "";

  constructor(world: World, sequence: ModelSequence, track: ModelTrack, clip: ModelClip) {
    this.world = world;
    this.sequence = sequence;
    this.track = track;
    this.clip = clip;
  }

  get name(): string {
    return this.clip.name;
  }

  set name(name: string) {
    if (writes(this.world)) this.clip.name = String(name);
  }

  get nodeId(): string {
    return this.clip.nodeId;
  }

  get start(): DomTime {
    return timeOf(this.clip.start);
  }

  set start(time: DomTime) {
    if (writes(this.world)) this.clip.start = ticksOf(time, this.world.realm);
  }

  get end(): DomTime {
    return timeOf(this.clip.end);
  }

  set end(time: DomTime) {
    if (writes(this.world)) this.clip.end = ticksOf(time, this.world.realm);
  }

  get inPoint(): DomTime {
    return timeOf(this.clip.inPoint);
  }

  set inPoint(time: DomTime) {
    if (writes(this.world)) this.clip.inPoint = ticksOf(time, this.world.realm);
  }

  get outPoint(): DomTime {
    return timeOf(this.clip.outPoint);
  }

  set outPoint(time: DomTime) {
    if (writes(this.world)) this.clip.outPoint = ticksOf(time, this.world.realm);
  }

  get duration(): DomTime {
    return timeOf(this.clip.end - this.clip.start);
  }

  get disabled(): boolean {
    return this.clip.disabled;
  }

  set disabled(disabled: boolean) {
    if (writes(this.world)) this.clip.disabled = Boolean(disabled);
  }

  get projectItem(): DomProjectItem | null {
    return this.clip.item ? new ProjectItemFacade(this.world, this.clip.item) : null;
  }

  get components(): DomComponentCollection {
    return componentsOf(this.world, this.clip);
  }

  get parentTrackIndex(): number {
    return this.sequence.tracks.indexOf(this.track);
  }

  getSpeed(): number {
    return this.clip.speed;
  }

  isSpeedReversed(): 0 | 1 {
    return this.clip.reversed ? 1 : 0;
  }

  isSelected(): boolean {
    return false;
  }

  isMGT(): boolean {
    return false;
  }

  remove(): boolean {
    removeClip(this.world, this.track, this.clip);
    return true;
  }

  /** Neither re-sorts the track nor moves linked partners. */
  move(seconds: number): boolean {
    const by = ticksOfSeconds(seconds);
    this.clip.start += by;
    this.clip.end += by;
    return true;
  }
}

/** Transitions are track items too, of which little more than the place can be asked. */
const transitionFacade = (world: World, index: number, transition: ModelTransition): DomTrackItem => ({
  name: transition.name,
  nodeId: transition.nodeId,
  type: 2,
  mediaType: "Audio",
  matchName: transition.matchName,
  start: timeOf(transition.start),
  end: timeOf(transition.end),
  inPoint: timeOf(null),
  outPoint: timeOf(null),
  duration: timeOf(transition.end - transition.start),
  disabled: false,
  projectItem: null,
  components: noComponents,
  parentTrackIndex: index,
  getSpeed: () => 1,
  isSpeedReversed: () => 0,
  isSelected: () => false,
  isMGT: () => false,
  remove: () => {
    throw world.realm.error("Unknown error exception");
  },
  move: () => {
    throw world.realm.error("Unknown error exception");
  },
});

/** An audio track. Mute and name are plain writes that leave no entry on the undo stack. */
export class TrackFacade implements DomTrack {
  private readonly world: World;
  private readonly sequence: ModelSequence;
  private readonly track: ModelTrack;
  readonly mediaType = "Audio";

  constructor(world: World, sequence: ModelSequence, track: ModelTrack) {
    this.world = world;
    this.sequence = sequence;
    this.track = track;
  }

  get name(): string {
    return shownName(this.track, this.sequence.tracks.indexOf(this.track));
  }

  set name(name: string) {
    if (this.world.quirks.has("setNameMissing")) throw this.world.realm.error("name is read only");
    if (writes(this.world)) this.track.name = String(name);
  }

  get id(): number {
    return this.track.id;
  }

  get clips(): DomTrackItemCollection {
    const { world, sequence, track } = this;
    return collection(
      "numItems",
      () => track.clips.length,
      (index): DomTrackItem => new TrackItemFacade(world, sequence, track, track.clips[index] as ModelClip),
    );
  }

  get transitions(): DomTrackItemCollection {
    const { world, sequence, track } = this;
    return collection(
      "numItems",
      () => track.transitions.length,
      (index) => transitionFacade(world, sequence.tracks.indexOf(track), track.transitions[index] as ModelTransition),
    );
  }

  isMuted(): boolean {
    return this.track.muted;
  }

  setMute(mute = 1): void {
    if (writes(this.world)) this.track.muted = Boolean(mute);
  }

  isLocked(): boolean {
    return this.track.locked;
  }

  setLocked(lock = 1): void {
    if (writes(this.world)) this.track.locked = Boolean(lock);
  }

  isTargeted(): boolean {
    return true;
  }

  /** True whatever happens. */
  overwriteClip(item: unknown, time: unknown): boolean {
    const { world, sequence } = this;
    const model = itemModelOf(item);
    if (item === undefined || time === undefined) throw world.realm.error("Not Enough Parameters");
    if (!model) throw world.realm.error("Illegal Parameter type");
    const at = upToFrame(ticksOf(time, world.realm), sequence.timebase);
    if (world.quirks.has("silentOverwrite") || this.track.locked) return true;
    const index = world.quirks.has("silentOverwriteElsewhere") ? 0 : sequence.tracks.indexOf(this.track);
    if (index >= 0) overwrite(world, sequence, index, model, at);
    return true;
  }
}
