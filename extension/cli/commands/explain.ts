import { type ExplainedLayer, type ExplainedValue, explainValue } from "../../session/explain-value.ts";
import { take } from "../../session/settle.ts";
import { absolute } from "../arguments.ts";
import type { Command } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns } from "../text.ts";

const withUnit = (value: unknown, unit: string): string =>
  `${JSON.stringify(value)}${typeof value === "number" && unit !== "" ? ` ${unit}` : ""}`;

const placeOf = ({ file, line, column }: ExplainedLayer): string =>
  file === null ? "" : [file, ...(line === null ? [] : [line, column])].join(":");

const nameOf = ({ layer, name }: ExplainedLayer): string =>
  layer === name || layer === "defaults" ? name : `${layer} ${name}`;

const textOf = ({ pointer, value, unit, layers }: ExplainedValue): string => {
  const rows = layers.map((row) => [
    row.wins ? "->" : "  ",
    withUnit(row.value, unit),
    `${nameOf(row)}${row.locked ? " (locked)" : ""}`,
    placeOf(row),
  ]);
  return `${pointer} = ${withUnit(value, unit)}\n${columns(rows)}`;
};

export const explainCommand: Command = {
  name: "explain",
  summary: "shows every layer's value at a place of a document, and which one won",
  usage: "<doc> <json-pointer>",
  options: [],
  examples: [
    "premix explain mix/documents/reel-1.mix.json /targets/programme/integratedLufs",
    "premix explain reel-1.mix.json /tracks/trk_dx/processors/0/thresholdDb --json",
  ],
  positionals: [2, 2],
  run: async (call) => {
    const file = absolute(call, call.positionals[0]!);
    const explained = take(await explainValue(createGround().files, file, call.positionals[1]!));
    return { exitCode: 0, json: { ok: true, exitCode: 0, ...explained }, text: textOf(explained) };
  },
};
