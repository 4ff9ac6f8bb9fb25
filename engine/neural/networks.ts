import { openGtcrn } from "./gtcrn.ts";
import type { NetworkModules } from "./network-modules.ts";
import type { NeuralDenoiser } from "./neural-denoiser.ts";
import { openRnnoise } from "./rnnoise.ts";

/** The networks by the number that a neural frame names, each opened when it is first asked. */
export type Networks = { at(network: number): NeuralDenoiser };

const OPENERS = [openRnnoise, openGtcrn];

export const createNetworks = (modules: NetworkModules): Networks => {
  const opened: (NeuralDenoiser | undefined)[] = [];
  return {
    at: (network) => {
      const open = OPENERS[network];
      if (!open) throw new TypeError(`no network ${network}`);
      opened[network] ??= open(modules);
      return opened[network];
    },
  };
};
