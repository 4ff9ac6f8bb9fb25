/** The keys outside a longest run that has kept its order: moving these alone gives the new order. O(n log n). */
export const movedItems = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const positions = new Map(before.map((key, index) => [key, index]));
  const common = after.filter((key) => positions.has(key));
  const tails: number[] = [];
  const previous: number[] = [];
  const at = (index: number) => positions.get(common[index]!)!;
  for (let index = 0; index < common.length; index += 1) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(tails[middle]!) < at(index)) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = index;
  }
  const kept = new Set<string>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index]!) kept.add(common[index]!);
  return common.filter((key) => !kept.has(key));
};
