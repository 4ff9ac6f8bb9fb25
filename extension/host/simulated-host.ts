import { existsSync, statSync } from "node:fs";
import type { Timeline } from "../interchange/timeline.ts";
import type { EvalScript, Host } from "./host.ts";
import { hostScriptText } from "./host-script-text.ts";
import { createPremiereHost } from "./premiere-host.ts";
import { dumpProject, type HostDump } from "./simulated-host/dump.ts";
import { baseName, createFileConstructor } from "./simulated-host/file-facade.ts";
import type { MediaFacts, ModelItem, ModelProject } from "./simulated-host/model.ts";
import { createApplication } from "./simulated-host/project-facade.ts";
import { type ProfileName, profiles, type QuirkName, quirkTexts, usualQuirks } from "./simulated-host/quirks.ts";
import { createRealm, type Realm } from "./simulated-host/realm.ts";
import { type CallRecord, type Fault, ScriptEngine } from "./simulated-host/script-engine.ts";
import { seedProject } from "./simulated-host/seed.ts";
import { TimeCopy } from "./simulated-host/time.ts";
import { UndoStack } from "./simulated-host/undo-stack.ts";
import { readWaveFacts } from "./simulated-host/wave-length.ts";
import { Ids, type World } from "./simulated-host/world.ts";

export type SimulatedHostOptions = {
  /** One sequence each; the first is active. */
  readonly timelines: readonly Timeline[];
  /** "" = a project that was never saved. */
  readonly projectPath: string;
  /** Default: the last part of the path. */
  readonly projectName?: string;
  /** Default derived from the path, so that the same project is the same document again. */
  readonly documentId?: string;
  readonly profile?: ProfileName;
  /** Added to the usual ones. */
  readonly quirks?: readonly QuirkName[];
  /** Taken away from the usual ones. */
  readonly withoutQuirks?: readonly QuirkName[];
  /** For the quirk userSwitchesSequence: before which call. Default 20. */
  readonly switchBeforeCall?: number;
  /** Length and channels of a file that is imported; default: its WAV header. null = Premiere cannot read it. */
  readonly mediaFacts?: (path: string) => MediaFacts | null;
  /** Default: looks at the disk. Only stems that are to be placed are ever asked for. */
  readonly fileExists?: (path: string) => boolean;
  /** Default: nothing is offline. Paths out of a foreign file are never looked up on the disk. */
  readonly isOffline?: (path: string) => boolean;
};

export type SimulatedHost = {
  readonly host: Host;
  readonly evalScript: EvalScript;
  /** Every call so far. */
  readonly log: readonly CallRecord[];
  /** How often a script asked Premiere to quit; 0 unless text became code. */
  readonly quits: () => number;
  dump(): HostDump;
  setActiveSequence(index: number): void;
  injectFault(fault: Fault): void;
  /** Premiere started anew with the project as it is; gives a Host over the fresh engine. */
  restart(): Host;
  /** Does something between two calls, as an editor would. */
  beforeCall(act: (callIndex: number) => void): void;
  /** The simulated editor's hands, for tests: edits that go on the undo stack like any other. */
  readonly world: World;
};

const documentIdOf = (path: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const unit of path) hash = ((hash ^ BigInt(unit.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn;
  const digits = hash.toString(16).padStart(16, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4000-8000-${digits.slice(12)}00000000`;
};

const rootItem: Omit<ModelItem, "name" | "children"> = {
  nodeId: "000f4240",
  type: 3,
  mediaPath: "",
  durationTicks: 0n,
  isSequence: false,
  isMulticam: false,
  channelType: 1,
  clipsNumber: 1,
};

const emptyProject = (options: SimulatedHostOptions): ModelProject => {
  const path = options.projectPath;
  const name = options.projectName ?? baseName(path);
  return {
    documentId: options.documentId ?? documentIdOf(path),
    name,
    path,
    root: { ...rootItem, name, children: [] },
    sequences: [],
    active: null,
    undo: new UndoStack(),
  };
};

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

const quirksOf = ({ quirks = [], withoutQuirks = [] }: SimulatedHostOptions): ReadonlySet<QuirkName> =>
  new Set([...usualQuirks, ...quirks].filter((name) => !withoutQuirks.includes(name)));

const createWorld = (options: SimulatedHostOptions): World => ({
  project: emptyProject(options),
  profile: profiles[options.profile ?? "25.x"],
  quirks: quirksOf(options),
  ids: new Ids(),
  mediaFacts: options.mediaFacts ?? readWaveFacts,
  fileExists: options.fileExists ?? isFile,
  isOffline: options.isOffline ?? (() => false),
  realm: createRealm(),
  modalDialog: null,
  quits: 0,
});

/** A JSON that another panel left in the shared engine: whoever relies on it loses. */
const foreignJson = (realm: Realm) => ({
  stringify: () => {
    throw realm.error("This JSON is another panel's.");
  },
  parse: () => {
    throw realm.error("This JSON is another panel's.");
  },
});

const furnish = (world: World): void => {
  const { realm } = world;
  realm.define("$", { os: "Simulated", fileName: "" });
  realm.define("app", createApplication(world));
  realm.define("ProjectItemType", { CLIP: 1, BIN: 2, ROOT: 3, FILE: 4 });
  realm.define("Time", TimeCopy);
  realm.define("File", createFileConstructor(world, "Macintosh"));
  realm.define("Folder", createFileConstructor(world, "Macintosh"));
  if (!world.quirks.has("noJSON")) realm.define("JSON", foreignJson(realm));
};

/** A Premiere without Premiere: the real host scripts run in an ES3 engine on a model of its objects, with its known faults. */
export const createSimulatedHost = (options: SimulatedHostOptions): SimulatedHost => {
  const unknown = (options.quirks ?? []).find((name) => !(name in quirkTexts));
  if (unknown) throw new TypeError(`"${unknown}" is no quirk; there are ${Object.keys(quirkTexts).join(", ")}.`);
  const world = createWorld(options);
  seedProject(world, options.timelines);
  furnish(world);
  const switchAt = world.quirks.has("userSwitchesSequence") ? (options.switchBeforeCall ?? 20) : -1;
  const acts: ((callIndex: number) => void)[] = [];
  const setActiveSequence = (index: number): void => {
    world.project.active = world.project.sequences[index] ?? null;
  };
  const engine = new ScriptEngine(world, (callIndex) => {
    if (callIndex === switchAt) setActiveSequence(1);
    for (const act of acts) act(callIndex);
  });
  const hostOf = (): Host =>
    createPremiereHost(engine.evalScript, hostScriptText, {
      startTimer: engine.startTimer,
      application: "Premiere Pro (simulated)",
      quirks: [...world.quirks],
    });
  return {
    host: hostOf(),
    evalScript: engine.evalScript,
    log: engine.log,
    quits: () => world.quits,
    dump: () => dumpProject(world.project),
    setActiveSequence,
    injectFault: (fault) => engine.injectFault(fault),
    restart: () => {
      world.realm = createRealm();
      furnish(world);
      engine.revive();
      return hostOf();
    },
    beforeCall: (act) => acts.push(act),
    world,
  };
};
