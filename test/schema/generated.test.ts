import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { definitions } from "../../schema/entities/index.ts";
import { outputs } from "../../schema/generate/outputs.ts";
import { validate } from "../../schema/generated/validate-mix.js";
import { fullDocument } from "../support/mix-documents.ts";

const root = join(import.meta.dirname, "../..");
const generate = (...options: string[]) =>
  promisify(execFile)(process.execPath, [join(root, "schema/generate.mjs"), ...options]);

describe("the generated files", () => {
  test("are those of the present sources", async () => {
    for (const [path, content] of outputs()) expect(await readFile(join(root, path), "utf8"), path).toBe(content);
  });

  test.each(["validate-mix.js", "validate-folder.js"])(
    "%s is a plain module without code from strings",
    async (name) => {
      const text = await readFile(join(root, "schema/generated", name), "utf8");
      expect(text).not.toMatch(/\brequire\s*\(|new Function|\beval\s*\(|\bimport\b/);
    },
  );
});

describe("npm run generate", () => {
  let folder = "";
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("writes all, finds it fresh, and with --check names what is stale", async () => {
    folder = await mkdtemp(join(tmpdir(), "premix-generate-"));
    const first = await generate("--into", folder);
    expect(first.stdout).toContain("wrote schema/generated/mix-document.ts");
    expect((await generate("--into", folder, "--check")).stderr).toBe("");
    await writeFile(join(folder, "schema/PROCESSORS.md"), "old");
    await expect(generate("--into", folder, "--check")).rejects.toMatchObject({
      code: 1,
      stderr: "schema/PROCESSORS.md is stale: run npm run generate.\n",
    });
  });
});

const runtimeValidator = () => {
  const ajv = new Ajv({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    discriminator: true,
    ownProperties: true,
    allErrors: true,
  });
  ajv.addVocabulary(["markdownDescription"]);
  return ajv.compile({ $ref: "#/definitions/MixDocument", definitions });
};

type Step = { readonly value: unknown; readonly picks: readonly number[] };

/** Replaces one value somewhere in a copy of the document; the picks lead the way down. */
const mutated = (document: unknown, { value, picks }: Step): unknown => {
  const copy = structuredClone(document);
  let at = copy as Record<string, unknown>;
  for (const pick of picks) {
    const keys = Object.keys(at);
    const key = keys[pick % Math.max(1, keys.length)];
    if (key === undefined) break;
    const next = at[key];
    if (pick === picks.at(-1) || next === null || typeof next !== "object") {
      at[key] = value;
      break;
    }
    at = next as Record<string, unknown>;
  }
  return copy;
};

describe("the stand-alone validator", () => {
  const runtime = runtimeValidator();
  const value = fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.string(), fc.constant([]), fc.constant({}));
  const picks = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 8 });

  test("finds as many faults as ajv at run time, the same ones first", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ value, picks }), { minLength: 1, maxLength: 6 }), (steps) => {
        const document = steps.reduce<unknown>(mutated, fullDocument());
        expect(validate(document)).toBe(runtime(document));
        const expected = runtime.errors ?? [];
        expect(validate.errors?.total ?? 0).toBe(expected.length);
        const places = (errors: readonly { instancePath: string; keyword: string }[]) =>
          errors.slice(0, 50).map(({ instancePath, keyword }) => `${keyword} ${instancePath}`);
        expect(places(validate.errors ?? [])).toEqual(places(expected));
      }),
      { numRuns: 300 },
    );
  });

  test("lists 50 of very many faults and counts them all", () => {
    const decisions = Array.from({ length: 20_000 }, () => ({ id: 1 }));
    expect(validate({ ...fullDocument(), decisions })).toBe(false);
    expect(validate.errors).toHaveLength(50);
    expect(validate.errors?.total).toBe(20_000 * 7);
  });

  test("sees only a document's own members", () => {
    const inherited = Object.create(fullDocument()) as unknown;
    expect(validate(inherited)).toBe(false);
  });
});
