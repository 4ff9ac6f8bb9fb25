import { batch, signal } from "@preact/signals";
import type { Progress } from "../../engine/engine.ts";
import type { Problem, Result } from "../../schema/problem.ts";
import { targetProfiles } from "../../schema/target-profiles.ts";
import { ticksToSeconds } from "../../schema/ticks.ts";
import type { MixReport } from "../session/mix-report.ts";
import { mixSequence } from "../session/mix-sequence.ts";
import { readSequence, type SequenceFacts, type TrackFacts } from "../session/read-sequence.ts";
import { decideRole } from "../session/roles.ts";
import type { ListedClip, ListedTrack } from "./components/track-list.tsx";
import { formatTime } from "./numbers.ts";
import type { PanelPorts } from "./panel-ports.ts";

export type Activity = "idle" | "reading" | "mixing" | "cancelling";

const listClip = (track: TrackFacts, { reply, saved }: TrackFacts["clips"][number]): ListedClip => ({
  id: `${reply.trackIndex}.${reply.clipIndex}`,
  name: String(reply.name),
  role: decideRole({
    essentialSound: saved?.essentialSound ?? null,
    ...(saved?.carried ? { carried: saved.carried } : {}),
    trackName: track.reply.name,
    clipName: reply.name,
    mediaPath: reply.mediaPath,
    durationSeconds: ticksToSeconds(reply.endTicks) - ticksToSeconds(reply.startTicks),
    analysis: null,
  }).role,
  time: formatTime(reply.startTicks),
  enabled: !reply.disabled,
});

const listTracks = ({ tracks }: SequenceFacts): ListedTrack[] =>
  tracks.map((track) => ({
    id: String(track.reply.index),
    name: `A${track.reply.index + 1} ${track.reply.name}`,
    muted: track.reply.muted,
    clips: track.clips.map((clip) => listClip(track, clip)),
  }));

/** After a mix the roles are those that were used, some of them decided by listening. */
const withUsedRoles = (tracks: readonly ListedTrack[], { clips }: MixReport): ListedTrack[] => {
  const used = new Map(clips.map(({ name, startTicks, role }) => [`${name} ${formatTime(startTicks)}`, role]));
  const roleOf = (clip: ListedClip) => used.get(`${clip.name} ${clip.time}`) ?? clip.role;
  return tracks.map((track) => ({ ...track, clips: track.clips.map((clip) => ({ ...clip, role: roleOf(clip) })) }));
};

/** What the panel shows, and the three things one can do. */
export const createSessionState = (ports: PanelPorts) => {
  const activity = signal<Activity>("idle");
  const sequence = signal<SequenceFacts["sequence"] | null>(null);
  const tracks = signal<readonly ListedTrack[]>([]);
  const target = signal(targetProfiles[0]!.name);
  const mediaFolder = signal("");
  const progress = signal<Progress>({ phase: "read", done: 0, total: 1 });
  const report = signal<MixReport | null>(null);
  const notes = signal<readonly Problem[]>([]);
  const problems = signal<readonly Problem[]>([]);
  let controller = new AbortController();

  const run = async <T>(name: Activity, work: () => Promise<Result<T>>, onValue: (value: T) => void) => {
    controller = new AbortController();
    batch(() => {
      activity.value = name;
      problems.value = [];
      notes.value = [];
      progress.value = { phase: "read", done: 0, total: 1 };
    });
    try {
      const result = await work();
      if (!result.ok) problems.value = result.problems;
      else {
        notes.value = result.warnings;
        onValue(result.value);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.value = [{ code: "internal", message: `Premix has a defect, please report it: ${message}` }];
    } finally {
      activity.value = "idle";
    }
  };

  const sessionPorts = () => ({
    ...ports,
    signal: controller.signal,
    onProgress: (step: Progress) => {
      progress.value = step;
    },
  });

  const read = () =>
    run(
      "reading",
      async () => {
        const connected = await ports.host.connect();
        return connected.ok ? readSequence(sessionPorts(), null) : connected;
      },
      (facts) => {
        batch(() => {
          sequence.value = facts.sequence;
          tracks.value = listTracks(facts);
          report.value = null;
        });
      },
    );

  const request = (projectPath: string) => ({
    outputFolder: ports.files.join(ports.files.folderOf(projectPath), "mix"),
    projectFile: null,
    mediaFolders: mediaFolder.value === "" ? [] : [mediaFolder.value],
    profile: targetProfiles.find(({ name }) => name === target.value)!,
  });

  const mix = () => {
    const open = sequence.value;
    if (!open) return Promise.resolve();
    return run(
      "mixing",
      () => mixSequence(sessionPorts(), request(open.projectPath)),
      (mixed) => {
        batch(() => {
          report.value = mixed;
          tracks.value = withUsedRoles(tracks.value, mixed);
        });
      },
    );
  };

  const cancel = () => {
    activity.value = "cancelling";
    controller.abort();
  };

  return { activity, sequence, tracks, target, mediaFolder, progress, report, notes, problems, read, mix, cancel };
};

export type SessionState = ReturnType<typeof createSessionState>;
