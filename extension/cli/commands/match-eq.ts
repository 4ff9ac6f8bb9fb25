import { ProblemError } from "../../../schema/problem.ts";
import { matchSpectrum } from "../../session/match-spectrum.ts";
import { take } from "../../session/settle.ts";
import { absolute, requiredOutput, usageProblem, wholeNumber } from "../arguments.ts";
import { type CliCall, type Command, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns } from "../text.ts";

const requiredReference = (call: CliCall): string => {
  const given = call.values["reference"];
  if (given === undefined) throw new ProblemError(usageProblem("Say what it shall sound like: --reference <audio>."));
  return absolute(call, given);
};

export const matchEqCommand: Command = {
  name: "match-eq",
  summary: "writes the equalizer that gives a sound the average spectrum of another, as a chain",
  usage: "<audio> --reference <audio> -o <chain.json> [--amount <percent>] [--max-gain <dB>]",
  options: [
    { name: "reference", kind: "value", shown: "<audio>", doc: "the sound whose spectrum is wanted" },
    outputOption("<chain.json>", "the chain that is written, for premix process --chain"),
    { name: "amount", kind: "value", shown: "<percent>", doc: "how much of the difference, 0 to 100 (default: 100)" },
    { name: "max-gain", kind: "value", shown: "<dB>", doc: "largest correction up and down, 0 to 12 (default: 12)" },
  ],
  examples: [
    "premix match-eq lavalier.wav --reference boom.wav -o as-boom.json",
    "premix match-eq take2.wav --reference take1.wav -o match.json --amount 60 --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const amountPercent = wholeNumber(call, "amount", 0, 100);
    const maxGainDb = wholeNumber(call, "max-gain", 0, 12);
    const report = take(
      await matchSpectrum(
        { ...createGround(), signal: call.io.signal },
        {
          inputFile: absolute(call, call.positionals[0]!),
          referenceFile: requiredReference(call),
          outputFile: requiredOutput(call, "<chain.json>"),
          ...(amountPercent === undefined ? {} : { amountPercent }),
          ...(maxGainDb === undefined ? {} : { maxGainDb }),
        },
      ),
    );
    const rows = report.bands.map(({ kind, frequencyHz, gainDb }) => [kind, `${frequencyHz} Hz`, `${gainDb} dB`]);
    const text = `${columns(rows)}\n${report.file}\n`;
    return { exitCode: 0, json: { ok: true, exitCode: 0, ...report }, text };
  },
};
