/**
 * The reference mixing job, Premix and ffmpeg in turn on the same files: CPU of the whole process tree, wall time, memory.
 * PREMIX_BENCH names the folder with reference-job.mjs (generator) and ffmpeg-reference.sh (peer).
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../extension/root.mjs";
import { measureProcess, median } from "./measure-process.mjs";
import { referenceDocument } from "./reference-document.mjs";

const ROUNDS = 3;
const fast = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const makeJob = (bench, seconds) => {
  const folder = mkdtempSync(join(fast, `premix-job-${seconds}-`));
  execFileSync(process.execPath, [
    join(bench, "reference-job.mjs"),
    "--seconds",
    String(seconds),
    "--tracks",
    "8",
    "--out",
    folder,
  ]);
  const job = JSON.parse(readFileSync(join(folder, "job.json"), "utf8"));
  writeFileSync(join(folder, "job.mix.json"), JSON.stringify(referenceDocument(job)));
  // The same graph without the reverb, which this version of Premix does not have: the fair peer.
  const graph = readFileSync(join(folder, "ffmpeg-graph.txt"), "utf8");
  mkdirSync(join(folder, "dry"));
  for (const name of [...job.tracks.map(({ file }) => file), "ir.wav"])
    execFileSync("ln", ["-s", join(folder, name), join(folder, "dry", name)]);
  writeFileSync(
    join(folder, "dry", "ffmpeg-graph.txt"),
    graph.replace(/\[snd\]\[\d+:a\]afir=dry=1:wet=1\[rev\]/, "[snd]anull[rev]"),
  );
  return folder;
};

// The job aims at no delivery target: 5, "rendered, but outside", is as good an end as 0.
const premix = (folder, threads) => {
  const program = join(root, "extension/cli/premix.mjs");
  const places = ["--media", folder, "-o", join(folder, "premix")];
  const args = [program, "render", join(folder, "job.mix.json"), ...places, "--threads", String(threads), "--json"];
  return measureProcess(process.execPath, args, { accept: [0, 5] });
};

const ffmpeg = (bench, folder, graph) =>
  measureProcess("bash", [join(bench, "ffmpeg-reference.sh"), graph, join(folder, "ffmpeg")]);

const row = (name, runs) => {
  const of = (key) => median(runs.map((run) => run[key]));
  return `${name.padEnd(34)} ${of("cpuSeconds").toFixed(2).padStart(7)} ${of("wallSeconds").toFixed(2).padStart(7)} ${of("peakMiB").toFixed(1).padStart(8)}`;
};

export const benchReferenceJob = async (bench) => {
  const folder = makeJob(bench, 300);
  const short = makeJob(bench, 30);
  try {
    const ours = [];
    const oursTwo = [];
    const dry = [];
    const full = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await premix(folder, 1));
      dry.push(await ffmpeg(bench, folder, join(folder, "dry")));
      oursTwo.push(await premix(folder, 2));
      full.push(await ffmpeg(bench, folder, folder));
    }
    const shortRuns = [await premix(short, 1)];
    const ratio = (a, b) => median(a.map((run, index) => run.cpuSeconds / b[index].cpuSeconds)).toFixed(3);
    console.log(`Reference job, 300 s, 8 stereo tracks, medians of ${ROUNDS} interleaved runs`);
    console.log(`${"".padEnd(34)}   CPU s  wall s  RSS MiB`);
    console.log(row("premix, 1 thread (no reverb)", ours));
    console.log(row("premix, 2 threads (no reverb)", oursTwo));
    console.log(row("ffmpeg, 1 thread, without reverb", dry));
    console.log(row("ffmpeg, 1 thread, whole job", full));
    console.log(row("premix, 30 s, 1 thread", shortRuns));
    console.log(`CPU, premix / ffmpeg without reverb, pair by pair: ${ratio(ours, dry)} (goal <= 0.333)`);
    console.log(`CPU, premix / ffmpeg whole job, pair by pair:      ${ratio(ours, full)}`);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(short, { recursive: true });
  }
};
