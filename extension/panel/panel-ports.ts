import { createBrowserEngine } from "../../engine/browser/browser-engine.ts";
import type { Engine } from "../../engine/engine.ts";
import type { FilePort } from "../../engine/files.ts";
import { evalScriptOf, findCep } from "../host/cep.ts";
import type { Host } from "../host/host.ts";
import { createPremiereHost } from "../host/premiere-host.ts";
import { createCepFiles, type NodeFilePromises } from "./cep-files.ts";

/** What CEP (or, outside Premiere, the shim that stands for it) puts on the page beside its own object. */
type CepWindow = {
  readonly cep_node?: { require(name: string): unknown };
  /** Put there by the two classic scripts beside the panel's own. */
  readonly premixEngineWorkerText?: string;
  readonly premixHostScriptText?: string;
};

export type PanelPorts = { readonly host: Host; readonly files: FilePort; readonly engine: Engine };

/** The panel's ports, or null when the page was opened outside of Premiere. */
export const createPanelPorts = (): PanelPorts | null => {
  const cep = findCep();
  const { cep_node: node, premixEngineWorkerText, premixHostScriptText } = window as CepWindow;
  if (!cep || !node || !premixEngineWorkerText || !premixHostScriptText) return null;
  const { promises } = node.require("fs") as { promises: NodeFilePromises };
  const { sep } = node.require("path") as { sep: "/" | "\\" };
  const { tmpdir } = node.require("os") as { tmpdir(): string };
  const files = createCepFiles(promises, sep);
  return {
    host: createPremiereHost(evalScriptOf(cep), premixHostScriptText),
    files,
    engine: createBrowserEngine(files, premixEngineWorkerText, files.join(tmpdir(), "premix-cache"), sep),
  };
};
