import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWaveFacts } from "../../../extension/host/simulated-host/wave-length.ts";
import { createSimulatedHost } from "../../../extension/host/simulated-host.ts";
import { clip, placeRequest, scene, seconds, simulate, timeline, track } from "../../support/simulated-sequence.ts";

/** Runs scripts one after another on one simulated Premiere and gives the last result. */
const evaluate = async (scripts: readonly string[], options: Parameters<typeof simulate>[0] = {}): Promise<string> => {
  const sim = simulate(options);
  let last = "";
  for (const script of scripts) last = await sim.evalScript(script);
  return last;
};

const start = "var p = app.project, s = p.activeSequence, t = s.audioTracks[0], c = t.clips[0];";
const qe = "app.enableQE(); var q = qe.project.getActiveSequence();";
const item = "p.rootItem.children[1]";

describe("evalScript", () => {
  test.each([
    ["undefined", "undefined"],
    ["null", "null"],
    ["1 + 1", "2"],
    ["({})", "[object Object]"],
    ["throw new Error('x')", "EvalScript error."],
    ["var = 1", "EvalScript error."],
    ["JSON.stringify({})", "EvalScript error."],
    ["[1].map(function (x) { return x; })", "EvalScript error."],
  ])("%s gives %s", async (script, result) => {
    expect(await evaluate([script])).toBe(result);
  });

  test("keeps globals from call to call, as the engine shared by all panels does", async () => {
    expect(await evaluate(["var kept = 41;", "kept + 1"])).toBe("42");
  });

  test("a second call while one is out wedges it for good", async () => {
    const sim = simulate();
    void sim.evalScript("1");
    const second = Promise.race([sim.evalScript("2"), new Promise((resolve) => setTimeout(resolve, 20, "silence"))]);
    expect(await second).toBe("silence");
  });
});

