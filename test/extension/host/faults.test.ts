import { describe, expect, test } from "vitest";
import type { HostDump } from "../../../extension/host/simulated-host/dump.ts";
import type { Fault } from "../../../extension/host/simulated-host/script-engine.ts";
import type { SimulatedHost } from "../../../extension/host/simulated-host.ts";
import { placeRequest, simulate } from "../../support/simulated-sequence.ts";

const MUTATIONS = /^place\.(import|addTrack|nameTrack|overwrite|setLevel|mute|unmute|undo|removeTrack|removeBin)$/;

/** The same project whatever running numbers Premiere gave to tracks. */
const withoutIds = (dump: HostDump): unknown => ({
  ...dump,
  items: dump.items.map((item) => ({ ...item, name: item.name.replace(/ \[premix.*\]$/, "") })),
  sequences: dump.sequences.map((sequence) => ({
    ...sequence,
    tracks: sequence.tracks.map(({ id: _id, ...track }) => track),
  })),
});

/** The editor's own four tracks. */
const originalsOf = (dump: HostDump): unknown => dump.sequences[0]?.tracks.slice(0, 4);

/** Edits that ran twice with the same arguments. */
const doubled = (sim: SimulatedHost): string[] => {
  const ran = sim.log
    .filter(({ op, executed }) => executed && MUTATIONS.test(op))
    .map(({ op, args }) => `${op} ${args}`);
  return ran.filter((call, at) => ran.indexOf(call) !== at);
};

const request = placeRequest({ stems: placeRequest().stems.slice(0, 2) });

const placedDump = async (): Promise<HostDump> => {
  const sim = simulate();
  await sim.host.readSequence();
  await sim.host.placeStems(request);
  return sim.dump();
};

const faults: readonly Omit<Fault, "callIndex">[] = [
  { kind: "throw", executed: false },
  { kind: "throw", executed: true },
  { kind: "timeout", executed: false },
  { kind: "timeout", executed: true },
  { kind: "die", executed: false },
  { kind: "die", executed: true },
];

describe("a fault of the bridge at every call of a placement", () => {
  test.each(faults)("$kind, executed: $executed", async (fault) => {
    const complete = await placedDump();
    let survived = 0;
    let failed = 0;
    for (let at = 0; ; at += 1) {
      const sim = simulate();
      const before = sim.dump();
      await sim.host.readSequence();
      const callIndex = sim.log.length + at;
      sim.injectFault({ ...fault, callIndex });
      const result = await sim.host.placeStems(request);
      if (sim.log.length <= callIndex) break;
      expect(doubled(sim)).toEqual([]);
      if (result.ok) {
        survived += 1;
        expect(sim.dump()).toEqual(complete);
      } else {
        failed += 1;
        expect(result.problems.map(({ code }) => code)).toContain("host-unknown");
        if (fault.kind !== "die") expect(sim.dump()).toEqual(before);
        const muted = sim.log.some(({ op, executed }) => op === "place.mute" && executed);
        expect(originalsOf(sim.dump())).toEqual(originalsOf(muted ? complete : before));
      }
      const again = await sim.restart().placeStems(request);
      expect(again.ok).toBe(true);
      expect(withoutIds(sim.dump())).toEqual(withoutIds(complete));
    }
    expect(survived + failed).toBeGreaterThanOrEqual(25);
    expect(survived).toBeGreaterThanOrEqual(fault.kind === "die" ? 0 : 15);
  });
});

describe("a fault of the bridge at every call of a removal", () => {
  test.each(faults)("$kind, executed: $executed", async (fault) => {
    for (let at = 0; ; at += 1) {
      const sim = simulate();
      const before = sim.dump();
      await sim.host.placeStems(request);
      const callIndex = sim.log.length + at;
      sim.injectFault({ ...fault, callIndex });
      await sim.host.removePlaced("op-1");
      if (sim.log.length <= callIndex) return;
      expect((await sim.restart().removePlaced("op-1")).ok).toBe(true);
      expect(sim.dump()).toEqual(before);
    }
  });
});

describe("a host that does not answer", () => {
  test("is told from one that refused, and the message says what to do", async () => {
    const sim = simulate();
    await sim.host.connect();
    sim.injectFault({ callIndex: sim.log.length + 14, kind: "die", executed: true });
    const result = await sim.host.placeStems(placeRequest());
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems.every(({ code }) => code === "host-unknown")).toBe(true);
    expect(result.problems.map(({ message }) => message).join(" ")).toMatch(
      /did not answer within 45 s.*Close any dialog.*place or remove operation op-1/s,
    );
  });

  test("gets no second call while one is out", async () => {
    const sim = simulate();
    await sim.host.connect();
    sim.injectFault({ callIndex: sim.log.length, kind: "die" });
    const calls = sim.log.length;
    await sim.host.readSequence();
    await sim.host.connect();
    expect(sim.log.length).toBe(calls + 1);
  });

  test("a read whose answer came late is asked again and its late answer thrown away", async () => {
    const sim = simulate();
    const whole = await sim.host.readSequence();
    sim.injectFault({ callIndex: sim.log.length + 4, kind: "timeout" });
    expect(await sim.host.readSequence()).toEqual(whole);
  });

  test("three answers lost in a row end a read", async () => {
    const sim = simulate();
    await sim.host.connect();
    for (let at = 1; at <= 3; at += 1) sim.injectFault({ callIndex: sim.log.length + at, kind: "timeout" });
    const result = await sim.host.readSequence();
    expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(["host-unknown"]);
  });
});
