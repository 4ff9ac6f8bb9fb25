import type { Definitions, JsonSchema } from "../json-schema.ts";
import { Automation, AutomationPoint } from "./automation.ts";
import { Bus } from "./bus.ts";
import { Clip } from "./clip.ts";
import { Crossfade } from "./crossfade.ts";
import { Cue, CueSource, cueDefinitions } from "./cue.ts";
import { Decision } from "./decision.ts";
import { Ducker, duckerRule } from "./ducker.ts";
import { Fade } from "./fade.ts";
import { House, HouseLock } from "./house.ts";
import { LayerProcessor, layerDefinitions, layerInserts, PresetProcessor } from "./layer.ts";
import { Media } from "./media.ts";
import { MixDocument } from "./mix-document.ts";
import { mixFileDefinitions } from "./mix-file.ts";
import { ChannelLayout, FadeCurve, Id, PointCurve, Role, Ticks } from "./names.ts";
import { Knob, KnobTarget, Preset } from "./preset.ts";
import { insert, insertDefinitions, Processor } from "./processor.ts";
import { Project } from "./project.ts";
import { Send } from "./send.ts";
import { Sequence } from "./sequence.ts";
import { LocalSettings, Settings } from "./settings.ts";
import { Stem } from "./stem.ts";
import { Programme, Targets } from "./targets.ts";
import { Track } from "./track.ts";
import { Workspace } from "./workspace.ts";

/** Every entity of a mix document, by the name under which schemas refer to it. */
export const definitions: Definitions = {
  Id,
  Role,
  Ticks,
  ChannelLayout,
  FadeCurve,
  PointCurve,
  AutomationPoint,
  MixDocument,
  Sequence,
  Media,
  Track,
  Clip,
  Fade,
  Cue,
  CueSource,
  ...cueDefinitions,
  Crossfade,
  Send,
  Automation,
  Processor,
  Bus,
  Ducker,
  Programme,
  Targets,
  Stem,
  Decision,
  ...insertDefinitions,
};

/** The entities as TypeScript sees them: inserts and duckers have their common keys, parameters stay unknown. */
export const typedDefinitions: Definitions = {
  ...Object.fromEntries(Object.entries(definitions).filter(([name]) => !(name in insertDefinitions))),
  Processor: insert,
  Ducker: duckerRule,
};

/** The files of a mix/ folder beside its documents, by the `format` that they name. */
export const folderFiles = {
  project: Project,
  settings: Settings,
  localSettings: LocalSettings,
  workspace: Workspace,
  preset: Preset,
  house: House,
  houseLock: HouseLock,
} as const satisfies Definitions;

/** Name of the entity that a file of this format holds. */
export const definitionOf = (format: string): string => format.charAt(0).toUpperCase() + format.slice(1);

/** Every entity of those files that a mix document does not have. */
export const folderDefinitions: Definitions = {
  Project,
  Settings,
  LocalSettings,
  Workspace,
  Preset,
  Knob,
  KnobTarget,
  PresetProcessor,
  House,
  HouseLock,
  ...layerDefinitions,
};

/** Every entity of every file that people open in an editor. */
export const fileDefinitions: Definitions = { ...definitions, ...folderDefinitions, ...mixFileDefinitions };

const withoutChoice = ({ dependencies: _, oneOf: __, discriminator: ___, ...schema }: JsonSchema): JsonSchema => schema;

/** The same as TypeScript sees them. */
export const typedFolderDefinitions: Definitions = {
  ...Object.fromEntries(Object.entries(folderDefinitions).filter(([name]) => !(name in layerInserts))),
  LayerProcessor: withoutChoice(LayerProcessor),
  PresetProcessor: withoutChoice(PresetProcessor),
};