describe("the object model as observed in Premiere", () => {
  test.each<[string, readonly string[], string]>([
    ["ticks are strings", [start, "typeof c.end.ticks + c.end.ticks"], `string${seconds(2)}`],
    ["a property gives a copy of a Time", [start, "c.start.seconds = 9; c.start.seconds"], "0"],
    [
      "a whole Time can be assigned",
      [start, "var n = new Time(); n.seconds = 1.5; c.start = n; c.start.seconds"],
      "1.5",
    ],
    [
      "In and Out that are not set",
      [start, "typeof s.getInPoint() + s.getInPoint() + s.getOutPoint()"],
      "string-400000-400000",
    ],
    [
      "counts under Premiere's names",
      [start, "[p.sequences.numSequences, s.audioTracks.numTracks, t.clips.numItems, t.clips.length]"],
      "2,4,3,3",
    ],
    ["nothing beyond the end of a list", [start, "String(t.clips[3]) + s.audioTracks[-1]"], "undefinedundefined"],
    ["mono has Volume alone", [start, "c.components.numItems + c.components[0].matchName"], "1Internal Volume Mono"],
    [
      "stereo has Channel Volume with 33 parameters",
      [start, "s.audioTracks[3].clips[0].components[1].properties.numItems"],
      "33",
    ],
    ["no Panner", [start, "s.audioTracks[3].clips[0].components.numItems"], "2"],
    ["0 dB is 0.17782794", [start, "c.components[0].properties[1].getValue().toFixed(8)"], "0.17782794"],
    [
      "a dB value written raw clamps to +15 dB",
      [start, "var l = c.components[0].properties[1]; l.setValue(7, true); l.getValue()"],
      "1",
    ],
    [
      "a negative one clamps to silence",
      [start, "var l = c.components[0].properties[1]; l.setValue(-11, true); l.getValue()"],
      "0",
    ],
    ["no keys while it stands still", [start, "String(c.components[0].properties[1].getKeys())"], "undefined"],
    ["unnamed tracks have running names", [start, "t.name"], "Audio 1"],
    [
      "off-grid placement goes up to a frame",
      [
        start,
        `s.audioTracks[2].setLocked(0); s.audioTracks[2].overwriteClip(${item}, 6.5); s.audioTracks[2].clips[1].start.seconds`,
      ],
      "6.52",
    ],
    [
      "overwriteClip is true even on a locked track",
      [start, `String(s.audioTracks[2].overwriteClip(${item}, 0)) + s.audioTracks[2].clips.numItems`],
      "true1",
    ],
    ["overwriting trims what is there", [start, `t.overwriteClip(${item}, 1); t.clips[0].end.seconds`], "1"],
    ["too few arguments", [start, "try { t.overwriteClip(); } catch (e) { e.message; }"], "Not Enough Parameters"],
    [
      "a wrong argument",
      [start, "try { t.overwriteClip('x', 0); } catch (e) { e.message; }"],
      "Illegal Parameter type",
    ],
    ["errors are the engine's own", [start, "try { t.overwriteClip(); } catch (e) { e instanceof Error; }"], "true"],
    [
      "arrays are the engine's own",
      [start, "var l = c.components[0].properties[1]; l.setTimeVarying(true); typeof l.getKeys().map"],
      "undefined",
    ],
    ["deleteBin on a clip is a silent no-op", [start, `${item}.deleteBin(); p.rootItem.children.numItems`], "7"],
    ["the root item is a root", [start, "p.rootItem.type === ProjectItemType.ROOT"], "true"],
    ["tree paths", [start, "p.rootItem.createBin('B').createBin('C').treePath"], "\\Scene.prproj\\B\\C"],
    ["there is no QE before it is asked for", ["typeof qe"], "undefined"],
    [
      "addTracks without arguments inserts at 0",
      [start, qe, "q.addTracks(); s.audioTracks[0].clips.numItems + s.audioTracks[1].name"],
      "0Audio 2",
    ],
    [
      "QE appends where it is told",
      [start, qe, "q.addTracks(0, 0, 1, 2, 4, 0, 0, 0); s.audioTracks[4].name"],
      "Audio 5",
    ],
    [
      "removeEmptyAudioTracks",
      [start, qe, "q.addTracks(0, 0, 2, 1, 4, 0, 0, 0); q.removeEmptyAudioTracks(); q.numAudioTracks"],
      "4",
    ],
    [
      "QE mutes and locks",
      [start, qe, "var qt = q.getAudioTrackAt(0); qt.setMute(true); qt.setLock(true); [t.isMuted(), t.isLocked()]"],
      "true,true",
    ],
    ["QE names", [start, qe, "q.getAudioTrackAt(0).setName('X'); t.name"], "X"],
    [
      "undo and redo",
      [
        start,
        qe,
        "c.remove(false, false); qe.project.undo(); var n = t.clips.numItems; qe.project.redo(); [n, t.clips.numItems, qe.project.undoStackIndex()]",
      ],
      "3,2,1",
    ],
    [
      "mutes and names leave no undo step",
      [start, qe, "t.setMute(1); q.getAudioTrackAt(0).setName('X'); qe.project.undoStackIndex()"],
      "0",
    ],
    ["removing does not ripple", [start, "c.remove(true, true); t.clips[0].start.seconds"], "4"],
    ["openSequence activates", [start, "p.openSequence('sequence-Other'); p.activeSequence.name"], "Other"],
    [
      "an unknown sequence is not opened",
      [start, "String(p.openSequence('nope')) + p.activeSequence.name"],
      "falseScene",
    ],
    [
      "transitions are track items",
      [start, "var x = s.audioTracks[3].transitions[0]; [x.name, x.start.seconds, x.end.seconds]"],
      "Constant Power,3,5",
    ],
    [
      "File with and without new",
      ["[new File('/a/b c.wav').fsName, File('/a/b c.wav').name, typeof File.fs]"],
      "/a/b c.wav,b%20c.wav,string",
    ],
  ])("%s", async (_name, scripts, result) => {
    expect(await evaluate(scripts)).toBe(result);
  });

  test("keys live in media time, and some builds take them only as Time", async () => {
    const timelines = [
      timeline("S", [
        track("A", [
          clip(0, {
            volumeKeys: [
              { mediaTicks: seconds(1), levelDb: 0 },
              { mediaTicks: seconds(3), levelDb: 15 },
            ],
          }),
        ]),
      ]),
    ];
    const level = `${start} var l = c.components[0].properties[1]; var k = l.getKeys();`;
    expect(await evaluate([level, "[k.length, k[1].seconds, l.getValueAtKey(k[1])]"], { timelines })).toBe("2,3,1");
    expect(await evaluate([level, "l.getValueAtKey(3)"], { timelines })).toBe("1");
    expect(await evaluate([level, "l.getValueAtTime(2).toFixed(4)"], { timelines })).toBe("0.5889");
    expect(await evaluate([level, "l.getValueAtKey(3)"], { timelines, profile: "26.3" })).toBe("EvalScript error.");
    expect(
      await evaluate([level, "l.addKey(2); l.removeKey(1); l.getKeys().length + String(l.keyExistsAtTime(2))"], {
        timelines,
      }),
    ).toBe("2true");
    expect(await evaluate([level, "l.setValueAtKey(3, 5, true); l.getValueAtKey(3)"], { timelines })).toBe("1");
  });

  test("importing a file that is not there opens a dialog, and no script ever answers again", async () => {
    const sim = simulate({ fileExists: () => false });
    const answer = sim.evalScript("app.project.importFiles(['/gone.wav'], true, app.project.rootItem, false)");
    expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 20, "silence"))])).toBe("silence");
    expect(sim.world.modalDialog).toBe("File not found: /gone.wav");
  });

  test("deleting a bin takes its clips out of every sequence, and undo brings all back", async () => {
    const sim = simulate();
    await sim.host.placeStems(placeRequest());
    const placed = sim.dump();
    const bin = placed.items.length - 1;
    await sim.evalScript(`app.enableQE(); app.project.rootItem.children[${bin}].deleteBin();`);
    expect(
      sim
        .dump()
        .sequences[0]?.tracks.slice(4)
        .map(({ clips }) => clips.length),
    ).toEqual([0, 0, 0, 0, 0]);
    await sim.evalScript("qe.project.undo();");
    expect(sim.dump()).toEqual(placed);
  });

  test("the same project path is the same document, another one is not", async () => {
    const idOf = (projectPath: string) => evaluate(["app.project.documentID"], { projectPath });
    expect(await idOf("/a.prproj")).toBe(await idOf("/a.prproj"));
    expect(await idOf("/a.prproj")).not.toBe(await idOf("/b.prproj"));
  });
});

