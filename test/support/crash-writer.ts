// A process that writes stems and documents until it dies. Arguments: what, folder, call at which it kills itself (0 = never).
import fs from "node:fs";
import path from "node:path";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import { createWaveWriter } from "../../engine/wave-writer.ts";

const [what = "", folder = "", killAt = "0"] = process.argv.slice(2);
const CHUNKS = 6;
const CHUNK_BYTES = 48_000;

let armed = false;
let calls = 0;

/** node:fs that dies at the chosen call: before it, or in the middle of a write. */
const mortal = new Proxy(fs, {
  get: (target, name) => {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== "function") return member;
    return (...args: unknown[]) => {
      if (armed) calls += 1;
      if (armed && calls === Number(killAt)) {
        if (name === "writeSync") fs.writeSync(args[0] as number, (args[1] as Uint8Array).subarray(0, 1000));
        process.kill(process.pid, "SIGKILL");
      }
      return Reflect.apply(member, target, args);
    };
  },
});

const files = createNodeFiles({ system: mortal });

/** A stem whose every byte is its version. */
const writeStem = async (version: number): Promise<void> => {
  const writer = await createWaveWriter(files, path.join(folder, "DX.wav"), {
    sampleRate: 48_000,
    channels: 2,
    bitDepth: 24,
    totalFrames: (CHUNKS * CHUNK_BYTES) / 6,
    timeReferenceFrames: 0n,
    description: `version ${version}`,
    originator: "Premix",
  });
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) await writer.write(new Uint8Array(CHUNK_BYTES).fill(version));
  await writer.finish();
};

const documentOf = (version: number): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ version, clips: Array.from({ length: 20_000 }, () => version) }));

const tasks: Readonly<Record<string, (version: number) => unknown>> = {
  stem: writeStem,
  document: (version) => files.writeAtomic(path.join(folder, "episode.mix.json"), documentOf(version)),
  // What the harness must catch: a file written straight under its final name.
  careless: (version) => {
    const descriptor = mortal.openSync(path.join(folder, "episode.mix.json"), "w");
    mortal.writeSync(descriptor, documentOf(version), 0);
    mortal.closeSync(descriptor);
  },
};

const task = tasks[what];
if (task === undefined) throw new TypeError(`there is no task ${what}`);
for (let version = 1; version < 250; version += 1) {
  await task(version);
  // The first version is there: from now on the process may be killed, and its calls count.
  if (version === 1) process.stdout.write("ready\n");
  armed = true;
  if (Number(killAt) > 0 && version === 2) break;
}
