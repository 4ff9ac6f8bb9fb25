import type { Reply } from "./bridge.ts";

/**
 * Follows Premiere's undo stack through one job. As long as every operation found the stack as the one before left it, all
 * above the checkpoint is ours and may be undone; once anybody else moved it, or an answer was lost, nothing may.
 */
export class UndoChain {
  private checkpoint: number | null = null;
  private last: number | null = null;
  private whole = true;

  /** What is done from here on is what may be undone. */
  begin(): void {
    this.checkpoint = this.last;
    this.whole = this.last !== null;
  }

  note(reply: Reply): void {
    if (reply.kind !== "answer" && reply.kind !== "refused") {
      this.whole = false;
      return;
    }
    if (!reply.undo) return;
    if (this.last !== null && reply.undo.before !== this.last) this.whole = false;
    this.last = reply.undo.after;
  }

  /** From where to where may be undone now; null = nothing. */
  span(): { readonly toIndex: number; readonly expectIndex: number } | null {
    const { checkpoint, last, whole } = this;
    return whole && checkpoint !== null && last !== null && last > checkpoint
      ? { toIndex: checkpoint, expectIndex: last }
      : null;
  }
}
