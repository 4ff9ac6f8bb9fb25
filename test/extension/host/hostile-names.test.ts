import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { asciiJson, cleanText } from "../../../extension/host/bridge.ts";
import { clip, placeRequest, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const seeds = [
  '"); app.quit(); ("',
  "'); app.quit(); ('",
  '\\"); app.quit(); //',
  '"+app.quit()+"',
  "$" + "{app.quit()}",
  "`; app.quit(); `",
  "%22);app.quit();(%22",
  "%2e%2e%2f",
  "%",
  "\u2028app.quit()\u2029",
  "\u0000",
  "\u0001\u0002\u001b",
  "line\r\nfeed\ttab",
  "</script><script>app.quit()</script>",
  "<xml>{app.quit()}</xml>",
  "{app.quit()}",
  '{"__proto__":{"x":1}}',
  "__proto__",
  "constructor",
  "C:\\new\\table\\u0041",
  "\\\\server\\share",
  "//host/share",
  "--flag",
  "Ton für Straße",
  "音声トラック",
  "e\u0301 é",
  "\u202Egnp.exe",
  "\u200f\u200e\ufeff",
  "👩‍👩‍👧‍👦 family",
  "\u007f\u0080\u009f\u00ad",
  "CON",
  "a".repeat(255),
  "name. ",
  " ",
  "",
  "undefined",
  "EvalScript error.",
  "[premix op-1 t0:1 m2]",
  "*/ app.quit(); /*",
  "\uffff\ufffe",
];

const wrap = (seed: string, more: string, at: number): string => {
  if (at % 3 === 0) return `${seed}${more}${at}`;
  return at % 3 === 1 ? `${more} ${seed} ${at}` : `'${seed}'${at}"`;
};

/** 300 names: every seed alone, then wrapped in another or in quotes. */
const names = Array.from({ length: 300 }, (_, at) => {
  const seed = seeds[at % seeds.length] as string;
  return at < seeds.length ? seed : wrap(seed, seeds[(at * 7 + 3) % seeds.length] as string, at);
});

describe("300 hostile names", () => {
  test("are all different from each other", () => {
    expect(new Set(names).size).toBe(300);
  });

  test("of clips, media, tracks, effects and the sequence arrive as they are, and none of them runs", async () => {
    const clips = names.map((name, at) =>
      clip(at, { name, mediaPath: `/media/${name}`, mediaName: name, effects: [name] }),
    );
    const tracks = [track("A", clips), ...names.slice(0, 60).map((name) => track(`${name}.`, []))];
    const sim = simulate({ timelines: [timeline(names[0] as string, tracks)] });
    const read = await sim.host.readSequence();
    if (!read.ok) throw new Error(read.problems[0]?.message);
    expect(read.value.sequence.name).toBe(names[0]);
    const [first, ...others] = read.value.tracks;
    expect(first?.clips.map(({ name }) => name)).toEqual(names);
    expect(first?.clips.map(({ mediaPath }) => mediaPath)).toEqual(names.map((name) => `/media/${name}`));
    expect(first?.clips.map(({ effects }) => effects)).toEqual(names.map((name) => [name]));
    expect(others.map(({ name }) => name)).toEqual(names.slice(0, 60).map((name) => `${name}.`));
    expect(sim.quits()).toBe(0);
  });

  test("of stems, files and bins are placed, read back and removed, and none of them runs", async () => {
    for (let at = 0; at < 300; at += 30) {
      const sim = simulate();
      const before = sim.dump();
      const stems = names.slice(at, at + 30).map((name, index) => ({
        trackName: name === "" ? "." : name,
        file: `/stems/${index} ${name}.wav`,
        channelType: 1 as const,
        durationTicks: placeRequest().stems[0]?.durationTicks as string,
      }));
      const placed = await sim.host.placeStems(placeRequest({ stems, binName: names[at] as string }));
      if (!placed.ok) throw new Error(placed.problems[0]?.message);
      expect(placed.value.placed.map(({ trackName }) => trackName)).toEqual(stems.map(({ trackName }) => trackName));
      expect(
        sim
          .dump()
          .items.at(-1)
          ?.children.map(({ mediaPath }) => mediaPath),
      ).toEqual(stems.map(({ file }) => file));
      expect((await sim.host.removePlaced("op-1")).ok).toBe(true);
      expect(sim.dump()).toEqual(before);
      expect(sim.quits()).toBe(0);
    }
  });

  test("the trip-wire itself works", async () => {
    const sim = simulate();
    await sim.evalScript("app.quit()");
    expect(sim.quits()).toBe(1);
  });

  test("lone surrogates, which no UTF-8 can carry, become U+FFFD on both ways", async () => {
    expect(cleanText("a\ud800b\udc00c\ud83d\ude00")).toBe("a\ufffdb\ufffdc\ud83d\ude00");
    const sim = simulate({ timelines: [timeline("S", [track("A", [clip(0, { name: "x\ud800y" })])])] });
    const read = await sim.host.readSequence();
    expect(read.ok && read.value.tracks[0]?.clips[0]?.name).toBe("x\ufffdy");
    const stems = placeRequest()
      .stems.slice(0, 1)
      .map((stem) => ({ ...stem, trackName: "D\udfffX" }));
    const placed = await sim.host.placeStems(placeRequest({ stems, muteTrackIndices: [] }));
    expect(placed.ok && placed.value.placed[0]?.trackName).toBe("D\ufffdX");
  });
});

describe("what crosses the wire", () => {
  test("is one constant call with one percent-encoded ASCII argument, whatever the names", async () => {
    const scripts: string[] = [];
    const sim = simulate({
      timelines: [
        timeline(
          "S",
          names.slice(0, 50).map((name) => track(name, [])),
        ),
      ],
    });
    const { createPremiereHost } = await import("../../../extension/host/premiere-host.ts");
    const { hostScriptText } = await import("../../../extension/host/host-script-text.ts");
    const host = createPremiereHost((script) => {
      scripts.push(script);
      return sim.evalScript(script);
    }, hostScriptText);
    await host.placeStems(placeRequest({ binName: names.join("") }));
    const calls = scripts.filter((script) => script !== hostScriptText && !script.startsWith("(typeof"));
    expect(calls.length).toBeGreaterThan(20);
    for (const call of calls) expect(call).toMatch(/^\$\.__premix\.call\("[A-Za-z0-9%\-_.!~*'()]*"\)$/);
  });

  test("is ASCII before it is encoded", () => {
    expect(asciiJson(names)).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(asciiJson(names))).toEqual(names);
  });

  test("is written in one module: everybody else only hands on a script that they were given", () => {
    const folder = fileURLToPath(new URL("../../../extension/", import.meta.url));
    const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => [path, readFileSync(`${folder}${path}`, "utf8")] as const);
    const writers = texts.filter(([, text]) => /"[^"\n]*\$\.__premix|`\$\.__premix|'[^'\n]*\$\.__premix/.test(text));
    expect(writers.map(([path]) => path)).toEqual(["host/bridge.ts"]);
    const evaluated = texts.flatMap(([path, text]) =>
      [...text.matchAll(/\bevalScript\(([^:,)]*)[,)]/g)].map(([, script]) => `${path}: ${script}`),
    );
    expect(evaluated.length).toBeGreaterThan(1);
    expect(evaluated.filter((call) => !call.endsWith(": script"))).toEqual([]);
  });
});
