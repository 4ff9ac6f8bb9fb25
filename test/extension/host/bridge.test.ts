import { describe, expect, test } from "vitest";
import { Bridge, type StartTimer } from "../../../extension/host/bridge.ts";
import { evalScriptOf, findCep } from "../../../extension/host/cep.ts";
import { hostBuildOf } from "../../../extension/host/host-build.ts";
import { hostScriptText } from "../../../extension/host/host-script-text.ts";
import { createPremiereHost } from "../../../extension/host/premiere-host.ts";
import { simulate } from "../../support/simulated-sequence.ts";

const never: StartTimer = () => () => {};
const build = hostBuildOf(hostScriptText);

const bridgeThatHears = (answer: (script: string) => string): Bridge =>
  new Bridge((script) => Promise.resolve(answer(script)), hostScriptText, 45_000, never);

const encode = (value: unknown): string => encodeURIComponent(JSON.stringify(value));

describe("loading the host scripts", () => {
  test("happens once: an engine that has this build is left alone", async () => {
    const sim = simulate();
    await sim.host.connect();
    const calls = sim.log.length;
    await sim.host.connect();
    expect(sim.log.slice(calls).map(({ op, requestCharacters }) => [op, requestCharacters < 200])).toEqual([
      ["", true],
      ["connect", true],
    ]);
  });

  test("replaces another build, which Premiere keeps until it quits", async () => {
    const sim = simulate();
    await sim.evalScript('$.__premix = { build: "old", call: function () { return "old"; } };');
    expect(await sim.host.connect()).toMatchObject({ ok: true, value: { hostBuild: build } });
    expect(await sim.evalScript("$.__premix.build")).toBe(build);
  });

  test("happens again when the engine has forgotten them", async () => {
    const sim = simulate();
    await sim.host.connect();
    await sim.evalScript("$.__premix = undefined;");
    expect((await sim.host.readSequence()).ok).toBe(true);
  });

  test("a read goes on when the engine forgets them in the middle", async () => {
    const sim = simulate();
    const whole = await sim.host.readSequence();
    const at = sim.log.length + 5;
    sim.beforeCall((index) => {
      if (index === at) sim.world.realm.run("$.__premix = undefined;");
    });
    expect(await sim.host.readSequence()).toEqual(whole);
  });

  test("that fails says so", async () => {
    const reply = await bridgeThatHears(() => "EvalScript error.").load();
    expect(reply).toMatchObject({ kind: "broken", message: expect.stringContaining("EvalScript error.") });
  });
});

describe("answers", () => {
  test.each([
    ["EvalScript error.", "EvalScript error."],
    ["a broken escape", "%E0%A4%A"],
    ["something else", "undefined"],
    ["null", "null"],
    ["another id", encode({ v: 1, id: "99", ok: true, result: 1, build })],
    ["another build", encode({ v: 1, id: "1", ok: true, result: 1, build: "0000000000000000" })],
  ])("%s is no answer of ours", async (_name, text) => {
    expect((await bridgeThatHears(() => text).call("connect", {})).kind).toBe("broken");
  });

  test("a refusal carries the host's code and sentence", async () => {
    const refusal = { v: 1, id: "1", ok: false, error: { code: "X", message: "No.", op: "connect" }, build };
    const reply = await bridgeThatHears(() => encode(refusal)).call("connect", {});
    expect(reply).toMatchObject({ kind: "refused", code: "X", message: "No." });
  });

  test("an evalScript that rejects is no answer either", async () => {
    const bridge = new Bridge(() => Promise.reject(new Error("gone")), hostScriptText, 45_000, never);
    expect((await bridge.call("connect", {})).kind).toBe("broken");
  });
});

describe("the order of calls", () => {
  test("jobs started together share the wire one call at a time", async () => {
    const sim = simulate();
    const [first, second, info] = await Promise.all([
      sim.host.readSequence(),
      sim.host.readSequence(),
      sim.host.connect(),
    ]);
    expect(first.ok && second.ok && info.ok).toBe(true);
    expect(second).toEqual(first);
  });

  test("a call that ran out of time blocks the wire until its answer comes, and that answer is thrown away", async () => {
    const fires: (() => void)[] = [];
    const answers: ((text: string) => void)[] = [];
    const startTimer: StartTimer = (_ms, fire) => {
      fires.push(fire);
      return () => fires.splice(fires.indexOf(fire), 1);
    };
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const bridge = new Bridge(
      () => new Promise((resolve) => answers.push(resolve)),
      hostScriptText,
      45_000,
      startTimer,
    );
    const lost = bridge.call("place.import", {});
    await turn();
    fires[0]?.();
    expect(await lost).toMatchObject({ kind: "unknown", message: "Premiere did not answer within 45 s." });
    const blocked = bridge.call("connect", {});
    await turn();
    expect(answers).toHaveLength(1);
    fires.at(-1)?.();
    expect((await blocked).kind).toBe("unsent");
    const free = bridge.call("connect", {});
    await turn();
    answers[0]?.(encode({ v: 1, id: "1", ok: true, result: "late", build }));
    await turn();
    expect(answers).toHaveLength(2);
    answers[1]?.(encode({ v: 1, id: "3", ok: true, result: "mine", build }));
    expect(await free).toMatchObject({ kind: "answer", result: "mine" });
  });
});

describe("a programmer's mistake", () => {
  test("is not dressed up as a problem of the host", async () => {
    const host = createPremiereHost(simulate().evalScript, hostScriptText, {
      startTimer: () => {
        throw new RangeError("bug");
      },
    });
    await expect(host.connect()).rejects.toThrow(RangeError);
  });
});

describe("CEP", () => {
  test("evalScript becomes a promise of a string", async () => {
    const heard: string[] = [];
    const cep = {
      evalScript: (script: string, callback: (result: string) => void) => {
        heard.push(script);
        setImmediate(() => callback("answer"));
      },
    };
    globalThis.__adobe_cep__ = cep as unknown as NonNullable<typeof globalThis.__adobe_cep__>;
    const found = findCep();
    globalThis.__adobe_cep__ = undefined;
    if (!found) throw new Error("CEP was not found.");
    expect(await evalScriptOf(found)("1 + 1")).toBe("answer");
    expect(heard).toEqual(["1 + 1"]);
    expect(findCep()).toBeNull();
  });
});
