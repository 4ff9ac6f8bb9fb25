import type { ConnectReply, PlaceRequest, PlaceResult, SequenceReply } from "../../schema/host-protocol.ts";
import { ok, ProblemError, type Result } from "../../schema/problem.ts";
import { Bridge, type Expect, type StartTimer } from "./bridge.ts";
import { examineHost } from "./examine-host.ts";
import type { EvalScript, Host } from "./host.ts";
import { hostBuildOf } from "./host-build.ts";
import { HostCalls } from "./host-calls.ts";
import { Placement } from "./placement.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { removePlacement } from "./removal.ts";

export type PremiereHostOptions = {
  /** How long one call may take before its outcome counts as unknown. Default 45 000. */
  readonly timeoutMs?: number;
  /** Default setTimeout. */
  readonly startTimer?: StartTimer;
  /** What HostInfo says; a simulated host names itself and its quirks. */
  readonly application?: string;
  readonly quirks?: readonly string[];
};

const TIMEOUT_MS = 45_000;

const startTimeout: StartTimer = (ms, fire) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

/** Turns what a job throws about the host or its user into problems; anything else is our own fault and goes on up. */
const settle = async <T>(job: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await job();
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
};

/** Premiere as a Host, through anything that evaluates a script in its ES3 engine: CEP's evalScript, or the simulated host. */
export const createPremiereHost = (
  evalScript: EvalScript,
  scriptText: string,
  options: PremiereHostOptions = {},
): Host => {
  const {
    timeoutMs = TIMEOUT_MS,
    startTimer = startTimeout,
    application = "Adobe Premiere Pro",
    quirks = [],
  } = options;
  const bridge = new Bridge(evalScript, scriptText, timeoutMs, startTimer);
  /** Where the last snapshot was read: stems go there and nowhere else. */
  let home: Expect | undefined;
  /** Tracks that this session added, by operation. */
  const added = new Map<string, readonly string[]>();

  const open = async (what: string, signal?: AbortSignal, expect?: Expect): Promise<HostCalls> => {
    const calls = new HostCalls(bridge, what, signal, expect);
    await calls.load();
    return calls;
  };

  const openSequence = async (what: string, signal?: AbortSignal) => {
    const calls = await open(what, signal, home);
    const sequence = await calls.read<SequenceReply>("read.sequence");
    calls.expect = { documentId: sequence.documentId, sequenceId: sequence.sequenceId };
    return { calls, sequence };
  };

  const connect: Host["connect"] = () =>
    settle(async () => {
      const calls = await open("Connecting");
      const { appVersion, qe } = await calls.read<ConnectReply>("connect");
      const warning = "This Premiere has no QE: Premix can read and render, but cannot place stems on tracks.";
      const info = { application, version: appVersion, hostBuild: hostBuildOf(scriptText), quirks };
      return ok(info, qe ? [] : [{ code: "host", message: warning }]);
    });

  const readSequence: Host["readSequence"] = (onProgress, signal) =>
    settle(async () => {
      const snapshot = await readSnapshot(await open("Reading the sequence", signal), onProgress);
      home = { documentId: snapshot.sequence.documentId, sequenceId: snapshot.sequence.sequenceId };
      return ok(snapshot);
    });

  const placeStems = (request: PlaceRequest, onProgress?: Parameters<Host["placeStems"]>[1], signal?: AbortSignal) =>
    settle<PlaceResult>(async () => {
      const { calls, sequence } = await openSequence("Placing the stems", signal);
      const placement = new Placement(calls, request, sequence, onProgress);
      const result = await placement.place();
      if (placement.added.length > 0) added.set(request.operationId, placement.added);
      return ok(
        result,
        result.warnings.map((message) => ({ code: "host" as const, message })),
      );
    });

  const removePlaced: Host["removePlaced"] = (operationId) =>
    settle(async () => {
      const { calls, sequence } = await openSequence("Removing the stems");
      const { removedTracks, notes } = await removePlacement(
        calls,
        sequence,
        operationId,
        added.get(operationId) ?? [],
      );
      return ok(
        { removedTracks },
        notes.map((message) => ({ code: "host" as const, message })),
      );
    });

  const examine: Host["examine"] = ({ scratch }) =>
    settle(async () => ok(await examineHost(await open("Checking this Premiere"), scratch)));

  return { connect, readSequence, placeStems, removePlaced, examine };
};
