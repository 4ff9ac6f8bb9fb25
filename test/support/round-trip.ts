import { createSimulatedHost } from "../../extension/host/simulated-host.ts";
import { readTimelines } from "../../extension/interchange/read-timeline.ts";
import { type ExportReport, exportDocument } from "../../extension/session/export-document.ts";
import { importSequence } from "../../extension/session/import-sequence.ts";
import type { SessionPorts } from "../../extension/session/ports.ts";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import type { Result } from "../../schema/problem.ts";
import { targetProfiles } from "../../schema/target-profiles.ts";
import { createMemoryFiles } from "./memory-files.ts";

const unused = () => {
  throw new Error("neither way needs an engine");
};

const goodOf = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(({ message, pointer }) => `${message} ${pointer ?? ""}`).join("\n"));
};

const portsOf = (files: SessionPorts["files"], host: SessionPorts["host"]): SessionPorts => ({
  host,
  files,
  engine: {
    probe: unused,
    analyse: unused,
    render: unused,
    gainCurve: unused,
    measure: unused,
    peaks: unused,
    spectrum: unused,
  },
});

const anyHost = () => createSimulatedHost({ timelines: [], projectPath: "/p/cut.xml", projectName: "cut.xml" }).host;

/** Writes a document as FCP7 XML without any media folder. */
export const exportXml = async (
  document: MixDocument,
): Promise<{ readonly xml: Uint8Array; readonly report: ExportReport }> => {
  const { files, stored } = createMemoryFiles({ "/m/a.mix.json": new TextEncoder().encode(canonicalText(document)) });
  const request = { documentFile: "/m/a.mix.json", outputFile: "/m/a.xml", format: "xmeml", mediaFolders: [] } as const;
  const report = goodOf(await exportDocument(portsOf(files, anyHost()), { ...request, stemsFolder: null }));
  return { xml: stored.get("/m/a.xml")!, report };
};

/** Reads a project file through the simulated Premiere into a document, as `premix import` does. */
export const importBytes = async (bytes: Uint8Array, name = "cut.xml"): Promise<MixDocument> => {
  const [timeline] = goodOf(await readTimelines(bytes, name));
  const { files, stored } = createMemoryFiles();
  const { host } = createSimulatedHost({ timelines: [timeline!], projectPath: "/p/cut.xml", projectName: "cut.xml" });
  const request = { timeline: timeline!, documentFile: "/m/b.mix.json", mediaFolders: [], profile: targetProfiles[0]! };
  goodOf(await importSequence(portsOf(files, host), request));
  return JSON.parse(new TextDecoder().decode(stored.get("/m/b.mix.json"))) as MixDocument;
};
