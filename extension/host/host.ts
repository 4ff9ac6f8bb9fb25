import type { HostFindings, PlaceRequest, PlaceResult, SequenceSnapshot } from "../../schema/host-protocol.ts";
import type { Result } from "../../schema/problem.ts";

export type HostInfo = {
  readonly application: string;
  readonly version: string;
  readonly hostBuild: string;
  /** Names of simulated quirks in force; empty in a real Premiere. */
  readonly quirks: readonly string[];
};

/** Runs one script in the host's ES3 engine and gives its result as a string. One call in flight at a time. */
export type EvalScript = (script: string) => Promise<string>;

export type HostProgress = (done: number, total: number) => void;

/**
 * What a session asks of a host. Everything crosses as problems (code "host", or "host-unknown" when a call timed out and
 * its outcome had to be, or could not be, established by reading).
 */
export type Host = {
  connect(): Promise<Result<HostInfo>>;
  /** Reads the active sequence in pages of at most 50 clips. */
  readSequence(onProgress?: HostProgress, signal?: AbortSignal): Promise<Result<SequenceSnapshot>>;
  /** Import, append, name, place, read back, compare, then mute. On failure everything of ours is taken out again. */
  placeStems(request: PlaceRequest, onProgress?: HostProgress, signal?: AbortSignal): Promise<Result<PlaceResult>>;
  /** Removes what `placeStems` put there under that id; the sources are un-muted again. */
  removePlaced(operationId: string): Promise<Result<{ readonly removedTracks: number }>>;
  /** Asks for members, engine and level scale of the open sequence; `scratch` also adds a track to a copy and removes the copy. */
  examine(request: { readonly scratch: boolean }): Promise<Result<HostFindings>>;
};
