import { describe, expect, test } from "vitest";
import { runJson, runMain } from "../../support/run-main.ts";

type Failure = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly didYouMean?: string;
    readonly allowed?: readonly string[];
  }[];
};

const commandNames = [
  "mix",
  "import",
  "validate",
  "render",
  "measure",
  "process",
  "sounds",
  "convert",
  "set",
  "match-eq",
  "match-loudness",
  "write-keyframes",
  "describe",
  "doctor",
  "install-panel",
  "package",
  "verify-package",
];

describe("the command line", () => {
  test.each(commandNames)("%s --help shows two examples, the form and every option", async (name) => {
    const { exitCode, stdout } = await runMain([name, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout.match(new RegExp(`^  premix ${name}`, "gm"))!.length).toBeGreaterThanOrEqual(3);
    for (const option of ["--json", "--progress", "--help"]) expect(stdout).toContain(option);
  });

  test("--help lists every command and the exit codes; --version is one line", async () => {
    const { stdout } = await runMain(["--help"]);
    for (const name of commandNames) expect(stdout).toContain(`  ${name}`);
    expect(stdout).toContain("5 outside the target");
    expect((await runMain(["--version"])).stdout).toMatch(/^\S+\n$/);
  });

  test.each([
    [["mxi"], "mix"],
    [["rendr", "a"], "render"],
    [["mix", "--taget", "netflix"], "--target"],
    [["measure", "a.wav", "--jsno"], "--json"],
    [["mix", "x.xml", "--target", "netflx"], "netflix"],
    [["describe", "compresor"], "compressor"],
  ])("%j is refused with exit 2, and the right word is suggested: %s", async (argv, suggestion) => {
    const { exitCode, json } = await runJson<Failure>(argv);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ ok: false, exitCode: 2 });
    expect(json.errors[0]!.didYouMean).toBe(suggestion);
    expect(json.errors[0]!.allowed).toContain(suggestion);
  });

  test.each([
    [[]],
    [["render"]],
    [["render", "a.mix.json"]],
    [["render", "a", "b", "-o", "c"]],
    [["mix", "--media"]],
    [["mix", "x.xml", "--threads", "0"]],
    [["mix", "x.xml", "--threads", "two"]],
    [["mix", "x.xml", "--block", "8"]],
    [["mix", "x.xml", "--json=yes"]],
    [["mix", "x.xml", "--progress", "loud"]],
    [["mix", "x.xml", "--house", "acme"]],
    [["convert", "a.mix.json", "-o", "b"]],
    [["convert", "a.mix.json", "--to", "xml", "-o", "b"]],
    [["set", "a.mix.json", "/tracks"]],
    [["measure", "a.wav", "--target", "netflix"]],
  ])("%j is bad usage: exit 2, one object, a sentence that helps", async (argv) => {
    const { exitCode, stdout, stderr } = await runMain([...argv, "--json"]);
    expect(exitCode).toBe(2);
    const json = JSON.parse(stdout) as Failure;
    expect(json.ok).toBe(false);
    expect(json.errors[0]!.message).toMatch(/\.$/);
    expect(stderr).toContain(json.errors[0]!.message.slice(0, 20));
  });

  test("what stands behind -- is no option", async () => {
    const { json } = await runJson<Failure>(["validate"], {});
    expect(json.errors[0]!.message).toContain("premix validate <doc>");
    const { exitCode, stderr } = await runMain(["validate", "--", "--json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--json");
  });

  test("describe gives every parameter's range from the registry", async () => {
    const { json } = await runJson<{ type: string; params: Record<string, { min: number; max: number }> }>([
      "describe",
      "compressor",
    ]);
    expect(json.type).toBe("compressor");
    expect(json.params["thresholdDb"]).toMatchObject({ min: -60, max: 0 });
    expect((await runMain(["describe", "compressor"])).stdout).toContain("-60 to 0 dB");
  });
});
