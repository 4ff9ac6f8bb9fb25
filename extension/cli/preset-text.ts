import type { Knob, Preset } from "../../schema/generated/folder-files.ts";
import type { PresetChange } from "../session/apply-preset.ts";
import type { FoundPreset } from "../session/preset-catalog.ts";
import { columns } from "./text.ts";

const valueText = (value: unknown): string => {
  if (value === null) return "default";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const knobRow = ([name, { title, min, max, default: usual, unit = "", doc = "" }]: [string, Knob]): string[] => [
  `  ${name}`,
  `${min} to ${`${max} ${unit}`.trim()}, default ${usual}`,
  doc === "" ? title : doc,
];

/** Presets as a table. */
export const presetTable = (presets: readonly FoundPreset[]): string =>
  columns(
    presets.map(({ preset, source }) => [
      preset.name,
      source,
      (preset.appliesTo?.roles ?? []).join(" "),
      preset.description ?? "",
    ]),
  );

/** A preset with its knobs and its chain. */
export const presetText = ({ name, description = "", parameters = {}, processors }: Preset): string => {
  const knobs = Object.entries(parameters);
  const chain = processors.map((item) => `${JSON.stringify(item, null, 2)}\n`).join("");
  return `${name}: ${description}\n\n${knobs.length === 0 ? "" : `Knobs\n${columns(knobs.map(knobRow))}\n`}Chain\n${chain}`;
};

const changeRow = ({ processor, type, parameter, before, after }: PresetChange): string[] => {
  if (parameter !== "") return ["  ~", type, `${parameter}: ${valueText(before)} -> ${valueText(after)}`];
  const { id: _, type: __, ...values } = (after ?? before) as Readonly<Record<string, unknown>>;
  return [after === null ? "  -" : "  +", type, after === null ? processor : JSON.stringify(values)];
};

/** What a preset would change, chain by chain. */
export const changesText = (changes: readonly PresetChange[]): string => {
  if (changes.length === 0) return "Nothing would change: the preset stands there already.\n";
  const places = [...new Map(changes.map(({ place }) => [place.id, place])).values()];
  return places
    .map((place) => {
      const rows = changes.filter((change) => change.place.id === place.id).map(changeRow);
      return `${columns([[`${place.kind} ${place.id}`, place.name]])}${columns(rows)}`;
    })
    .join("");
};
