import { describe, expect, test } from "vitest";
import { cueKinds } from "../../../schema/entities/cue.ts";
import type { ProcessorDefinition } from "../../../schema/param.ts";
import { processors } from "../../../schema/processors/index.ts";
import { runJson, runMain } from "../../support/run-main.ts";

const all: readonly ProcessorDefinition[] = processors;

type Described = ProcessorDefinition & {
  readonly ok: boolean;
  readonly common: readonly { readonly name: string; readonly default?: unknown; readonly doc: string }[];
};

describe("describe", () => {
  test("without a name: one row a processor, and all definitions as JSON", async () => {
    const { stdout } = await runMain(["describe"]);
    const { json } = await runJson<{ readonly processors: readonly Described[] }>(["describe"]);
    expect(json.processors.map(({ type }) => type)).toEqual(all.map(({ type }) => type));
    for (const { type } of all) expect(stdout).toMatch(new RegExp(`^${type} +(chain|rule) +\\d+ `, "m"));
    expect(stdout).toContain(all[0]!.doc);
  });

  test.each(all.map(({ type }) => type))("%s: every parameter with range, default and sentence", async (type) => {
    const definition = all.find((one) => one.type === type)!;
    const { stdout, exitCode } = await runMain(["describe", type]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(definition.doc);
    for (const [name, param] of Object.entries(definition.params)) {
      const line = stdout.split("\n").find((row) => row.startsWith(`  ${name} `))!;
      expect(line).toContain(param.doc);
      if (param.kind === "number") expect(line).toContain(`${param.min} to ${param.max}`);
      if (param.kind === "choice") expect(line).toContain(param.options.join(" | "));
      if (param.kind === "list") expect(line).toContain(`at most ${param.maxItems}`);
      else expect(line).toMatch(new RegExp(` ${String(param.default).replace(/[.|]/g, "\\$&")} `));
      for (const [key, item] of Object.entries(param.kind === "list" ? param.item : {})) {
        const row = stdout.split("\n").find((each) => each.startsWith(`    ${key} `));
        expect(row).toContain(item.doc);
        if (item.kind === "number") expect(row).toContain(`${item.min} to ${item.max}`);
        if (item.kind === "choice") expect(row).toContain(item.options.join(" | "));
        expect(row).toMatch(new RegExp(` ${String(item.default).replace(/[.|]/g, "\\$&")} `));
      }
    }
    expect(/^ {2}sidechain /m.test(stdout)).toBe(definition.keyed === true && definition.rule !== true);
    expect(/^ {2}file /m.test(stdout)).toBe(definition.file !== undefined);
    if (definition.file !== undefined) expect(stdout).toContain(`${definition.file} In a chain file: its path.`);
    const { json } = await runJson<Described>(["describe", type]);
    expect(json.params).toEqual(JSON.parse(JSON.stringify(definition.params)));
    expect(json.common.map(({ name }) => name).slice(0, 4)).toEqual(
      definition.rule ? [] : ["id", "type", "enabled", "mixPercent"],
    );
  });

  test("units are written, and what stands beside the parameters is named", async () => {
    const { stdout } = await runMain(["describe", "compressor"]);
    expect(stdout).toMatch(/thresholdDb +-60 to 0 dB +-18 /);
    expect(stdout).toMatch(/attackMs +0\.1 to 200 ms +10 /);
    expect(stdout).toMatch(/mixPercent +100 /);
    expect(stdout).toContain("sidechain");
    expect(stdout).toContain('{"type":"compressor","thresholdDb":-18');
  });

  test("cue: what a cue may play, kind by kind", async () => {
    const { stdout, exitCode } = await runMain(["describe", "cue"]);
    expect(exitCode).toBe(0);
    for (const kind of cueKinds) expect(stdout).toMatch(new RegExp(`^  ${kind} +[A-Z]`, "m"));
    expect(stdout).toMatch(/^ {4}clip +Clip between whose words/m);
    const { json } = await runJson<{ readonly sources: object }>(["describe", "cue"]);
    expect(Object.keys(json.sources)).toEqual(cueKinds);
  });

  test("an unknown name lists the processors and suggests the nearest", async () => {
    const { exitCode, json } = await runJson<{
      readonly errors: readonly { readonly didYouMean?: string; readonly allowed?: readonly string[] }[];
    }>(["describe", "equaliser"]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.didYouMean).toBe("equalizer");
    expect(json.errors[0]!.allowed).toEqual([...all.map(({ type }) => type), "cue"]);
  });
});
