import { CENTRE, LFE, MAX_SPEAKERS, SpeakerRing } from "./speaker-ring";

/** Directions that together make a spread source. */
const SPREAD_DIRECTIONS: i32 = 25;

/**
 * Gains of the speakers for a source in one direction, of power 1 whatever the settings: pairwise amplitude panning, spread over
 * several directions (Pulkki, WASPAA 1999).
 */
export class SurroundField {
  /** Angle that the source fills, in degrees. */
  spread: f64 = 0;
  /** Share of the centre speaker, 0..1. */
  centre: f64 = 1;
  /** Share of the power that all speakers get alike, 0..1. */
  divergence: f64 = 0;
  /** What `aim` found, one a channel. */
  readonly gains: StaticArray<f64> = new StaticArray<f64>(MAX_SPEAKERS);
  private readonly phantom: StaticArray<f64> = new StaticArray<f64>(MAX_SPEAKERS);
  private readonly ring: SpeakerRing;
  private readonly phantomRing: SpeakerRing;

  constructor(private readonly channels: i32) {
    this.ring = new SpeakerRing(channels, true);
    this.phantomRing = new SpeakerRing(channels, false);
  }

  /** Finds the gains for an azimuth in degrees. */
  aim(azimuth: f64): void {
    const gains = this.gains;
    const phantom = this.phantom;
    this.spreadOver(this.ring, azimuth, gains);
    this.spreadOver(this.phantomRing, azimuth, phantom);
    // Both point the same way, and so does every mix of them.
    for (let i = 0; i < gains.length; ++i) gains[i] = this.centre * gains[i] + (1 - this.centre) * phantom[i];
    normalise(gains);
    this.diverge();
  }

  private spreadOver(ring: SpeakerRing, azimuth: f64, gains: StaticArray<f64>): void {
    gains.fill(0);
    const last = this.spread > 0 ? SPREAD_DIRECTIONS - 1 : 0;
    for (let i = 0; i <= last; ++i) {
      const offset = last > 0 ? (<f64>i / <f64>last - 0.5) * this.spread : 0;
      ring.addSource(wrapped(azimuth + offset), gains);
    }
    normalise(gains);
  }

  private diverge(): void {
    const level = this.divergence / (<f64>(this.channels - 2) + this.centre * this.centre);
    for (let channel = 0; channel < this.channels; ++channel) {
      if (channel == LFE) continue;
      const even = channel == CENTRE ? level * this.centre * this.centre : level;
      const gain = this.gains[channel];
      this.gains[channel] = sqrt((1 - this.divergence) * gain * gain + even);
    }
  }
}

function wrapped(degrees: f64): f64 {
  if (degrees > 180) return degrees - 360;
  return degrees < -180 ? degrees + 360 : degrees;
}

/** To a power of 1. */
function normalise(gains: StaticArray<f64>): void {
  let power: f64 = 0;
  for (let i = 0; i < gains.length; ++i) power += gains[i] * gains[i];
  const length = sqrt(power);
  for (let i = 0; i < gains.length; ++i) gains[i] /= length;
}
