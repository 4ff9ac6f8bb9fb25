import { type MatchedBand, type MatchOptions, matchBands } from "../../engine/match-equalizer.ts";
import { ok, ProblemError, type Result } from "../../schema/problem.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, take } from "./settle.ts";

export type MatchSpectrumRequest = MatchOptions & {
  readonly inputFile: string;
  readonly referenceFile: string;
  /** Receives the chain: a JSON list of one equalizer. */
  readonly outputFile: string;
};

export type MatchSpectrumReport = { readonly file: string; readonly bands: readonly MatchedBand[] };

/** An equalizer that gives one file the average spectrum of another, written as a chain for `premix process`. */
export const matchSpectrum = (
  { files, engine, signal }: Pick<SessionPorts, "files" | "engine" | "signal">,
  { inputFile, referenceFile, outputFile, ...options }: MatchSpectrumRequest,
): Promise<Result<MatchSpectrumReport>> =>
  settle(async () => {
    const heard = async (file: string) => {
      const spectrum = take(await engine.spectrum(file, signal));
      if (spectrum) return spectrum;
      const message = `${file} holds nothing louder than -70 dBFS to take a spectrum from.`;
      throw new ProblemError({ code: "not-audio", message, file });
    };
    const bands = matchBands(await heard(inputFile), await heard(referenceFile), options);
    const chain = `${JSON.stringify([{ type: "equalizer", bands }], null, 2)}\n`;
    await files.writeAtomic(outputFile, new TextEncoder().encode(chain));
    return ok({ file: outputFile, bands });
  });
