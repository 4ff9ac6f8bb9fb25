import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { searchScore, wordsOf } from "../../../extension/session/sound-search.ts";
import { floatWave } from "../../support/float-wave.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { sine } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

type Answer = {
  readonly ok: boolean;
  readonly total: number;
  readonly truncated: boolean;
  readonly sounds: readonly {
    readonly path: string;
    readonly name: string;
    readonly seconds: number | null;
    readonly sampleRate: number;
    readonly channels: number;
  }[];
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
};

/** A small library: name -> length in seconds. */
const library = (): string => {
  const place = folder();
  const sounds: Record<string, number> = {
    "doors/DoorSlam_heavy_01.wav": 1.5,
    "doors/DoorSlam_light_02.wav": 0.5,
    "doors/creak long.wav": 6,
    "weather/Rain on tin roof.wav": 30,
    "weather/thunder-distant.wav": 12,
    "Slamball crowd.wav": 20,
  };
  for (const [path, seconds] of Object.entries(sounds)) {
    mkdirSync(join(place, path, ".."), { recursive: true });
    writeFileSync(join(place, path), floatWave(sine(200, -20, seconds * 8_000, 8_000), 1, 8_000));
  }
  writeFileSync(join(place, "notes.txt"), "not a sound");
  writeFileSync(join(place, "broken.wav"), "no sound at all although it is named so");
  writeFileSync(join(place, ".hidden.wav"), "x");
  symlinkSync(place, join(place, "weather", "loop"));
  return place;
};

const sounds = async (argv: readonly string[]) => {
  const { exitCode, json } = await runJson<Answer>(["sounds", ...argv]);
  return { exitCode, json, paths: json.sounds?.map(({ path }) => path) };
};

describe("sounds", () => {
  test("lists every sound of a folder and its sub-folders with length, rate and channels; what is broken is named, and a link in a circle is no second library", async () => {
    const place = library();
    const { exitCode, json } = await sounds([place]);
    expect(exitCode).toBe(0);
    expect(json.sounds.map(({ path }) => path)).toEqual([
      "Slamball crowd.wav",
      "doors/DoorSlam_heavy_01.wav",
      "doors/DoorSlam_light_02.wav",
      "doors/creak long.wav",
      "weather/Rain on tin roof.wav",
      "weather/thunder-distant.wav",
    ]);
    expect(json.sounds[1]).toMatchObject({
      name: "DoorSlam_heavy_01.wav",
      seconds: 1.5,
      sampleRate: 8_000,
      channels: 1,
    });
    expect(json.unreadable[0]!.file).toBe(join(place, "broken.wav"));
    expect(json.unreadable[0]!.message).toMatch(/\.$/);
  });

  test.each([
    [
      ["door", "slam"],
      ["doors/DoorSlam_heavy_01.wav", "doors/DoorSlam_light_02.wav"],
    ],
    [["slam"], ["doors/DoorSlam_heavy_01.wav", "doors/DoorSlam_light_02.wav", "Slamball crowd.wav"]],
    [["thundr"], ["weather/thunder-distant.wav"]],
    [["weather"], ["weather/Rain on tin roof.wav", "weather/thunder-distant.wav"]],
    [["slam", "01"], ["doors/DoorSlam_heavy_01.wav"]],
    [["RAIN", "roof"], ["weather/Rain on tin roof.wav"]],
    [["helicopter"], []],
  ])("%j finds %j, best fit first", async (words, expected) => {
    const { paths, json } = await sounds([library(), ...words]);
    expect(paths).toEqual(expected);
    expect(json.total).toBe(expected.length);
  });

  test("lengths narrow the list", async () => {
    const own = async (argv: readonly string[]) => (await sounds([library(), ...argv])).paths;
    expect(await own(["--max-seconds", "1.5"])).toEqual(["doors/DoorSlam_heavy_01.wav", "doors/DoorSlam_light_02.wav"]);
    expect(await own(["--min-seconds", "12", "--max-seconds", "25"])).toEqual([
      "Slamball crowd.wav",
      "weather/thunder-distant.wav",
    ]);
  });

  test("--limit lists fewer and counts all", async () => {
    const { json } = await sounds([library(), "door", "--limit", "1"]);
    expect(json.sounds).toHaveLength(1);
    expect(json.total).toBe(3);
    const { stdout } = await runMain(["sounds", library(), "slam", "--limit", "1"]);
    expect(stdout).toMatch(/1\.50 s +8000 Hz x 1 +pcm +doors\/DoorSlam_heavy_01\.wav\n/);
    expect(stdout).toContain("1 listed");
  });

  test("a folder that is not there, a file, and a length that is no number are exit 2", async () => {
    const place = library();
    for (const argv of [
      [join(place, "none")],
      [join(place, "Slamball crowd.wav")],
      [place, "--min-seconds", "long"],
      [place, "--limit", "0"],
      [],
    ]) {
      const { exitCode, json } = await sounds(argv);
      expect(exitCode, argv.join(" ")).toBe(2);
      expect(json.errors[0]!.message).toMatch(/\.$/);
    }
  });
});

describe("the words of a name", () => {
  test("camelCase, signs, digits and accents are cut and folded", () => {
    expect(wordsOf("DoorSlam_Heavy-01b.Café")).toEqual(["door", "slam", "heavy", "01", "b", "cafe"]);
  });

  test("short words must be right, long ones may have a slip; names weigh more than folders", () => {
    expect(searchScore(["cat"], ["car"], [])).toBe(0);
    expect(searchScore(["footstps"], ["footsteps"], [])).toBeGreaterThan(0);
    expect(searchScore(["rain"], ["rain"], [])).toBeGreaterThan(searchScore(["rain"], [], ["rain"]));
    expect(searchScore(["rain"], ["rain"], [])).toBeGreaterThan(searchScore(["rain"], ["rainy"], []));
    expect(searchScore([], ["anything"], [])).toBeGreaterThan(0);
  });
});
