/** What types-for-adobe 7.2.6 Premiere/24.0 lacks or gets wrong, from the reflection of 26.3.2 and from live use. */

declare const HOST_BUILD: string;

interface $ {
  __premix?: { build: string; call(encoded: string): string };
}

interface Error {
  message: string;
  line: number;
}

interface QEProject {
  getActiveSequence(): QESequence | null;
  undo(): void;
  redo(): void;
  undoStackIndex(): number;
}

interface QESequence {
  addTracks(
    videoTracks: number,
    videoIndex: number,
    audioTracks: number,
    audioChannelType: number,
    audioIndex: number,
    submixTracks: number,
    submixType: number,
    submixIndex: number
  ): void;
  getAudioTrackAt(index: number): QETrack | null;
  removeAudioTrack(index: number): void;
}

interface QETrack {
  setName?(name: string): void;
}

declare const qe: { project?: QEProject } | undefined;

interface Track {
  overwriteClip(item: ProjectItem, startTicks: string): boolean;
}

interface TrackItem {
  readonly matchName: string;
}

interface AudioChannelMapping {
  audioChannelsType: number;
  audioClipsNumber: number;
}

interface ProjectItem {
  readonly getAudioChannelMapping?: AudioChannelMapping;
  setAudioChannelMapping?(mapping: AudioChannelMapping): boolean;
  isOffline?(): boolean;
  isMulticamClip?(): boolean;
}

/** Only so that the types of schema/ can be read here: no host script may use it (the stripped realm has none). */
interface BigInt {
  toString(): string;
}
declare function BigInt(value: bigint | string | number): bigint;

/** Only looked at by the check of the host, never relied on: some engines have one, some a foreign one, most none. */
declare const JSON: unknown;
