import { stemFileNames } from "../../engine/stem-output.ts";
import { layoutOfChannels } from "../../schema/channel-layout.ts";
import type { MixDocument, Stem } from "../../schema/generated/mix-document.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import type { Timeline, TimelineTrack } from "../interchange/timeline.ts";
import type { SessionPorts } from "./ports.ts";
import { take } from "./settle.ts";
import { trackNameOf } from "./track-names.ts";

type StemFile = { readonly stem: Stem; readonly file: string; readonly name: string };

/** The role stems of a document in a render's folder; the MIX stays out, because beside the stems it would double the sound. */
const stemFiles = async ({ files }: SessionPorts, document: MixDocument, folder: string): Promise<StemFile[]> => {
  const names = stemFileNames(document.sequence.name, document.stems);
  const wanted = document.stems.flatMap((stem, index): StemFile[] =>
    stem.role === null ? [] : [{ stem, name: names[index]!, file: files.join(folder, names[index]!) }],
  );
  const missing: Problem[] = [];
  for (const { stem, name, file } of wanted) {
    if ((await files.facts(file))?.kind === "file") continue;
    const message = `The stem ${stem.name} (${name}) is not in the --stems folder. Render the document there first: premix render <doc> -o ${folder}.`;
    missing.push({ code: "missing-media", message, file });
  }
  if (missing.length > 0) throw new ProblemError(...missing);
  return wanted;
};

const stemTrack = async (
  ports: SessionPorts,
  { stem, name, file }: StemFile,
  { durationTicks }: Timeline,
): Promise<TimelineTrack> => {
  const { channels, frames, sampleRate } = take(await ports.engine.probe(file));
  const endTicks = frames === null ? durationTicks : framesToTicks(frames, sampleRate);
  return {
    id: stem.id,
    name: trackNameOf(stem.name),
    layout: layoutOfChannels(channels),
    muted: false,
    locked: false,
    volumeDb: 0,
    pan: 0,
    transitions: [],
    clips: [
      {
        id: stem.id,
        name,
        kind: "media",
        mediaPath: file,
        mediaName: name,
        mediaChannels: channels,
        mediaSampleRate: sampleRate,
        mediaDurationTicks: endTicks,
        startTicks: "0",
        endTicks,
        inTicks: "0",
        outTicks: endTicks,
        speed: 1,
        reversed: false,
        enabled: true,
        gainDb: 0,
        volumeDb: 0,
        volumeKeys: [],
        pan: 0,
        channels: Array.from({ length: channels }, (_, channel) => channel),
        essentialSound: stem.role,
        effects: [],
      },
    ],
  };
};

/** The timeline with the rendered stems on new tracks from the sequence start, and its own tracks muted. */
export const withStems = async (
  ports: SessionPorts,
  document: MixDocument,
  timeline: Timeline,
  folder: string,
): Promise<Timeline> => {
  const stems: TimelineTrack[] = [];
  for (const one of await stemFiles(ports, document, folder)) stems.push(await stemTrack(ports, one, timeline));
  return { ...timeline, tracks: [...timeline.tracks.map((track) => ({ ...track, muted: true })), ...stems] };
};
