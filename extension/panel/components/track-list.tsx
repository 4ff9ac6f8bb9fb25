import { texts } from "../texts.ts";

export type ListedClip = {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly time: string;
  readonly enabled: boolean;
};
export type ListedTrack = {
  readonly id: string;
  readonly name: string;
  readonly muted: boolean;
  readonly clips: readonly ListedClip[];
};

const ClipRow = ({ clip }: { clip: ListedClip }) => (
  <li class={clip.enabled ? "clip" : "clip disabled"}>
    <span>{clip.time}</span>
    <span class="name" title={clip.name}>
      {clip.name}
    </span>
    <span class={`role role-${clip.role}`}>{clip.role}</span>
  </li>
);

/** The sequence's audio: tracks, their clips and each clip's role. */
export const TrackList = ({ tracks }: { tracks: readonly ListedTrack[] }) => (
  <section aria-label={texts.tracks}>
    <h2>{texts.tracks}</h2>
    {tracks.map((track) => (
      <div class="track" key={track.id}>
        <div class="track-name">
          {track.name}
          {track.muted ? <span class="quiet"> (muted)</span> : null}
        </div>
        <ul>
          {track.clips.map((clip) => (
            <ClipRow key={clip.id} clip={clip} />
          ))}
        </ul>
        {track.clips.length === 0 ? <div class="quiet">{texts.noClips}</div> : null}
      </div>
    ))}
  </section>
);