describe("the length of an imported WAV", () => {
  const folder = mkdtempSync(join(tmpdir(), "wave-length-"));
  const chunk = (id: string, body: Buffer, size = body.length): Buffer => {
    const head = Buffer.alloc(8);
    head.write(id, "latin1");
    head.writeUInt32LE(size, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const format = (channels: number, sampleRate: number): Buffer => {
    const body = Buffer.alloc(16);
    body.writeUInt16LE(3, 0);
    body.writeUInt16LE(channels, 2);
    body.writeUInt32LE(sampleRate, 4);
    body.writeUInt32LE(sampleRate * channels * 4, 8);
    body.writeUInt16LE(channels * 4, 12);
    body.writeUInt16LE(32, 14);
    return chunk("fmt ", body);
  };
  const write = (name: string, magic: string, ...chunks: Buffer[]): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat([Buffer.from(`${magic}\0\0\0\0WAVE`, "latin1"), ...chunks]));
    return path;
  };

  test("is read from RIFF behind odd chunks", () => {
    const path = write(
      "odd.wav",
      "RIFF",
      chunk("LIST", Buffer.alloc(7)),
      format(2, 48_000),
      chunk("data", Buffer.alloc(800)),
    );
    expect(readWaveFacts(path)).toEqual({ durationTicks: 100n * 5_292_000n, channels: 2 });
  });

  test("is read from RF64 beyond 4 GiB", () => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(8_000_000_000n, 8);
    const path = write(
      "long.wav",
      "RF64",
      chunk("ds64", ds64),
      format(2, 48_000),
      chunk("data", Buffer.alloc(8), 0xffffffff),
    );
    expect(readWaveFacts(path)).toEqual({ durationTicks: 1_000_000_000n * 5_292_000n, channels: 2 });
  });

  test.each([
    ["text", "TEXT"],
    ["no data", "RIFF"],
  ])("a file that is no WAV is not imported: %s", async (name, magic) => {
    const path = write(`${name}.wav`, magic, format(2, 48_000));
    expect(readWaveFacts(path)).toBeNull();
    const sim = createSimulatedHost({ timelines: [scene()], projectPath: "/p.prproj" });
    const before = sim.dump();
    const stems = [{ trackName: "DX", file: path, channelType: 1 as const, durationTicks: seconds(1) }];
    const result = await sim.host.placeStems(placeRequest({ stems }));
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(/did not import/);
    expect(sim.dump()).toEqual(before);
  });

  test("a real file on the disk is placed at its real length, and another length than told is refused", async () => {
    const path = write("stem.wav", "RIFF", format(2, 48_000), chunk("data", Buffer.alloc(48_000 * 8)));
    const stem = { trackName: "DX", file: path, channelType: 1 as const };
    const request = (durationTicks: string) => placeRequest({ stems: [{ ...stem, durationTicks }] });
    const sim = createSimulatedHost({ timelines: [scene()], projectPath: "/p.prproj" });
    const before = sim.dump();
    const wrong = await sim.host.placeStems(request(seconds(2)));
    expect(wrong.ok ? "" : wrong.problems[0]?.message).toMatch(/ends at tick 254016000000, not 508032000000/);
    expect(sim.dump()).toEqual(before);
    expect((await sim.host.placeStems(request(seconds(1)))).ok).toBe(true);
  });
});
