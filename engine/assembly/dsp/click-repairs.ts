import { ClickRepair, ClickRules, MARGIN } from "./click-repair";
import { GapRefinement } from "./gap-refinement";
import { HopProcess } from "./hop-lines";

/** Repairs clicks in each channel by itself; a lane without a channel gets what the channel before it gets. */
export class ClickRepairs extends HopProcess {
  readonly rules: ClickRules = new ClickRules();
  private readonly repairs: StaticArray<ClickRepair>;
  /** Where the last repair of each channel ended, in its line. */
  private readonly ends: StaticArray<i32>;

  /** Allocates. */
  constructor(
    channels: i32,
    private readonly lanes: i32,
    private readonly hop: i32,
    mostSamples: i32,
  ) {
    super();
    this.repairs = new StaticArray<ClickRepair>(channels);
    this.ends = new StaticArray<i32>(channels);
    // 7 ms: the period of most voices.
    const refinement = new GapRefinement((5 * hop) / 16, 3 * hop, mostSamples + 2 * MARGIN);
    for (let channel = 0; channel < channels; ++channel)
      this.repairs[channel] = new ClickRepair(hop, mostSamples, refinement);
  }

  reset(): void {
    for (let channel = 0; channel < this.ends.length; ++channel) this.ends[channel] = 0;
  }

  processHop(lines: usize, lineBytes: usize): void {
    const own = this.repairs.length;
    for (let channel = 0; channel < own; ++channel) {
      const end = this.repairs[channel].repair(lines + <usize>channel * lineBytes, this.rules, this.ends[channel]);
      this.ends[channel] = max(0, end - this.hop);
    }
    if (own < this.lanes) memory.copy(lines + <usize>own * lineBytes, lines + <usize>(own - 1) * lineBytes, lineBytes);
  }
}
