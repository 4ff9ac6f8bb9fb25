import { type JSONVisitor, visit } from "jsonc-parser";
import { pointerOf, pointerSegments } from "./pointer.ts";
import type { Problem } from "./problem.ts";

/** 1-based. */
type Position = { readonly line: number; readonly column: number };

/** The pointer and its parents, nearest first. */
const withParents = (pointer: string): readonly string[] => {
  const segments = pointerSegments(pointer);
  return Array.from({ length: segments.length + 1 }, (_, depth) =>
    pointerOf(segments.slice(0, segments.length - depth)),
  );
};

/**
 * Where the values of JSON pointers begin in a text; the nearest parent stands in for what is absent. One pass without a tree, so
 * that a large text costs no memory. The text has been parsed before: it is not nested too deep.
 */
export const locatePointers = (text: string, pointers: readonly string[]): ReadonlyMap<string, Position> => {
  const wanted = new Set(pointers.flatMap(withParents));
  const deepest = Math.max(0, ...pointers.map((pointer) => pointerSegments(pointer).length));
  const found = new Map<string, Position>();
  const meet = (line: number, column: number, path: readonly (string | number)[]) => {
    if (path.length > deepest) return;
    const pointer = pointerOf(path);
    if (wanted.has(pointer)) found.set(pointer, { line: line + 1, column: column + 1 });
  };
  const begin: JSONVisitor["onArrayBegin"] = (_offset, _length, line, column, path) => meet(line, column, path());
  visit(text, {
    onObjectBegin: begin,
    onArrayBegin: begin,
    onLiteralValue: (_value, _offset, _length, line, column, path) => meet(line, column, path()),
  });
  const nearest = (pointer: string) => withParents(pointer).find((place) => found.has(place)) ?? "";
  return new Map(pointers.map((pointer) => [pointer, found.get(nearest(pointer)) ?? { line: 1, column: 1 }]));
};

/** The problems with file, and with the line and column of their pointers. */
export const locateProblems = (problems: readonly Problem[], text: string, fileName: string): readonly Problem[] => {
  const pointers = problems.flatMap(({ pointer }) => (pointer === undefined ? [] : [pointer]));
  if (pointers.length === 0) return problems.map((problem) => ({ ...problem, file: fileName }));
  const positions = locatePointers(text, pointers);
  return problems.map((problem) => ({
    ...problem,
    file: fileName,
    ...(problem.pointer === undefined ? {} : positions.get(problem.pointer)),
  }));
};
