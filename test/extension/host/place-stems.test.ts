import { describe, expect, test } from "vitest";
import { placeRequest, STEMS, simulate } from "../../support/simulated-sequence.ts";

describe("placing five stems", () => {
  test("thin thread", async () => {
    const sim = simulate();
    console.log(await sim.host.connect());
    const read = await sim.host.readSequence();
    console.log(JSON.stringify(read, null, 1).slice(0, 3000));
    const placed = await sim.host.placeStems(placeRequest());
    console.log(JSON.stringify(placed, null, 1));
    console.log(
      JSON.stringify(sim.dump().items),
      sim.dump().sequences[0]?.tracks.map((t) => [t.name, t.muted, t.clips.length]),
    );
    console.log(sim.log.map((l) => l.op + ":" + l.durationMs.toFixed(1) + ":" + l.replyCharacters).join(" "));
    console.log(await sim.host.removePlaced("op-1"), JSON.stringify(sim.dump().items));
    expect(STEMS.length).toBe(5);
  });
});
