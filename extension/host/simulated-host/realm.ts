import { type Context, createContext, runInContext } from "node:vm";

const KEPT_GLOBALS = [
  ..."Object Array String Number Boolean Function Date RegExp Math".split(" "),
  ..."Error EvalError RangeError ReferenceError SyntaxError TypeError URIError".split(" "),
  ..."NaN Infinity undefined parseInt parseFloat isNaN isFinite eval escape unescape".split(" "),
  ..."encodeURI encodeURIComponent decodeURI decodeURIComponent".split(" "),
];

const KEPT_MEMBERS = {
  "Array.prototype":
    "constructor length concat join pop push reverse shift slice sort splice toString toLocaleString unshift",
  "String.prototype":
    "constructor length charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split " +
    "substr substring toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase toString valueOf " +
    "anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup",
  "Function.prototype": "constructor length name arguments caller apply call toString",
  "Object.prototype":
    "constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable __proto__",
  Object: "prototype length name",
  Array: "prototype length name",
  String: "prototype length name fromCharCode",
  Function: "prototype length name",
  Number: "prototype length name MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY",
  "Number.prototype": "constructor toString toLocaleString valueOf toFixed toExponential toPrecision",
  Date: "prototype length name parse UTC",
  Math:
    "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random " +
    "round sin sqrt tan",
};

const LATER_DATE_METHODS = ["toISOString", "toJSON"];

/** A script engine like ExtendScript's: ES3 globals only, plus what is given. */
export type Realm = {
  /** Runs a script and gives the value of its last statement. */
  run(script: string): unknown;
  /** Puts a global there (app, qe, File ...). */
  define(name: string, value: unknown): void;
  /** An array of the inner realm, so that scripts find ES3 methods on it and no later ones. */
  array<T>(items: readonly T[]): T[];
  /** An Error of the inner realm. */
  error(message: string): Error;
};

const keepOnly = (target: object, kept: readonly string[]): void => {
  for (const name of Object.getOwnPropertyNames(target)) if (!kept.includes(name)) Reflect.deleteProperty(target, name);
};

/** A context from which everything later than ES3 is taken away. */
const contextOf = (): Context => {
  const context = createContext({});
  for (const [path, names] of Object.entries(KEPT_MEMBERS)) {
    keepOnly(runInContext(path, context) as object, names.split(" "));
  }
  const dates = runInContext("Date.prototype", context) as object;
  for (const name of LATER_DATE_METHODS) Reflect.deleteProperty(dates, name);
  const globals = runInContext("Object.getOwnPropertyNames", createContext({})) as typeof Object.getOwnPropertyNames;
  for (const name of globals(runInContext("this", context) as object)) {
    if (!KEPT_GLOBALS.includes(name)) runInContext(`delete this[${JSON.stringify(name)}]`, context);
  }
  return context;
};

/** A fresh engine, as after a start of Premiere. */
export const createRealm = (): Realm => {
  const context = contextOf();
  const emptyArray = runInContext("(function () { return []; })", context) as () => unknown[];
  const makeError = runInContext("(function (message) { return new Error(message); })", context) as (
    message: string,
  ) => Error;
  return {
    run: (script) => runInContext(script, context) as unknown,
    define: (name, value) => {
      (context as Record<string, unknown>)[name] = value;
    },
    array: <T>(items: readonly T[]): T[] => {
      const list = emptyArray() as T[];
      for (const item of items) list.push(item);
      return list;
    },
    error: makeError,
  };
};
