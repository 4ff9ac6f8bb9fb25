export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!isSame(a[index], b[index])) return false;
  return true;
};

/** Whether two objects have equal members, apart from those in `except`; their order does not matter. */
export const haveSameMembers = (a: Members, b: Members, except?: ReadonlySet<string>): boolean => {
  for (const key in a) if (!except?.has(key) && !isSame(a[key], b[key])) return false;
  for (const key in b) if (!except?.has(key) && a[key] === undefined && b[key] !== undefined) return false;
  return true;
};

/** Whether two values of JSON are equal; a member that is undefined is none. */
export const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  return !Array.isArray(b) && haveSameMembers(a as Members, b as Members);
};
