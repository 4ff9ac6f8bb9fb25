import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { EngineInstance } from "../../../engine/instance.ts";
import { cleanSpeech, mainsHum, mixNoise, NOISES } from "../../support/noisy-speech.ts";
import { concat } from "../../support/signals.ts";
import { demoSpeech, takeSamples } from "../../support/take-samples.ts";

/** Speech and the same with noise, mono, 48 kHz; `snrDb` is infinite for the speech alone. */
export type Mixture = {
  readonly voice: string;
  readonly noise: string;
  readonly snrDb: number;
  readonly clean: Float32Array;
  readonly noisy: Float32Array;
};

const RATIOS_DB = [0, 5, 10, 15];
const LONGEST_FRAMES = 9.6 * 48_000;
/** Ambiences of the material folder; what is steady comes first. */
const AMBIENCES = ["default_furnace_active.ogg", "loop_3d_printer.flac", "vinyl_hiss.flac", "env_sounds_water.1.ogg"];

const materialFolder = (): string | null => {
  const folder = process.env["PREMIX_MATERIAL"];
  return folder !== undefined && existsSync(join(folder, "audio")) ? folder : null;
};

/** The demo's voices, and with the material folder a read book. */
const readVoices = async (instance: EngineInstance): Promise<Map<string, Float32Array>> => {
  const [anna, tom, narrator] = await demoSpeech(instance);
  const voices = new Map(Object.entries({ anna, tom, narrator }));
  const folder = materialFolder();
  if (folder !== null) {
    const shelf = join(folder, "audio/speech");
    const parts: Float32Array[] = [];
    for (const name of readdirSync(shelf).sort()) parts.push(await takeSamples(instance, join(shelf, name)));
    voices.set("book", concat(...parts));
  }
  return new Map([...voices].flatMap(([name, take]) => (take ? [[name, cleanSpeech(take)] as const] : [])));
};

const readNoises = async (instance: EngineInstance): Promise<Map<string, Float32Array>> => {
  const noises = new Map(Object.entries(NOISES).map(([name, make]) => [name, make(LONGEST_FRAMES, 900)]));
  noises.set("hum", mainsHum(LONGEST_FRAMES, 50.03));
  const folder = materialFolder();
  if (folder !== null)
    for (const name of AMBIENCES)
      noises.set(name.replace(/\..*/, ""), await takeSamples(instance, join(folder, "audio/ambience", name)));
  return noises;
};

/** Every voice in every noise at every ratio, and alone. */
export const makeMixtures = async (instance: EngineInstance): Promise<Mixture[]> => {
  const voices = await readVoices(instance);
  const noises = await readNoises(instance);
  return [...voices].flatMap(([voice, clean]) => [
    { voice, noise: "none", snrDb: Number.POSITIVE_INFINITY, clean, noisy: clean },
    ...[...noises].flatMap(([noise, sound]) =>
      RATIOS_DB.map((snrDb) => ({ voice, noise, snrDb, clean, noisy: mixNoise(clean, sound, snrDb) })),
    ),
  ]);
};
