import { describe, expect, test } from "vitest";
import { progressWriter } from "../../../extension/cli/progress.ts";

const watch = (form: "json" | "text", isTerminal: boolean) => {
  let at = 0;
  const written: string[] = [];
  const { onProgress, end } = progressWriter({ err: (text) => written.push(text), isTerminal }, form, () => at);
  const step = (seconds: number, done: number, phase = "render") => {
    at = seconds;
    onProgress({ phase, done, total: 100 });
  };
  return { step, end, written };
};

describe("progress", () => {
  test("as JSON is one object a line with phase, done, total, speed and the seconds left", () => {
    const { step, written } = watch("json", false);
    step(0, 0);
    step(1, 10);
    step(2, 20);
    const last = JSON.parse(written.at(-1)!) as object;
    expect(written.every((line) => line.endsWith("}\n"))).toBe(true);
    expect(last).toEqual({ phase: "render", done: 20, total: 100, speed: 10, etaSeconds: 8 });
  });

  test("forgets what was slow more than five seconds ago", () => {
    const { step, written } = watch("json", false);
    step(0, 0);
    step(20, 10);
    step(21, 30);
    step(22, 50);
    expect(JSON.parse(written.at(-1)!)).toMatchObject({ speed: 20, etaSeconds: 2.5 });
  });

  test("as text without a terminal is one line in ten seconds", () => {
    const { step, written } = watch("text", false);
    for (let second = 0; second <= 25; second += 1) step(second, second * 4);
    expect(written).toHaveLength(2);
    expect(written[0]).toBe("render 40 %, 15 s left\n");
  });

  test("on a terminal rewrites one line and clears it at the end", () => {
    const { step, end, written } = watch("text", true);
    step(0, 0);
    step(1, 50);
    end();
    expect(written.every((line) => line.startsWith("\r\u001b[K"))).toBe(true);
    expect(written.at(-1)).toBe("\r\u001b[K");
  });
});
