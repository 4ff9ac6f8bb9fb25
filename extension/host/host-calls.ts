import type { HostRequest } from "../../schema/host-protocol.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import type { Bridge, Expect, Reply } from "./bridge.ts";
import { UndoChain } from "./undo-chain.ts";

/** A page of a list and where the next one starts; `next` undefined = the last. */
export type Page<T> = { readonly result: T; readonly next: { readonly from: number } | undefined };

/** How often a read is asked again when its answer was lost; reads change nothing. */
const READ_ATTEMPTS = 3;

const problemOf = (reply: Exclude<Reply, { kind: "answer" }>): Problem => ({
  code: reply.kind === "refused" ? "host" : "host-unknown",
  message: reply.message,
});

/** The failure that a reply stands for. */
export const failureOf = (reply: Exclude<Reply, { kind: "answer" }>): ProblemError =>
  new ProblemError(problemOf(reply));

/** The failure of a job that its user stopped. */
export const cancelled = (what: string): ProblemError =>
  new ProblemError({ code: "cancelled", message: `${what} was cancelled.` });

/** Calls of one job: all in the project and sequence it began with, none after its signal was raised. */
export class HostCalls {
  private readonly bridge: Bridge;
  private readonly what: string;
  private readonly signal: AbortSignal | undefined;
  readonly undoChain: UndoChain;
  /** undefined until the job knows where it works. */
  expect: Expect | undefined;

  constructor(bridge: Bridge, what: string, signal?: AbortSignal, expect?: Expect, undoChain = new UndoChain()) {
    this.bridge = bridge;
    this.what = what;
    this.signal = signal;
    this.expect = expect;
    this.undoChain = undoChain;
  }

  /** The same wire for cleaning up: it cannot be cancelled, and works whichever sequence is in front. */
  forCleaning(): HostCalls {
    const documentId = this.expect?.documentId;
    const expect = documentId === undefined ? undefined : { documentId };
    return new HostCalls(this.bridge, this.what, undefined, expect, this.undoChain);
  }

  /** Loads the host scripts if the engine has not got this build. */
  async load(): Promise<void> {
    const reply = await this.bridge.load();
    if (reply.kind !== "answer") throw failureOf(reply);
  }

  /** One read, asked again when the answer was lost. */
  async read<T>(op: string, args: HostRequest["args"] = {}): Promise<T> {
    return (await this.readPage<T>(op, args)).result;
  }

  async readPage<T>(op: string, args: HostRequest["args"] = {}): Promise<Page<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.send(op, args);
      if (reply.kind === "answer") return { result: reply.result as T, next: reply.next as Page<T>["next"] };
      if (reply.kind === "refused" || reply.kind === "unsent" || attempt === READ_ATTEMPTS) throw failureOf(reply);
      if (reply.kind === "broken") await this.load();
    }
  }

  /** All pages of a list. */
  async readAll<T>(op: string, args: HostRequest["args"], onPage?: (items: number) => void): Promise<T[]> {
    const items: T[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page: Page<readonly T[]> = await this.readPage(op, { ...args, from });
      items.push(...page.result);
      onPage?.(page.result.length);
      from = page.next?.from;
    }
    return items;
  }

  /** One mutation, sent once and never again; the caller finds out by reading when the reply does not tell. */
  async send(op: string, args: HostRequest["args"]): Promise<Reply> {
    if (this.signal?.aborted) throw cancelled(this.what);
    const reply = await this.bridge.call(op, args, this.expect);
    this.undoChain.note(reply);
    return reply;
  }
}
