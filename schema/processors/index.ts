import type { ProcessorDefinition } from "../processor.ts";
import { compressor } from "./compressor.ts";
import { convolution } from "./convolution.ts";
import { deClick } from "./de-click.ts";
import { deClip } from "./de-clip.ts";
import { deCrackle } from "./de-crackle.ts";
import { deEsser } from "./de-esser.ts";
import { deHum } from "./de-hum.ts";
import { dePlosive } from "./de-plosive.ts";
import { deReverb } from "./de-reverb.ts";
import { delay } from "./delay.ts";
import { dialogueIsolation } from "./dialogue-isolation.ts";
import { dither } from "./dither.ts";
import { downmix } from "./downmix.ts";
import { ducker } from "./ducker.ts";
import { equalizer } from "./equalizer.ts";
import { expander } from "./expander.ts";
import { gain } from "./gain.ts";
import { gate } from "./gate.ts";
import { glueCompressor } from "./glue-compressor.ts";
import { leveler } from "./leveler.ts";
import { limiter } from "./limiter.ts";
import { loudness } from "./loudness.ts";
import { multibandCompressor } from "./multiband-compressor.ts";
import { noiseReduction } from "./noise-reduction.ts";
import { panner } from "./panner.ts";
import { reverb } from "./reverb.ts";
import { roomTone } from "./room-tone.ts";
import { saturator } from "./saturator.ts";
import { spectralRepair } from "./spectral-repair.ts";
import { tonalBalance } from "./tonal-balance.ts";
import { upmix } from "./upmix.ts";
import { width } from "./width.ts";

/** The registry. A processor's position is its type id in the engine, so new ones go to the end. */
export const processors = [
  gain,
  equalizer,
  compressor,
  panner,
  ducker,
  limiter,
  gate,
  expander,
  dither,
  deEsser,
  multibandCompressor,
  reverb,
  glueCompressor,
  convolution,
  saturator,
  delay,
  width,
  downmix,
  noiseReduction,
  leveler,
  loudness,
  roomTone,
  deHum,
  tonalBalance,
  spectralRepair,
  deClick,
  deCrackle,
  dePlosive,
  deClip,
  deReverb,
  upmix,
  dialogueIsolation,
] as const;

/** A processor that another program owns: kept in the document, bypassed by the engine, warned about. */
export const EXTERNAL_TYPE = "external";

const byType: ReadonlyMap<string, ProcessorDefinition> = new Map(
  processors.map((definition): [string, ProcessorDefinition] => [definition.type, definition]),
);

/** The definition of a type name; undefined for `external` and for names nobody knows. */
export const findProcessor = (type: string): ProcessorDefinition | undefined => byType.get(type);

/** The number by which the engine's `createProcessor` knows a type; -1 when it has none. */
export const processorTypeId = (type: string): number => processors.findIndex((definition) => definition.type === type);

/** What may stand in a chain; rules such as the ducker stand elsewhere in the document. */
export const insertTypes: readonly string[] = [
  ...processors.filter((definition: ProcessorDefinition) => definition.rule !== true).map(({ type }) => type),
  EXTERNAL_TYPE,
];
