import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Node, parse } from "acorn";
import { describe, expect, test } from "vitest";
import { hostBuildOf } from "../../extension/host/host-build.ts";
import { hostScriptText } from "../../extension/host/host-script-text.ts";
import { createRealm } from "../../extension/host/simulated-host/realm.ts";
import { HOST_SCRIPT_FILES, joinHostScripts } from "../../host-scripts/join.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const textOf = (name: string): string => read(`host-scripts/${name}`);
const parseEs3 = (text: string) => parse(text, { ecmaVersion: 3, allowReserved: "never" });

/** Every node of a syntax tree. */
const nodesOf = (node: Node): Node[] => {
  const children = Object.values(node).flat() as unknown[];
  const nodes = children.filter((child): child is Node => typeof (child as Node | null)?.type === "string");
  return [node, ...nodes.flatMap(nodesOf)];
};

type Member = Node & { computed: boolean; property: Node & { name: string } };
type Part = Node & { operator?: string };
type Operation = Part & { test?: Part; left?: Part; right?: Part; consequent?: Part; alternate?: Part };
type Literal = Node & { value: unknown };
type Property = Node & { key: Node & { name?: string; value?: unknown } };

describe("the language of the host scripts", () => {
  test.each(HOST_SCRIPT_FILES)("%s is ES3 and ASCII", (name) => {
    expect(() => parseEs3(textOf(name))).not.toThrow();
    expect(textOf(name)).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("the joined text is ES3 as a whole and has no regular expression with <, which E4X would take for XML", () => {
    const literals = nodesOf(parseEs3(hostScriptText)).filter(({ type }) => type === "Literal") as Literal[];
    const expressions = literals.filter(({ value }) => value instanceof RegExp);
    expect(expressions.length).toBeGreaterThan(3);
    expect(expressions.filter(({ value }) => String(value).includes("<"))).toEqual([]);
  });

  /** ExtendScript groups a chain of ? : from the left (`true ? "A" : false ? "B" : "C"` is "B" there). */
  test("no conditional stands bare inside another, and && and || are never mixed without parentheses", () => {
    const chained = (text: string): string[] =>
      nodesOf(parse(text, { ecmaVersion: 3, allowReserved: "never", preserveParens: true }))
        .filter((node): node is Operation => node.type === "ConditionalExpression" || node.type === "LogicalExpression")
        .filter(({ type, operator, test, left, right, consequent, alternate }) =>
          [test, left, right, consequent, alternate].some(
            (part) => part?.type === type && part.operator !== (operator ?? ""),
          ),
        )
        .map(({ start, end }) => text.slice(start, end));
    expect(chained("x = a ? 1 : b ? 2 : 3;")).toHaveLength(1);
    expect(chained("x = a && b || c;")).toHaveLength(1);
    expect(chained("x = a ? 1 : (b ? 2 : 3); y = (a && b) || c; z = a && b && c;")).toEqual([]);
    expect(chained(hostScriptText)).toEqual([]);
  });

  test.each(["let x = 1;", "var o = {class: 1};", "var f = () => 1;", "var o = {a: 1,};", "o.default = 1;"])(
    "the gate refuses %s",
    (text) => {
      expect(() => parseEs3(text)).toThrow();
    },
  );

  test("the bundler's text and the build's text are the same, and the stamp follows the text", () => {
    expect(joinHostScripts(textOf)).toBe(hostScriptText);
    const changed = joinHostScripts((name) => `${textOf(name)}\n/* changed */`);
    expect(hostBuildOf(changed)).not.toBe(hostBuildOf(hostScriptText));
    expect(() => hostBuildOf("var x = 1;")).toThrow(TypeError);
  });

  test("it compiles against the public typings, and the simulated objects hold against them", () => {
    const tsc = createRequire(import.meta.url)
      .resolve("typescript/package.json")
      .replace("package.json", "bin/tsc");
    expect(() => execFileSync(process.execPath, [tsc, "-p", "host-scripts"], { cwd: root })).not.toThrow();
  });
});

describe("the stripped engine", () => {
  test("knows nothing later than ES3", () => {
    const later =
      "typeof JSON, typeof [].map, typeof [].indexOf, typeof ''.trim, typeof Object.keys, typeof Array.isArray, " +
      "typeof Promise, typeof Map, typeof Date.now, typeof (new Date()).toISOString, typeof (function(){}).bind, " +
      "typeof String.fromCodePoint, typeof globalThis, typeof console, typeof Reflect, typeof Symbol";
    const types = createRealm().run(`[${later}].join()`);
    expect(new Set(String(types).split(","))).toEqual(new Set(["undefined"]));
  });

  test("keeps what ES3 has", () => {
    const script = "[3,1,2].sort().concat([4]).join('') + 'aXb'.replace(/X/, '-') + isFinite(1) + Math.pow(2, 3)";
    expect(createRealm().run(script)).toBe("1234a-btrue8");
  });

  test("lets the joined text define $.__premix and nothing else", () => {
    const realm = createRealm();
    realm.define("$", {});
    realm.define("app", {});
    const names = (): unknown =>
      realm.run("(function () { var n = []; for (var k in this) n.push(k); return n.sort().join(); }())");
    const before = names();
    expect(realm.run(hostScriptText)).toBe(hostBuildOf(hostScriptText));
    expect(names()).toBe(before);
    expect(realm.run("(function () { var n = []; for (var k in $) n.push(k); return n.join(); }())")).toBe("__premix");
  });
});

describe("the census of members", () => {
  const tree = nodesOf(parseEs3(hostScriptText));
  const used = new Set(
    (tree.filter(({ type }) => type === "MemberExpression") as Member[])
      .filter(({ computed }) => !computed)
      .map(({ property }) => property.name),
  );
  const texts = new Set(
    (tree.filter(({ type }) => type === "Literal") as Literal[])
      .map(({ value }) => value)
      .filter((v) => typeof v === "string"),
  );
  const own = new Set(
    (tree.filter(({ type }) => type === "Property") as Property[]).map(({ key }) => key.name ?? String(key.value)),
  );
  const declared = (text: string): string[] =>
    [...text.matchAll(/^\s*(?:(?:readonly|static|declare|function) )*([A-Za-z_$][\w$]*)\??\s*(?:<[^>]*>)?[(:]/gm)].map(
      ([, name]) => name as string,
    );
  /** Without ExtendScript's XML classes, which no script of ours uses. */
  const typings = new Set(
    ["Premiere/24.0/index.d.ts", "shared/JavaScript.d.ts"].flatMap((file) =>
      declared(read(`node_modules/types-for-adobe/${file}`).split("interface QNameConstructor")[0] as string),
    ),
  );
  const listed = JSON.parse(read("host-scripts/typings/undocumented-members.json")) as Record<string, string>;
  const protocol = [...read("schema/host-protocol.ts").matchAll(/(\w+)\??:/g)].map(([, name]) => name);
  const documented = [...hostScriptText.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(([comment]) =>
    [...comment.matchAll(/(\w+)\??:/g)].map(([, name]) => name),
  );

  test("every member that the scripts read is in the public typings, listed with its source, or our own data", () => {
    const ours = new Set([...own, ...protocol, ...documented, "__premix", "premixCode", "at", "text"]);
    const strange = [...used].filter((name) => !typings.has(name) && !(name in listed) && !ours.has(name));
    expect(strange).toEqual([]);
    expect(used.size).toBeGreaterThan(80);
  });

  test("the list holds no member that the typings know or that nobody reads", () => {
    const idle = Object.keys(listed).filter((name) => typings.has(name) || !(used.has(name) || texts.has(name)));
    expect(idle).toEqual([]);
  });
});
