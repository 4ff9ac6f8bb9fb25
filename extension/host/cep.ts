import type { EvalScript } from "./host.ts";

/** What we use of the object that CEP puts into a panel's window. */
export type Cep = {
  evalScript(script: string, callback: (result: string) => void): void;
  /** JSON: appName, appVersion, appSkinInfo ... */
  getHostEnvironment(): string;
  getExtensionId(): string;
  /** JSON of {keyCode, ctrlKey?, altKey?, shiftKey?, metaKey?}[]; "" gives every key back to Premiere. */
  registerKeyEventsInterest(keys: string): void;
  getScaleFactor(): number;
  setScaleFactorChangedHandler(handler: () => void): void;
  addEventListener(type: string, listener: (event: CepEvent) => void): void;
  removeEventListener(type: string, listener: (event: CepEvent) => void): void;
  invokeSync(name: string, argument: string): string;
};

export type CepEvent = { readonly type: string; readonly data: unknown };

declare global {
  var __adobe_cep__: Cep | undefined;
}

/** CEP's object, or null outside Premiere. */
export const findCep = (): Cep | null => globalThis.__adobe_cep__ ?? null;

/** Premiere's script engine as a promise; the result is always a string. */
export const evalScriptOf =
  (cep: Cep): EvalScript =>
  (script) =>
    new Promise((resolve) => cep.evalScript(script, (result) => resolve(String(result))));
