import type { Progress } from "../../engine/engine.ts";
import type { CliIo } from "./command.ts";

/** Seconds of the window from which speed and remaining time are taken: what was slow long ago does not count. */
const WINDOW_SECONDS = 5;
const TEXT_EVERY_SECONDS = 10;
const LINE_EVERY_SECONDS = 0.2;

type Sample = { readonly at: number; readonly done: number };

/** Speed in units of the phase a second and the seconds left, from a trailing window of samples; null while unknown. */
export const estimate = (samples: readonly Sample[], total: number) => {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at <= first.at || last.done <= first.done) return { speed: null, etaSeconds: null };
  const speed = (last.done - first.done) / (last.at - first.at);
  return { speed: Math.round(speed * 100) / 100, etaSeconds: Math.round(((total - last.done) / speed) * 10) / 10 };
};

const percentOf = ({ done, total }: Progress) => (total > 0 ? Math.floor((done / total) * 100) : 0);

/** Writes progress to stderr: JSON lines, a rewritten line on a terminal, or one text line every 10 s elsewhere. */
export const progressWriter = (
  io: Pick<CliIo, "err" | "isTerminal">,
  form: "json" | "text",
  now: () => number = () => performance.now() / 1000,
): { readonly onProgress: (progress: Progress) => void; readonly end: () => void } => {
  let samples: Sample[] = [];
  let phase = "";
  let lastWritten = Number.NEGATIVE_INFINITY;
  let isLineOpen = false;
  const started = now();
  let lastText = started;

  const writeJson = (progress: Progress) => {
    io.err(`${JSON.stringify({ ...progress, ...estimate(samples, progress.total) })}\n`);
  };
  const writeText = (progress: Progress) => {
    const { etaSeconds } = estimate(samples, progress.total);
    const left = etaSeconds === null ? "" : `, ${Math.ceil(etaSeconds)} s left`;
    const line = `${progress.phase} ${percentOf(progress)} %${left}`;
    if (io.isTerminal) io.err(`\r\u001b[K${line}`);
    else io.err(`${line}\n`);
    isLineOpen = io.isTerminal;
  };
  const onProgress = (progress: Progress) => {
    const at = now();
    const isNewPhase = progress.phase !== phase;
    if (isNewPhase) samples = [];
    phase = progress.phase;
    samples = [...samples.filter((sample) => at - sample.at <= WINDOW_SECONDS), { at, done: progress.done }];
    const isEnd = progress.done >= progress.total;
    if (form === "json" || io.isTerminal) {
      if (!isNewPhase && !isEnd && at - lastWritten < LINE_EVERY_SECONDS) return;
      lastWritten = at;
      if (form === "json") writeJson(progress);
      else writeText(progress);
    } else if (at - lastText >= TEXT_EVERY_SECONDS) {
      lastText = at;
      writeText(progress);
    }
  };
  const end = () => {
    if (isLineOpen) io.err("\r\u001b[K");
    isLineOpen = false;
  };
  return { onProgress, end };
};
