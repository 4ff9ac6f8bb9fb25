import type { Machine } from "./machine.ts";

/** The CEP of Premiere 25.0 and newer; its debug flag has its number. */
export const CEP_VERSION = 12;

/** How to switch on that CEP loads panels which are unsigned or were changed; null where there is no CEP. */
export const debugModeCommand = (platform: Machine["platform"]): string | null => {
  if (platform === "darwin") return `defaults write com.adobe.CSXS.${CEP_VERSION} PlayerDebugMode 1`;
  if (platform !== "win32") return null;
  return `reg add HKCU\\Software\\Adobe\\CSXS.${CEP_VERSION} /v PlayerDebugMode /t REG_SZ /d 1 /f`;
};

/** Runs a program and gives what it prints; null when it cannot be run or fails. */
export type RunProgram = (command: string, words: readonly string[]) => string | null;

/** Whether CEP's debug mode is on; null where it cannot be told. */
export const readDebugMode = (platform: Machine["platform"], run: RunProgram): boolean | null => {
  if (platform === "darwin")
    return run("defaults", ["read", `com.adobe.CSXS.${CEP_VERSION}`, "PlayerDebugMode"])?.trim() === "1";
  if (platform !== "win32") return null;
  const key = `HKCU\\Software\\Adobe\\CSXS.${CEP_VERSION}`;
  return /\bREG_SZ\s+1\s*$/m.test(run("reg", ["query", key, "/v", "PlayerDebugMode"]) ?? "");
};
