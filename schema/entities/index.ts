import type { Definitions } from "../json-schema.ts";
import { Automation, AutomationPoint } from "./automation.ts";
import { Bus } from "./bus.ts";
import { Clip } from "./clip.ts";
import { Crossfade } from "./crossfade.ts";
import { Cue, CueSource, cueDefinitions } from "./cue.ts";
import { Decision } from "./decision.ts";
import { Ducker, duckerRule } from "./ducker.ts";
import { Fade } from "./fade.ts";
import { Media } from "./media.ts";
import { MixDocument } from "./mix-document.ts";
import { ChannelLayout, FadeCurve, Id, PointCurve, Role, Ticks } from "./names.ts";
import { insert, insertDefinitions, Processor } from "./processor.ts";
import { Send } from "./send.ts";
import { Sequence } from "./sequence.ts";
import { Stem } from "./stem.ts";
import { Programme, Targets } from "./targets.ts";
import { Track } from "./track.ts";

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
