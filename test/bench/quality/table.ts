import { instantiate } from "../../../engine/instance.ts";
import { processors } from "../../../schema/processors/index.ts";
import { siSdrDb } from "../../support/noisy-speech.ts";
import { engineModule } from "../../support/wasm.ts";
import { denoisers } from "./denoisers.ts";
import { type Mixture, makeMixtures } from "./mixtures.ts";

type Score = Mixture & { readonly gainDb: number };

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const figure = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : "-").padStart(7);
const inColumns = (name: string, values: readonly number[]): string => name.padEnd(24) + values.map(figure).join("");

const gainDb = ({ clean, noisy }: Mixture, output: Float32Array): number =>
  siSdrDb(clean, output) - siSdrDb(clean, noisy);

/** Prints how many dB nearer to the speech (SI-SDR) each way of cleaning comes, per noise and ratio; hum stands apart. */
export const printQuality = async (): Promise<void> => {
  const mixtures = await makeMixtures(instantiate(await engineModule()));
  const noisy = mixtures.filter(({ noise }) => noise !== "none");
  const kinds = [...new Set(noisy.map(({ noise }) => noise))];
  const ratios = [...new Set(noisy.map(({ snrDb }) => snrDb))];
  const heads = ["mean", ...kinds, ...ratios.map((ratio) => `@${ratio} dB`), "speech"];
  console.log(`SI-SDR gain in dB, ${noisy.length} mixtures; mean and @ without hum; speech: SI-SDR of clean speech.`);
  console.log(" ".repeat(24) + heads.map((head) => head.slice(0, 6).padStart(7)).join(""));
  if (process.env["PREMIX_ARNNDN"] === undefined)
    console.log("ffmpeg's arnndn takes no part: it needs a model file (PREMIX_ARNNDN=<file.rnnn>).");
  for (const { name, run } of await denoisers(processors.map(({ type }) => type))) {
    const scores: Score[] = noisy.map((mixture) => ({ ...mixture, gainDb: gainDb(mixture, run(mixture.noisy)) }));
    const of = (wanted: (score: Score) => boolean) => mean(scores.filter(wanted).map((score) => score.gainDb));
    const clean = mixtures.filter(({ noise }) => noise === "none");
    console.log(
      inColumns(name, [
        of(({ noise }) => noise !== "hum"),
        ...kinds.map((kind) => of(({ noise }) => noise === kind)),
        ...ratios.map((ratio) => of(({ noise, snrDb }) => noise !== "hum" && snrDb === ratio)),
        mean(clean.map((speech) => siSdrDb(speech.clean, run(speech.clean)))),
      ]),
    );
  }
};
