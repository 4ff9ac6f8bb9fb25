import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { wave16 } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();
const RATE = 48_000;

const tone = (levelDb: number): Uint8Array => {
  const gain = 10 ** (levelDb / 20) * (32_767 / 32_000);
  const frames = 4 * RATE;
  return wave16(
    Float32Array.from(
      { length: frames * 2 },
      (_, at) => gain * Math.sin((2 * Math.PI * 1000 * Math.floor(at / 2)) / RATE),
    ),
    2,
  );
};

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
};

type Entry = {
  readonly file: string;
  readonly integratedLufs?: number | null;
  readonly error?: { readonly code: string };
};
type Measured = Entry & { readonly ok: boolean; readonly files: readonly Entry[] };

describe("measure", () => {
  test("a stereo tone of -23 dBFS measures -23 LUFS, at the top level too when it is the only file", async () => {
    const path = write("tone.wav", tone(-23));
    const { exitCode, json } = await runJson<Measured>(["measure", path]);
    expect(exitCode).toBe(0);
    expect(json.integratedLufs).toBeCloseTo(-23, 1);
    expect(json.files).toHaveLength(1);
    expect(json.files[0]).toMatchObject({ file: path, sampleRate: RATE, channels: 2, durationSeconds: 4 });
  });

  test("silence measures null, never NaN", async () => {
    const { stdout, json } = await runJson<Measured>([
      "measure",
      write("silence.wav", wave16(new Float32Array(RATE), 1)),
    ]);
    expect(json.integratedLufs).toBeNull();
    expect(stdout).not.toContain("NaN");
  });

  test("files stand in the order of the arguments; a missing one is exit 3, and the others are still measured", async () => {
    const good = write("a.wav", tone(-20));
    const { exitCode, json } = await runJson<Measured>(["measure", "nowhere.wav", good]);
    expect(exitCode).toBe(3);
    expect(json.files.map(({ file }) => file)).toEqual(["nowhere.wav", good]);
    expect(json.files[0]!.error!.code).toBe("missing-media");
    expect(json.files[1]!.integratedLufs).toBeCloseTo(-20, 1);
  });

  test("what is no audio, a folder and a pipe named x.wav are exit 2", async () => {
    const place = folder();
    execFileSync("mkfifo", [join(place, "x.wav")]);
    for (const path of [write("text.wav", "this is no audio at all, only text"), place, join(place, "x.wav")]) {
      const { exitCode, json } = await runJson<Measured>(["measure", path]);
      expect(exitCode, path).toBe(2);
      expect(json.files[0]!.error).toBeDefined();
    }
  });

  test("outside a delivery specification is exit 5, outside advice only a warning", async () => {
    const path = write("loud.wav", tone(-10));
    expect((await runMain(["measure", path, "--target", "ebu-r128"])).exitCode).toBe(5);
    const advice = await runMain(["measure", path, "--target", "podcast-16"]);
    expect(advice.exitCode).toBe(0);
    expect(advice.stderr).toContain("lower the programme");
    expect((await runMain(["measure", write("ok.wav", tone(-23)), "--target", "ebu-r128"])).exitCode).toBe(0);
  });
});
