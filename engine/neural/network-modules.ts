import { sha256 } from "../../schema/sha256.ts";

/** The networks' wasm, compiled; modules cross to workers as they are. */
export type NetworkModules = {
  readonly rnnoise: WebAssembly.Module;
  /** What takes the place of RNNoise's dense layers. */
  readonly rnnoiseLayers: WebAssembly.Module;
  readonly gtcrn: WebAssembly.Module;
};

/** Reads a file that stands beside engine.wasm; null when it is not there. */
export type ReadNetwork = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** The weights stand in these files: another byte would be another sound. */
const RNNOISE_SHA256 = "sha256:d09857d8033ff30a28856483ef9a09a8176d5e59f275e0e83f7aea63015b1cd3";
const GTCRN_SHA256 = "sha256:01a5286ddaa1ce6d0dd5510bd9241f3bf0cc727a05d5767ae6881d85d9983719";

/** Compiles the networks; null when one is missing or is not, byte for byte, the one that Premix was made with. */
export const loadNetworks = async (read: ReadNetwork): Promise<NetworkModules | null> => {
  const [rnnoise, rnnoiseLayers, gtcrn] = await Promise.all(
    ["rnnoise.wasm", "rnnoise-layers.wasm", "gtcrn.wasm"].map((name) => read(name)),
  );
  if (!rnnoise || !rnnoiseLayers || !gtcrn) return null;
  if (sha256(rnnoise) !== RNNOISE_SHA256 || sha256(gtcrn) !== GTCRN_SHA256) return null;
  return {
    rnnoise: await WebAssembly.compile(rnnoise),
    rnnoiseLayers: await WebAssembly.compile(rnnoiseLayers),
    gtcrn: await WebAssembly.compile(gtcrn),
  };
};
