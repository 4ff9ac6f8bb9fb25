import { spawnSync } from "node:child_process";
import { measureProcess } from "../measure-process.mjs";
import type { Peer } from "./counterparts.ts";
import { FILE_SECONDS, type Programme } from "./programme.ts";

/** Lengths that a peer may be given: long enough that its work can be told from its start. */
const LENGTHS = [10, 60, FILE_SECONDS] as const;
/** CPU seconds that stand well above the noise of a few milliseconds. */
const TELLING_SECONDS = 0.1;
/** Less than this is noise. */
const LEAST_SECONDS = 0.01;

const answers = (program: string, option: string): boolean =>
  spawnSync(program, [option], { stdio: "ignore" }).status === 0;

/** The peers that this machine has. */
export const installedPeers = (): Readonly<Record<Peer["tool"], boolean>> => ({
  ffmpeg: answers("ffmpeg", "-version"),
  sox: answers("sox", "--version"),
});

type Run = { readonly program: string; readonly args: readonly string[] };

const ffmpegRun = (file: string, seconds: number, filter: string): Run => ({
  program: "ffmpeg",
  args: [
    ...["-nostdin", "-v", "error", "-threads", "1", "-filter_threads", "1", "-filter_complex_threads", "1"],
    ...["-t", String(seconds), "-i", file, "-af", filter, "-c:a", "pcm_f32le", "-f", "null", "-"],
  ],
});

const soxRun = (file: string, seconds: number, effect: readonly string[]): Run => ({
  program: "sox",
  args: ["-V1", file, "-n", "trim", "0", String(seconds), ...effect],
});

/** CPU seconds of peers on the programme. What reading the file and starting the program cost is measured once a length and taken off. */
export class PeerMeter {
  private readonly programme: Programme;
  private readonly bases = new Map<string, number>();

  constructor(programme: Programme) {
    this.programme = programme;
  }

  /** Finds the length on which this peer's work can be told from its start, and gives the CPU seconds that it took there. */
  async probe(peer: Peer, channels: 2 | 6): Promise<{ readonly seconds: number; readonly net: number }> {
    for (const seconds of LENGTHS) {
      const net = await this.net(peer, channels, seconds);
      if (net >= TELLING_SECONDS || seconds === FILE_SECONDS) return { seconds, net };
    }
    throw new TypeError("the last length is the file's");
  }

  /** CPU seconds of work on `seconds` of the programme; 0 when it is too little to be told from the noise. */
  async net(peer: Peer, channels: 2 | 6, seconds: number): Promise<number> {
    const base = await this.base(peer.tool, channels, seconds);
    const net = (await cpuSecondsOf(this.run(peer, channels, seconds))) - base;
    return net < LEAST_SECONDS ? 0 : net;
  }

  private run(peer: Peer, channels: 2 | 6, seconds: number): Run {
    const { files } = this.programme;
    const named = (text: string) => text.replace("{impulse}", files.impulse).replace("{noise}", files.noise);
    return peer.tool === "ffmpeg"
      ? ffmpegRun(files[channels], seconds, named(peer.filter))
      : soxRun(files[channels], seconds, peer.effect.map(named));
  }

  private async base(tool: Peer["tool"], channels: 2 | 6, seconds: number): Promise<number> {
    const key = `${tool} ${channels} ${seconds}`;
    const known = this.bases.get(key);
    if (known !== undefined) return known;
    const file = this.programme.files[channels];
    const run = tool === "ffmpeg" ? ffmpegRun(file, seconds, "anull") : soxRun(file, seconds, []);
    const runs: number[] = [];
    for (let i = 0; i < 3; i += 1) runs.push(await cpuSecondsOf(run));
    const base = Math.min(...runs);
    this.bases.set(key, base);
    return base;
  }
}

const cpuSecondsOf = async ({ program, args }: Run): Promise<number> =>
  (await measureProcess(program, args)).cpuSeconds;
