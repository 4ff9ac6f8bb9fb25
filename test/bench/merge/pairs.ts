import { editsOfPair, tryPair } from "../../support/merge-oracle.ts";

/** Tries pairs of concurrent edits, prints what became of them, and says whether all were merged right. */
export const tryPairs = (pairs: number): boolean => {
  let [edits, colliding, unfit] = [0, 0, 0];
  const complaints: string[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const outcome = tryPair(pair, editsOfPair(pair));
    edits += outcome.edits;
    colliding += Number(outcome.isColliding);
    unfit += Number(outcome.isUnfit);
    complaints.push(...outcome.complaints);
  }
  for (const complaint of complaints.slice(0, 10)) console.log(complaint);
  console.log(
    `${pairs} pairs, ${edits} edits: ${colliding} pairs truly collide, ${unfit} do not fit together; ${complaints.length} complaints (false conflicts, lost edits, invalid documents, order of sides)`,
  );
  return complaints.length === 0;
};
