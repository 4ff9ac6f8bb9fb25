/**
 * The members of Premiere's object model that the simulated host has, as types without any library, so that a second
 * compilation can hold them against the public typings (host-scripts/typings/surface-check.ts).
 */
export type DomCollection<T> = { readonly length: number; readonly [index: number]: T };

export type DomTime = {
  seconds: number;
  ticks: string;
  setSecondsAsFraction(numerator: number, denominator: number): boolean;
};

export type DomTrackItemCollection = DomCollection<DomTrackItem> & { readonly numItems: number };
export type DomTrackCollection = DomCollection<DomTrack> & { readonly numTracks: number };
export type DomSequenceCollection = DomCollection<DomSequence> & { readonly numSequences: number };
export type DomProjectItemCollection = DomCollection<DomProjectItem> & { readonly numItems: number };
export type DomComponentCollection = DomCollection<DomComponent> & { readonly numItems: number };
export type DomParamCollection = DomCollection<DomComponentParam> & { readonly numItems: number };

export type DomComponentParam = {
  readonly displayName: string;
  isTimeVarying(): boolean;
  setTimeVarying(varying: boolean): boolean;
  getValue(): number | boolean;
  setValue(value: unknown, updateUI?: boolean | number): boolean;
  /** Time[] while it moves, else undefined. */
  getKeys(): DomTime[] | undefined;
  getValueAtKey(time: unknown): number | boolean;
  getValueAtTime(time: unknown): number | boolean;
  setValueAtKey(time: unknown, value: unknown, updateUI?: boolean | number): boolean;
  addKey(time: unknown): boolean;
  removeKey(time: unknown): boolean;
  removeKeyRange(start: unknown, end: unknown): boolean;
  keyExistsAtTime(time: unknown): boolean;
};

export type DomComponent = {
  readonly displayName: string;
  readonly matchName: string;
  readonly properties: DomParamCollection;
};

export type DomTrackItem = {
  name: string;
  readonly nodeId: string;
  readonly type: number;
  readonly mediaType: string;
  readonly matchName: string;
  start: DomTime;
  end: DomTime;
  inPoint: DomTime;
  outPoint: DomTime;
  readonly duration: DomTime;
  disabled: boolean;
  readonly projectItem: DomProjectItem | null;
  readonly components: DomComponentCollection;
  readonly parentTrackIndex: number;
  getSpeed(): number;
  isSpeedReversed(): 0 | 1;
  isSelected(): boolean;
  isMGT(): boolean;
  remove(ripple: boolean, alignToVideo: boolean): boolean;
  move(seconds: number): boolean;
};

export type DomTrack = {
  name: string;
  readonly id: number;
  readonly mediaType: string;
  readonly clips: DomTrackItemCollection;
  readonly transitions: DomTrackItemCollection;
  isMuted(): boolean;
  setMute(mute?: number): void;
  isLocked(): boolean;
  setLocked(lock?: number): void;
  isTargeted(): boolean;
  overwriteClip(item: unknown, time: unknown): boolean;
};

export type DomSettings = {
  audioChannelCount: number;
  audioChannelType: number;
  audioSampleRate: DomTime;
  videoFrameRate: DomTime;
  videoDisplayFormat: number;
};

export type DomSequence = {
  name: string;
  readonly sequenceID: string;
  readonly end: string;
  readonly zeroPoint: string;
  readonly timebase: string;
  readonly audioTracks: DomTrackCollection;
  readonly videoTracks: DomTrackCollection;
  readonly projectItem: DomProjectItem;
  getSettings(): DomSettings;
  getInPoint(): string;
  getOutPoint(): string;
  getPlayerPosition(): DomTime;
  /** true, not the copy; that one comes to the front. */
  clone(): boolean;
};

export type DomChannelMapping = {
  audioChannelsType: number;
  audioClipsNumber: number;
  setMappingForChannel(channel: number, sourceChannel: number): boolean;
};

export type DomProjectItem = {
  name: string;
  readonly nodeId: string;
  readonly type: number;
  readonly treePath: string;
  readonly children: DomProjectItemCollection;
  getMediaPath(): string;
  isOffline(): boolean;
  isSequence(): boolean;
  isMergedClip(): boolean;
  readonly isMultiCamClip?: () => boolean;
  readonly isMulticamClip?: () => boolean;
  createBin(name: string): DomProjectItem | 0;
  renameBin(name: string): boolean;
  deleteBin(): number;
  readonly getAudioChannelMapping?: DomChannelMapping | undefined;
  setAudioChannelMapping?(mapping: unknown): boolean;
};

export type DomProject = {
  readonly name: string;
  readonly path: string;
  readonly documentID: string;
  readonly rootItem: DomProjectItem;
  readonly sequences: DomSequenceCollection;
  /** undefined while no sequence is open. */
  readonly activeSequence: DomSequence | undefined;
  openSequence(sequenceId: string): boolean;
  deleteSequence(sequence: unknown): boolean;
  importFiles(paths: unknown, suppressUI?: boolean, bin?: unknown, asStills?: boolean): boolean;
  getInsertionBin(): DomProjectItem;
  save(): void;
};

export type DomApplication = {
  readonly version: string;
  readonly build: string;
  readonly project: DomProject;
  enableQE(): boolean;
  quit(): void;
};

export type QeTrack = {
  readonly name: string;
  readonly numItems: number;
  setName?(name: string): void;
  setMute(mute: boolean): void;
  setLock(lock: boolean): void;
};

export type QeSequence = {
  readonly name: string;
  readonly numAudioTracks: number;
  getAudioTrackAt(index: number): QeTrack | null;
  addTracks(...places: number[]): boolean;
  removeAudioTrack(index: number): boolean;
  removeEmptyAudioTracks(): boolean;
};

export type QeProject = {
  readonly name: string;
  getActiveSequence(): QeSequence | null;
  undo?(): boolean;
  redo?(): boolean;
  undoStackIndex?(): number;
};
