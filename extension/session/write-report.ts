import type { FilePort } from "../../engine/files.ts";
import { htmlReport } from "./html-report.ts";
import type { MixReport } from "./mix-report.ts";
import type { TimecodeBase } from "./timecode.ts";

/** Writes `<name>.report.json` and `<name>.report.html` into `folder`, each appearing whole; gives the report with their paths. */
export const writeReport = async (
  files: FilePort,
  folder: string,
  name: string,
  report: MixReport,
  base: TimecodeBase,
): Promise<MixReport> => {
  await files.makeFolder(folder);
  const json = files.join(folder, `${name}.report.json`);
  const html = files.join(folder, `${name}.report.html`);
  const complete: MixReport = { ...report, report: { json, html } };
  const text = new TextEncoder();
  await files.writeAtomic(json, text.encode(`${JSON.stringify(complete, null, 2)}\n`));
  await files.writeAtomic(html, text.encode(htmlReport(complete, base)));
  return complete;
};
