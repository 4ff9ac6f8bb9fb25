// The engine's own transcendental functions against the platform's, which are good to about one unit in the last place.
import { describe, expect, test } from "vitest";
import { compileAssembly } from "../support/compile-assembly.ts";
import { randomSource } from "../support/signals.ts";

const { exports, memory } = compileAssembly("test/fixtures/assembly/math-arrays.ts");
const EPSILON = 2 ** -52;

const call = (name: string, ...args: number[]): number => {
  const fn = exports[name];
  if (!fn) throw new TypeError(`no ${name}`);
  return fn(...args);
};

/** Worst relative error over random arguments, in units of 2^-52. */
const worstError = (name: string, reference: (x: number) => number, low: number, high: number): number => {
  const random = randomSource(7);
  let worst = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const x = low + (high - low) * random();
    const expected = reference(x);
    worst = Math.max(worst, Math.abs((call(name, x) - expected) / expected) / EPSILON);
  }
  return worst;
};

describe("math", () => {
  test.each([
    { name: "exp2", reference: (x: number) => 2 ** x, low: -1000, high: 1000 },
    { name: "exp", reference: Math.exp, low: -700, high: 700 },
    { name: "log", reference: Math.log, low: 1e-9, high: 4 },
    { name: "log2", reference: Math.log2, low: 1e-9, high: 4 },
    { name: "sin", reference: Math.sin, low: -3.14, high: 3.14 },
    { name: "cos", reference: Math.cos, low: -1.57, high: 1.57 },
    { name: "tan", reference: Math.tan, low: -1.57, high: 1.57 },
  ])("$name stays within 2 units in the last place of the platform's", ({ name, reference, low, high }) => {
    expect(worstError(name, reference, low, high)).toBeLessThanOrEqual(2.5);
  });

  test("large angles keep an absolute error under 1e-15", () => {
    const random = randomSource(3);
    for (let i = 0; i < 5000; i += 1) {
      const x = (random() - 0.5) * 2e5;
      expect(Math.abs(call("sin", x) - Math.sin(x))).toBeLessThan(1e-15);
      expect(Math.abs(call("cos", x) - Math.cos(x))).toBeLessThan(1e-15);
    }
  });

  test("pow is good to 1e-14 where gains and frequencies lie", () => {
    for (const [x, y] of [
      [10, 0.05],
      [2, 0.5],
      [20_000 / 20, 0.37],
      [1e-3, 2.2],
    ] as const)
      expect(call("pow", x, y) / x ** y).toBeCloseTo(1, 13);
  });

  test("edges are exact: powers of two, 0 dB, off, zero, infinity and NaN", () => {
    expect(call("exp2", 10)).toBe(1024);
    expect(call("exp2", -1074)).toBe(0);
    expect(call("exp2", 1024)).toBe(Number.POSITIVE_INFINITY);
    expect(call("log2", 2 ** -20)).toBe(-20);
    expect(call("log", 1)).toBe(0);
    expect(call("log", 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(call("log2", -1)).toBeNaN();
    expect(call("exp", Number.NaN)).toBeNaN();
    expect(call("dbToGain", 0)).toBe(1);
    expect(call("dbToGain", -120)).toBe(0);
    expect(call("gainToDb", 0)).toBe(-120);
    expect(call("gainToDb", 1)).toBe(0);
  });

  test("vectors stay within 2e-6 dB, and a lane never hears its neighbours", () => {
    const lanes = new Float32Array(memory.buffer, 4096, 4);
    const random = randomSource(11);
    for (let i = 0; i < 5000; i += 1) {
      const x = Math.fround(2 ** (random() * 60 - 40));
      lanes.set([x, 1, random(), 1e-9]);
      call("log2Four", 4096);
      const [log = 0, atOne] = lanes;
      expect(Math.abs(log - Math.log2(x)) * 6.02).toBeLessThan(2e-6 * Math.max(1, Math.abs(log)));
      expect(atOne).toBe(0);
      const y = Math.fround(random() * 40 - 30);
      lanes.set([y, 0, y, random()]);
      call("exp2Four", 4096);
      const [power = 0, one, again] = lanes;
      expect(Math.abs(power / 2 ** y - 1) * 8.7).toBeLessThan(2e-6);
      expect(one).toBe(1);
      expect(again).toBe(power);
    }
  });
});
