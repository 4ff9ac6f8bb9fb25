import type { ByteSource } from "../../engine/files.ts";
import { serveTracks, type WorkerPort } from "../../engine/track-workers.ts";

type Listener = (message: unknown) => void;

/** A render worker on the calling thread: the same messages in the same order, without a thread. */
export const startInProcessWorker = (open: (path: string) => Promise<ByteSource>): WorkerPort => {
  const listeners: { worker?: Listener; main?: Listener } = {};
  const later = (to: "worker" | "main") => (message: unknown) => void queueMicrotask(() => listeners[to]?.(message));
  serveTracks(
    {
      post: later("main"),
      onMessage: (listener) => {
        listeners.worker = listener;
      },
    },
    open,
  );
  return {
    post: later("worker"),
    onMessage: (listener) => {
      listeners.main = listener;
    },
    // Failures come as messages here, and nothing runs on when nobody asks.
    onFailure: () => undefined,
    stop: () => undefined,
  };
};
