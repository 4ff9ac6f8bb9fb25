import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { floatWave } from "../../support/float-wave.ts";
import { rmsDb } from "../../support/measure-signal.ts";
import { runJson } from "../../support/run-main.ts";
import { noise } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { parseWave } from "../../support/wave-file.ts";

const folder = temporaryFolders();

type Answer = {
  readonly ok: boolean;
  readonly bands: readonly { readonly kind: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
};

/** Noise whose highs a one-pole low-pass has taken. */
const dull = (signal: Float32Array): Float32Array => {
  let last = 0;
  return signal.map((value) => {
    last += 0.25 * (value - last);
    return last;
  });
};

/** Level of what changes fast against the whole, in dB. */
const brightness = (signal: Float32Array): number =>
  rmsDb(signal.map((value, i) => value - (signal[i - 1] ?? 0))) - rmsDb(signal);

test("what comes out of the chain has the spectrum of the reference", async () => {
  const at = folder();
  const path = (name: string) => join(at, name);
  const reference = noise(-12, 240_000, 2);
  const source = dull(noise(-12, 240_000));
  writeFileSync(path("reference.wav"), floatWave(reference, 1));
  writeFileSync(path("in.wav"), floatWave(source, 1));
  const argv = ["match-eq", path("in.wav"), "--reference", path("reference.wav"), "-o", path("chain.json")];
  const { exitCode, json } = await runJson<Answer>(argv);
  expect(exitCode).toBe(0);
  expect(json.bands.length).toBeGreaterThan(4);
  await runJson(["process", path("in.wav"), "--chain", path("chain.json"), "-o", path("out.wav")]);
  const out = new Float32Array(new Uint8Array(parseWave(readFileSync(path("out.wav"))).data).buffer);
  const missed = brightness(reference) - brightness(source);
  expect(missed).toBeGreaterThan(5);
  expect(Math.abs(brightness(reference) - brightness(out))).toBeLessThan(0.3 * missed);
});

test("a silent reference and a missing one are told, and nothing is written", async () => {
  const at = folder();
  const [input, silent] = [join(at, "in.wav"), join(at, "silent.wav")];
  writeFileSync(input, floatWave(noise(-12, 48_000), 1));
  writeFileSync(silent, floatWave(new Float32Array(48_000), 1));
  const quiet = await runJson<Answer>(["match-eq", input, "--reference", silent, "-o", join(at, "c.json")]);
  expect(quiet.exitCode).toBe(2);
  expect(quiet.json.errors[0]!.message).toContain("silent.wav");
  const none = await runJson<Answer>(["match-eq", input, "-o", join(at, "c.json")]);
  expect(none.exitCode).toBe(2);
  expect(() => readFileSync(join(at, "c.json"))).toThrow();
});
