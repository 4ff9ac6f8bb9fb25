import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworks } from "../../../engine/neural/networks.ts";
import type { NeuralDenoiser } from "../../../engine/neural/neural-denoiser.ts";
import { openProcessor, type ProcessorValues } from "../../support/open-processor.ts";
import { concat } from "../../support/signals.ts";
import { networkModules } from "../../support/wasm.ts";

/** A way to clean a mono signal of 48 kHz; its delay is taken off. */
export type Denoiser = { readonly name: string; run(noisy: Float32Array): Float32Array };

const RATE = 48_000;
const RAW = ["-f", "f32le", "-ar", String(RATE), "-ac", "1"];
/** Frames by which ffmpeg's afftdn is late (measured). */
const AFFTDN_DELAY = 1200;
const PROFILE_SECONDS = 0.7;

const bytesOf = (signal: Float32Array): Uint8Array =>
  new Uint8Array(signal.buffer, signal.byteOffset, signal.byteLength);
const signalOf = (bytes: Uint8Array): Float32Array =>
  new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

/** A chain of our processors by type name. */
const ours = (...types: readonly string[]): Denoiser => chain(types.join("+"), types, {});

const chain = (name: string, types: readonly string[], values: ProcessorValues): Denoiser => ({
  name,
  run: (noisy) =>
    types.reduce((signal, type) => {
      const process = openProcessor(type, values, { channels: 1, blockFrames: 1024 });
      const latency = process.latencyFrames();
      return process(concat(signal, new Float32Array(latency))).subarray(latency);
    }, noisy),
});

/** A network by itself, whole frames in time domain. */
const alone = (name: string, { frameLength, delayFrames, open }: NeuralDenoiser): Denoiser => ({
  name,
  run: (noisy) => {
    const voice = open();
    const out = concat(noisy, new Float32Array(delayFrames + frameLength));
    for (let at = 0; at + frameLength <= out.length; at += frameLength) voice.run(out.subarray(at, at + frameLength));
    return out.subarray(delayFrames, delayFrames + noisy.length);
  },
});

const networks = async (): Promise<Denoiser[]> => {
  const modules = await networkModules();
  if (!modules) return [];
  const opened = createNetworks(modules);
  return [alone("RNNoise alone", opened.at(0)), alone("GTCRN alone", opened.at(1))];
};

const ffmpegFilter = (name: string, filter: string, delayFrames: number): Denoiser => ({
  name,
  run: (noisy) => {
    const padded = concat(noisy, new Float32Array(delayFrames));
    const command = ["-nostdin", "-v", "error", ...RAW, "-i", "-", "-af", filter, ...RAW, "-"];
    const bytes = execFileSync("ffmpeg", command, { input: bytesOf(padded), maxBuffer: 1 << 28 });
    return signalOf(bytes).subarray(delayFrames);
  },
});

const soxNoisered: Denoiser = {
  name: "sox noisered",
  run: (noisy) => {
    const folder = mkdtempSync(join(tmpdir(), "premix-quality-"));
    const [input, output, profile] = ["in.f32", "out.f32", "profile"].map((name) => join(folder, name));
    const format = ["-t", "f32", "-r", String(RATE), "-c", "1"];
    try {
      writeFileSync(input ?? "", bytesOf(noisy));
      execFileSync("sox", [
        "-V1",
        ...format,
        `${input}`,
        "-n",
        "trim",
        "0",
        `${PROFILE_SECONDS}`,
        "noiseprof",
        `${profile}`,
      ]);
      execFileSync("sox", ["-V1", ...format, `${input}`, ...format, `${output}`, "noisered", `${profile}`, "0.21"]);
      return signalOf(readFileSync(output ?? ""));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const answers = (program: string, option: string): boolean =>
  spawnSync(program, [option], { stdio: "ignore" }).status === 0;

/** Frames by which ffmpeg's arnndn is late (measured). */
const ARNNDN_DELAY = 480;

/** ffmpeg's RNNoise needs a model file, which ffmpeg does not bring along: PREMIX_ARNNDN names one. */
const arnndn = (): Denoiser[] => {
  const model = process.env["PREMIX_ARNNDN"];
  return model === undefined ? [] : [ffmpegFilter("arnndn", `arnndn=m=${model}`, ARNNDN_DELAY)];
};

/** Ours, and the peers that this machine has. */
export const denoisers = async (types: readonly string[]): Promise<Denoiser[]> => [
  ours("noiseReduction"),
  ours("dialogueIsolation"),
  chain("with two networks", ["dialogueIsolation"], { networks: "two" }),
  ...(await networks()),
  ...(types.includes("deHum") ? [ours("deHum"), ours("deHum", "noiseReduction")] : []),
  ...(answers("ffmpeg", "-version")
    ? [
        ffmpegFilter("afftdn tracking", "afftdn=nr=20:nf=-40:tn=1", AFFTDN_DELAY),
        ffmpegFilter(
          "afftdn profile",
          `asendcmd=c='0 afftdn sn start;${PROFILE_SECONDS} afftdn sn stop',afftdn=nr=20:nf=-40`,
          AFFTDN_DELAY,
        ),
      ]
    : []),
  ...arnndn(),
  ...(answers("sox", "--version") ? [soxNoisered] : []),
];
