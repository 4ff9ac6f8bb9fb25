import type { HostRequest, HostResponse, UndoPositions } from "../../schema/host-protocol.ts";
import type { EvalScript } from "./host.ts";
import { hostBuildOf } from "./host-build.ts";

/** Calls `fire` after `ms` unless the function it gives is called before. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** What came of one call. Only "answer" and "refused" say what the host did. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly result: unknown;
      readonly next: unknown;
      readonly undo: UndoPositions | undefined;
    }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
      readonly undo: UndoPositions | undefined;
    }
  /** The host gave something that is no answer of ours: the script may or may not have run. */
  | { readonly kind: "broken"; readonly message: string }
  /** No answer in time: the script may run, have run, or never run. */
  | { readonly kind: "unknown"; readonly message: string }
  /** An earlier call has not come back, so this one was not sent. */
  | { readonly kind: "unsent"; readonly message: string };

export type Expect = { readonly documentId: string; readonly sequenceId?: string };

const LONE_SURROGATES = /\p{Surrogate}/gu;

/** A text without lone surrogates, on which encodeURIComponent and UTF-8 would fail. */
export const cleanText = (text: string): string => text.replace(LONE_SURROGATES, "\uFFFD");

const cleaned = (_key: string, value: unknown): unknown => (typeof value === "string" ? cleanText(value) : value);

/** JSON in ASCII only: U+2028 would end the line in ES3, control characters have destroyed whole answers elsewhere. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value, cleaned).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const PROBE = '(typeof $.__premix === "object" && $.__premix) ? String($.__premix.build) : ""';

const parseReply = (text: string, id: string, build: string): Reply => {
  let response: HostResponse;
  try {
    response = JSON.parse(decodeURIComponent(text), cleaned) as HostResponse;
  } catch {
    return { kind: "broken", message: `Premiere answered "${text.slice(0, 80)}" instead of a reply of Premix.` };
  }
  if (response === null || typeof response !== "object" || response.id !== id || response.build !== build) {
    return { kind: "broken", message: "Premiere answered another call, or another version of Premix is loaded in it." };
  }
  const { undo } = response;
  if (response.ok) return { kind: "answer", result: response.result, next: response.next, undo };
  return { kind: "refused", code: response.error.code, message: response.error.message, undo };
};

const TIMED_OUT = Symbol("timed out");

const loadedReply: Reply = { kind: "answer", result: null, next: undefined, undo: undefined };

/**
 * The wire to the host scripts: one call in flight, in order, each with an id. A call that ran out of time keeps the wire
 * occupied until its answer comes after all (which is thrown away): a second evalScript meanwhile wedges Premiere.
 */
export class Bridge {
  private readonly evalScript: EvalScript;
  private readonly scriptText: string;
  private readonly build: string;
  private readonly timeoutMs: number;
  private readonly startTimer: StartTimer;
  private tail: Promise<unknown> = Promise.resolve();
  private outstanding: Promise<unknown> | null = null;
  private lastId = 0;

  constructor(evalScript: EvalScript, scriptText: string, timeoutMs: number, startTimer: StartTimer) {
    this.evalScript = evalScript;
    this.scriptText = scriptText;
    this.build = hostBuildOf(scriptText);
    this.timeoutMs = timeoutMs;
    this.startTimer = startTimer;
  }

  /** Makes sure that this very build of the host scripts is in the engine, which outlives the panel. */
  load(): Promise<Reply> {
    return this.inOrder(async () => {
      const probed = await this.send(PROBE);
      if (typeof probed !== "string") return probed;
      if (probed === this.build) return loadedReply;
      const loaded = await this.send(this.scriptText);
      if (typeof loaded !== "string") return loaded;
      return loaded === this.build
        ? loadedReply
        : { kind: "broken", message: `Premiere could not read the host scripts: "${loaded.slice(0, 80)}".` };
    });
  }

  /** Asks for one operation. */
  call(op: string, args: HostRequest["args"], expect?: Expect): Promise<Reply> {
    return this.inOrder(async () => {
      this.lastId += 1;
      const id = String(this.lastId);
      const encoded = encodeURIComponent(asciiJson({ v: 1, id, op, args, expect }));
      const text = await this.send(`$.__premix.call("${encoded}")`);
      return typeof text === "string" ? parseReply(text, id, this.build) : text;
    });
  }

  private inOrder(job: () => Promise<Reply>): Promise<Reply> {
    const result = this.tail.then(job);
    this.tail = result;
    return result;
  }

  private async send(script: string): Promise<string | Reply> {
    if (this.outstanding && (await this.inTime(this.outstanding)) === TIMED_OUT) {
      return {
        kind: "unsent",
        message: "Premiere is still busy with an earlier call. Close any dialog that it shows, then try again.",
      };
    }
    const raw = this.evalScript(script).catch((error: unknown) => `EvalScript failed: ${String(error)}`);
    const settled = raw.then(() => {
      if (this.outstanding === settled) this.outstanding = null;
    });
    this.outstanding = settled;
    const text = await this.inTime(raw);
    return text === TIMED_OUT
      ? { kind: "unknown", message: `Premiere did not answer within ${this.timeoutMs / 1000} s.` }
      : text;
  }

  private inTime<T>(promise: Promise<T>): Promise<T | typeof TIMED_OUT> {
    return new Promise((resolve) => {
      const stop = this.startTimer(this.timeoutMs, () => resolve(TIMED_OUT));
      void promise.then((value) => {
        stop();
        resolve(value);
      });
    });
  }
}
