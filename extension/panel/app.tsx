import type { MixReport } from "../session/mix-report.ts";
import { Header } from "./components/header.tsx";
import { LoudnessTable } from "./components/loudness-table.tsx";
import { MixProgress } from "./components/mix-progress.tsx";
import { PlacedList } from "./components/placed-list.tsx";
import { SentenceList } from "./components/sentence-list.tsx";
import { TrackList } from "./components/track-list.tsx";
import { formatTime } from "./numbers.ts";
import type { SessionState } from "./session-state.ts";
import { texts } from "./texts.ts";

const folderOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")));

/** Each decision with the name of the clip that it is about. */
const decisionSentences = ({ clips, decisions = [] }: MixReport): string[] => {
  const names = new Map(
    clips.map(({ id, name, track, startTicks }) => [id, `${track} ${name} (${formatTime(startTicks)})`]),
  );
  return decisions.map(({ subject, change }) => `${names.get(subject) ?? subject}: ${change}`);
};

/** Everything that stands after a mix: loudness, tracks, reasons. */
const Outcome = ({ state }: { state: SessionState }) => {
  const report = state.report.value;
  if (!report) return null;
  return (
    <>
      <LoudnessTable report={report} />
      <PlacedList report={report} folder={folderOf(report.mix.file)} />
      <SentenceList title={texts.warnings} sentences={report.warnings} kind="note" />
      <SentenceList title={texts.decisions} sentences={decisionSentences(report)} kind="decision" />
    </>
  );
};

const MediaFolder = ({ state }: { state: SessionState }) => (
  <label class="media-folder">
    <span class="quiet">{texts.mediaFolder}</span>
    <input
      type="text"
      value={state.mediaFolder.value}
      disabled={state.activity.value !== "idle"}
      onInput={(event) => {
        state.mediaFolder.value = event.currentTarget.value;
      }}
    />
  </label>
);

/** The panel's one page. */
export const App = ({ state }: { state: SessionState }) => {
  const activity = state.activity.value;
  const mixing = activity === "mixing" || activity === "cancelling";
  return (
    <>
      <Header
        sequenceName={state.sequence.value?.name ?? null}
        target={state.target.value}
        busy={activity !== "idle"}
        canMix={state.sequence.value !== null}
        onTarget={(name) => {
          state.target.value = name;
        }}
        onRead={() => void state.read()}
        onMix={() => void state.mix()}
      />
      <MediaFolder state={state} />
      {mixing ? (
        <MixProgress progress={state.progress.value} cancelling={activity === "cancelling"} onCancel={state.cancel} />
      ) : null}
      {activity === "reading" ? <p class="quiet">{texts.connecting}</p> : null}
      <SentenceList
        title={texts.problems}
        sentences={state.problems.value.map(({ message }) => message)}
        kind="problem"
      />
      <Outcome state={state} />
      {state.tracks.value.length > 0 ? <TrackList tracks={state.tracks.value} /> : null}
      {state.sequence.value === null && activity === "idle" ? <p class="quiet">{texts.noSequence}</p> : null}
    </>
  );
};

/** Shown when neither Premiere nor a stand-in for it is there. */
export const NoHost = () => <p class="problem">{texts.noHost}</p>;
