import { execFileSync, spawnSync } from "node:child_process";

const program = process.env["PREMIX_FFMPEG"] ?? "ffmpeg";

/** True where an ffmpeg can be asked for a second opinion. */
export const hasFfmpeg = spawnSync(program, ["-version"], { stdio: "ignore" }).status === 0;

/** Integrated loudness and true peak as ffmpeg's ebur128 sees them. */
export const ffmpegLoudness = (file: string): { readonly integratedLufs: number; readonly truePeakDbtp: number } => {
  const { stderr } = spawnSync(
    program,
    ["-nostdin", "-hide_banner", "-i", file, "-af", "ebur128=peak=true", "-f", "null", "-"],
    { encoding: "utf8" },
  );
  const summary = stderr.slice(stderr.lastIndexOf("Summary:"));
  const figure = (label: RegExp) => Number(label.exec(summary)?.[1]);
  return { integratedLufs: figure(/I:\s+(-?[\d.]+) LUFS/), truePeakDbtp: figure(/Peak:\s+(-?[\d.]+) dBFS/) };
};

/** Samples of a file as ffmpeg decodes it: interleaved float. */
export const ffmpegDecode = (file: string): Float32Array => {
  const bytes = execFileSync(program, ["-nostdin", "-v", "error", "-i", file, "-f", "f32le", "-"], {
    maxBuffer: 1 << 30,
  });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
