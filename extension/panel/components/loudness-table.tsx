import type { MixReport, ReportStem } from "../../session/mix-report.ts";
import { formatLevel } from "../numbers.ts";
import { texts } from "../texts.ts";

const StemRow = ({ stem }: { stem: ReportStem }) => (
  <tr data-stem={stem.name} data-sha256={stem.sha256}>
    <td>{stem.name}</td>
    <td>{formatLevel(stem.measures.integratedLufs)}</td>
    <td>{formatLevel(stem.measures.maxShortTermLufs)}</td>
    <td>{formatLevel(stem.measures.loudnessRangeLu)}</td>
    <td>{formatLevel(stem.measures.truePeakDbtp)}</td>
  </tr>
);

/** Loudness of every stem and of the mix, against the target. */
export const LoudnessTable = ({ report }: { report: MixReport }) => (
  <section aria-label={texts.loudness}>
    <h2>
      {texts.loudness}: {report.target.profile}{" "}
      <span class={`verdict-${report.target.verdict}`} data-verdict={report.target.verdict}>
        {report.target.verdict.toUpperCase()}
      </span>
    </h2>
    <table>
      <thead>
        <tr>
          <th>Stem</th>
          <th>I LUFS</th>
          <th>max S</th>
          <th>LRA LU</th>
          <th>TP dBTP</th>
        </tr>
      </thead>
      <tbody>
        {[...report.stems, report.mix].map((stem) => (
          <StemRow key={stem.name} stem={stem} />
        ))}
      </tbody>
    </table>
  </section>
);
