import type { StartTimer } from "../bridge.ts";
import type { EvalScript } from "../host.ts";
import type { World } from "./world.ts";

/** A bridge that misbehaves at one call. */
export type Fault = {
  /** From 0, over all evalScript calls. */
  readonly callIndex: number;
  /** throw: "EvalScript error."; timeout: no answer in time, a late one afterwards; die: no answer to this call or any later one. */
  readonly kind: "throw" | "timeout" | "die";
  /** Whether the script ran before the bridge failed. */
  readonly executed?: boolean;
};

/** One evalScript call as it went. */
export type CallRecord = {
  readonly index: number;
  /** Operation of the host protocol; "" for the probe and the script itself. */
  readonly op: string;
  readonly args: string;
  readonly requestCharacters: number;
  replyCharacters: number;
  durationMs: number;
  /** Whether the script really ran. */
  executed: boolean;
};

const EVAL_ERROR = "EvalScript error.";
const CALL = /^\$\.__premix\.call\("([^"]*)"\)$/;

const describe = (script: string): { op: string; args: string } => {
  const encoded = CALL.exec(script)?.[1];
  if (encoded === undefined) return { op: "", args: "" };
  const request = JSON.parse(decodeURIComponent(encoded)) as { op: string; args: unknown };
  return { op: request.op, args: JSON.stringify(request.args) };
};

/** evalScript as Premiere gives it: one call at a time, results as strings, and a clock that only runs when a call hangs. */
export class ScriptEngine {
  readonly log: CallRecord[] = [];
  private readonly world: World;
  private readonly faults: Fault[] = [];
  private readonly timers = new Set<() => void>();
  private readonly beforeCall: (index: number) => void;
  private busy = false;
  private dead = false;

  constructor(world: World, beforeCall: (index: number) => void) {
    this.world = world;
    this.beforeCall = beforeCall;
  }

  injectFault(fault: Fault): void {
    this.faults.push(fault);
  }

  /** As after a restart of Premiere with the project as it was: answers again, the engine has forgotten everything. */
  revive(): void {
    this.dead = false;
    this.busy = false;
    this.world.modalDialog = null;
  }

  /** A timer for the bridge: it fires when, and only when, the call in flight is not going to be answered in time. */
  readonly startTimer: StartTimer = (_ms, fire) => {
    this.timers.add(fire);
    if (this.dead) this.fireTimers();
    return () => this.timers.delete(fire);
  };

  readonly evalScript: EvalScript = async (script) => {
    const index = this.log.length;
    const record: CallRecord = {
      index,
      ...describe(script),
      requestCharacters: script.length,
      replyCharacters: 0,
      durationMs: 0,
      executed: false,
    };
    this.log.push(record);
    if (this.dead || this.busy) return this.hang();
    this.busy = true;
    await nextTurn();
    if (this.dead) return this.hang();
    this.beforeCall(index);
    const fault = this.faults.find(({ callIndex }) => callIndex === index);
    return fault ? this.fail(fault, script, record) : this.answer(this.execute(script, record));
  };

  private async fail(fault: Fault, script: string, record: CallRecord): Promise<string> {
    const executed = fault.executed ?? fault.kind === "timeout";
    const answer = executed ? this.execute(script, record) : EVAL_ERROR;
    if (fault.kind === "die") return this.hang();
    if (fault.kind === "timeout") {
      this.fireTimers();
      await nextTurn();
      await nextTurn();
    }
    return this.answer(fault.kind === "throw" ? EVAL_ERROR : answer);
  }

  private answer(text: string): Promise<string> {
    if (this.world.modalDialog !== null) return this.hang();
    this.busy = false;
    return Promise.resolve(text);
  }

  /** Never answers; a second call while one is out wedges Premiere as well. */
  private hang(): Promise<string> {
    this.dead = true;
    this.fireTimers();
    return new Promise<string>(() => {});
  }

  private fireTimers(): void {
    setImmediate(() => {
      const due = [...this.timers];
      this.timers.clear();
      for (const fire of due) fire();
    });
  }

  private execute(script: string, record: CallRecord): string {
    const started = performance.now();
    const text = this.valueOf(script);
    record.durationMs = performance.now() - started;
    record.replyCharacters = text.length;
    record.executed = true;
    return text;
  }

  private valueOf(script: string): string {
    try {
      return String(this.world.realm.run(script));
    } catch {
      // Premiere tells nothing about an exception or a parse error, not even the line.
      return EVAL_ERROR;
    }
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
