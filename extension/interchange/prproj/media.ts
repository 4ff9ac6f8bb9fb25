import { TICKS_PER_SECOND } from "../../../schema/ticks.ts";
import { decodeMediaPath, mediaNameOf } from "../media-path.ts";
import type { TimelineClip } from "../timeline.ts";
import { channelsOfLayout, type ProjectGraph, ticksAt } from "./graph.ts";
import { leafOf, type ProjectObject } from "./objects.ts";

/** What a clip plays. */
export type ClipSource = Pick<
  TimelineClip,
  "kind" | "mediaPath" | "mediaName" | "mediaChannels" | "mediaSampleRate" | "mediaDurationTicks"
>;

const rateOfTicks = (ticks: bigint | null): number | null =>
  ticks === null || ticks <= 0n ? null : Math.round(Number(TICKS_PER_SECOND) / Number(ticks));

/** Black video, bars and tone and the like have no file: their path is a four-character code as a number. */
const isGenerated = (path: string): boolean => /^\d{6,12}$/.test(path);

const fromMedia = (graph: ProjectGraph, source: ProjectObject): ClipSource => {
  const media = graph.follow(source, "MediaSource/Media");
  const stream = graph.follow(media, "AudioStream");
  const written = ["ActualMediaFilePath", "FilePath", "RelativePath"].map((name) => leafOf(media, name));
  const path = written.find((one) => one !== null && one !== "") ?? "";
  const title = (leafOf(media, "Title") ?? "").normalize("NFC");
  const generated = isGenerated(path);
  const mediaPath = generated ? "" : decodeMediaPath(path);
  const duration = ticksAt(stream, "Duration") ?? ticksAt(source, "OriginalDuration");
  return {
    kind: generated ? "synthetic" : "media",
    mediaPath,
    mediaName: mediaPath === "" ? title : mediaNameOf(mediaPath),
    mediaChannels: channelsOfLayout(leafOf(stream, "AudioChannelLayout")),
    mediaSampleRate: rateOfTicks(ticksAt(stream, "FrameRate")),
    mediaDurationTicks: duration === null || duration <= 0n ? null : String(duration),
  };
};

const fromSequence = (graph: ProjectGraph, source: ProjectObject, isMulticam: boolean): ClipSource => {
  const duration = ticksAt(source, "OriginalDuration");
  return {
    kind: isMulticam ? "multicam" : "sequence",
    mediaPath: "",
    // The nested sequence itself is not followed: it is another timeline.
    mediaName: (
      leafOf(graph.objects.byKey.get(leafOf(source, "SequenceSource/Sequence@") ?? "") ?? null, "Name") ?? ""
    ).normalize("NFC"),
    mediaChannels: null,
    mediaSampleRate: null,
    mediaDurationTicks: duration === null || duration <= 0n ? null : String(duration),
  };
};

/** Finds what an audio clip plays. */
export const sourceOfClip = (graph: ProjectGraph, clip: ProjectObject | null): ClipSource => {
  const source = graph.follow(clip, "Clip/Source");
  const isMulticam = leafOf(clip, "Clip/IsMulticam") === "true";
  if (source?.kind === "AudioSequenceSource") return fromSequence(graph, source, isMulticam);
  if (source?.kind === "AudioMediaSource") return fromMedia(graph, source);
  return {
    kind: "media",
    mediaPath: "",
    mediaName: "",
    mediaChannels: null,
    mediaSampleRate: null,
    mediaDurationTicks: null,
  };
};
