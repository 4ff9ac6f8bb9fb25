import type { MixReport } from "../../session/mix-report.ts";
import { formatTime } from "../numbers.ts";
import { texts } from "../texts.ts";

/** What stands on new tracks now, as the host said when it was read back. */
export const PlacedList = ({ report, folder }: { report: MixReport; folder: string }) => (
  <section aria-label={texts.placed}>
    <h2>{texts.placed}</h2>
    <ul>
      {(report.placed ?? []).map(({ trackName, trackIndex, startTicks, endTicks, readBack }) => (
        <li key={trackIndex} data-placed={trackName} data-read-back={String(readBack)}>
          A{trackIndex + 1} {trackName}{" "}
          <span class="quiet">
            {formatTime(startTicks)} – {formatTime(endTicks)}
          </span>
        </li>
      ))}
    </ul>
    <p
      class={report.originalsUnchanged ? "quiet" : "problem"}
      data-originals-unchanged={String(report.originalsUnchanged)}
    >
      {report.originalsUnchanged ? texts.untouched : texts.changed}
    </p>
    <p class="quiet">
      {texts.files} {folder}
    </p>
  </section>
);
