/**
 * A live collection as scripts see it: `length` plus Premiere's own count, indexed from 0, undefined beyond the end.
 * Every access looks at the model anew and gives a new facade.
 */
export const collection = <T, Count extends string>(
  countName: Count,
  count: () => number,
  at: (index: number) => T,
): { readonly length: number; readonly [index: number]: T } & { readonly [name in Count]: number } => {
  const handler: ProxyHandler<object> = {
    get: (_target, name) => {
      if (name === "length" || name === countName) return count();
      const index = typeof name === "string" && /^[0-9]+$/.test(name) ? Number(name) : -1;
      return index >= 0 && index < count() ? at(index) : undefined;
    },
  };
  return new Proxy({}, handler) as { readonly length: number; readonly [index: number]: T } & {
    readonly [name in Count]: number;
  };
};
