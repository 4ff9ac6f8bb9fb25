import { parentPort } from "node:worker_threads";
import { serveTracks } from "../track-workers.ts";
import { createNodeFiles } from "./node-files.ts";

/** The thread that renders tracks for a Node process. */
const port = parentPort;
if (!port) throw new TypeError("render-worker runs as a worker thread only");
const files = createNodeFiles();
serveTracks(
  {
    post: (message, transfer = []) => port.postMessage(message, transfer),
    onMessage: (listener) => port.on("message", listener),
  },
  (path) => files.open(path),
);
