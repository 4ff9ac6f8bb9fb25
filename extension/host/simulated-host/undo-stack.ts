type Step = { readonly undo: () => void; readonly redo: () => void };

/** Premiere's undo stack as QE shows it: one entry per edit, no grouping. */
export class UndoStack {
  private readonly steps: Step[] = [];
  private position = 0;

  get index(): number {
    return this.position;
  }

  /** Does the edit and keeps how to take it back; anything undone before is forgotten. */
  perform(redo: () => void, undo: () => void): void {
    redo();
    this.steps.length = this.position;
    this.steps.push({ redo, undo });
    this.position += 1;
  }

  undo(): void {
    const step = this.steps[this.position - 1];
    if (!step) return;
    step.undo();
    this.position -= 1;
  }

  redo(): void {
    const step = this.steps[this.position];
    if (!step) return;
    step.redo();
    this.position += 1;
  }
}
