import type {
  AudioClipReply,
  ClipPageItem,
  ClipPageReply,
  KeyframeReply,
  SequenceReply,
  SequenceSnapshot,
  TrackReply,
  TransitionReply,
} from "../../schema/host-protocol.ts";
import { ProblemError } from "../../schema/problem.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";
import type { HostProgress } from "./host.ts";
import type { HostCalls, Page } from "./host-calls.ts";

/** Items asked for per page; a page may hold fewer when the host needs long. */
const PAGE_ITEMS = 50;
const PAGE_KEYS = 100;

/** Premiere's "not set" is -400000 s; nothing else is below -300000 s. */
const NOT_SET_BELOW = -300_000n * TICKS_PER_SECOND;

/** A clip without media has no source in and out: it runs from 0 for as long as it lies on the track. */
const withSourceRange = (clip: AudioClipReply): AudioClipReply =>
  BigInt(clip.inTicks) < NOT_SET_BELOW || BigInt(clip.outTicks) < NOT_SET_BELOW
    ? { ...clip, inTicks: "0", outTicks: String(BigInt(clip.endTicks) - BigInt(clip.startTicks)) }
    : clip;

const clipOf = async (calls: HostCalls, { keyCount, ...clip }: ClipPageItem): Promise<AudioClipReply> => {
  if (keyCount === clip.volumeKeys.length) return withSourceRange(clip);
  const place = { track: clip.trackIndex, clip: clip.clipIndex, count: PAGE_KEYS };
  const volumeKeys = await calls.readAll<KeyframeReply>("read.keys", place);
  return withSourceRange({ ...clip, volumeKeys });
};

const readClips = async (calls: HostCalls, track: TrackReply, onClips: (count: number) => void) => {
  const clips: AudioClipReply[] = [];
  for (let from: number | undefined = 0; from !== undefined && track.clipCount > 0; ) {
    const args = { track: track.index, from, count: PAGE_ITEMS };
    const page: Page<ClipPageReply> = await calls.readPage("read.clips", args);
    for (const clip of page.result.clips) clips.push(await clipOf(calls, clip));
    onClips(page.result.clips.length);
    from = page.next?.from;
  }
  return clips;
};

const readTransitions = (calls: HostCalls, track: TrackReply): Promise<TransitionReply[]> =>
  track.transitionCount > 0
    ? calls.readAll<TransitionReply>("read.transitions", { track: track.index, count: PAGE_ITEMS })
    : Promise.resolve([]);

/** Every audio track of the active sequence, without its clips. */
export const readTracks = (calls: HostCalls): Promise<TrackReply[]> =>
  calls.readAll<TrackReply>("read.tracks", { count: PAGE_ITEMS });

const shapeOf = (tracks: readonly TrackReply[]): string =>
  JSON.stringify(tracks.map(({ id, name, clipCount, transitionCount }) => [id, name, clipCount, transitionCount]));

/** The active sequence as a whole, read in pages; refused when the editor changed its tracks meanwhile. */
export const readSnapshot = async (calls: HostCalls, onProgress?: HostProgress): Promise<SequenceSnapshot> => {
  const sequence = await calls.read<SequenceReply>("read.sequence");
  calls.expect = { documentId: sequence.documentId, sequenceId: sequence.sequenceId };
  const before = await readTracks(calls);
  const total = before.reduce((sum, { clipCount }) => sum + clipCount, 0);
  let done = 0;
  const onClips = (count: number): void => {
    done += count;
    onProgress?.(done, total);
  };
  const tracks: SequenceSnapshot["tracks"][number][] = [];
  for (const track of before) {
    const clips = await readClips(calls, track, onClips);
    tracks.push({ ...track, clips, transitions: await readTransitions(calls, track) });
  }
  const after = await readTracks(calls);
  if (shapeOf(after) !== shapeOf(before) || tracks.some(({ clips, clipCount }) => clips.length !== clipCount)) {
    throw new ProblemError({
      code: "host",
      message: `The sequence "${sequence.name}" was edited while it was read. Read it again.`,
    });
  }
  return { sequence, tracks };
};
