import { PI, sin } from "./math";

export const CENTRE: i32 = 2;
export const LFE: i32 = 3;
/** Channels of the widest layout. */
export const MAX_SPEAKERS: i32 = 8;
const RADIANS: f64 = PI / 180;

/** Where the speaker of a channel of 5.1 or 7.1 stands, in degrees to the right (ITU-R BS.2051). */
export function speakerAzimuth(channels: i32, channel: i32): f64 {
  if (channel == CENTRE || channel == LFE) return 0;
  const side: f64 = channel & 1 ? 1 : -1;
  if (channel < CENTRE) return 30 * side;
  if (channel > 5) return 135 * side;
  return (channels > 6 ? 90 : 110) * side;
}

/** The speakers around the listener, without the LFE. */
export class SpeakerRing {
  /** In degrees, clockwise from the left rear. */
  private readonly azimuths: StaticArray<f64>;
  private readonly channelOf: StaticArray<i32>;

  constructor(channels: i32, withCentre: bool) {
    const count = channels - (withCentre ? 1 : 2);
    this.azimuths = new StaticArray<f64>(count);
    this.channelOf = new StaticArray<i32>(count);
    let place = 0;
    for (let channel = (channels - 1) & ~1; channel > LFE; channel -= 2) this.stand(place++, channels, channel);
    this.stand(place++, channels, 0);
    if (withCentre) this.stand(place++, channels, CENTRE);
    for (let channel = 1; channel < channels; channel += 2) if (channel != LFE) this.stand(place++, channels, channel);
  }

  private stand(place: i32, channels: i32, channel: i32): void {
    this.azimuths[place] = speakerAzimuth(channels, channel);
    this.channelOf[place] = channel;
  }

  /** Adds the gains of a source of power 1 at an azimuth of -180..180 degrees to `gains`, one a channel. Pulkki, JAES 45(6), 1997. */
  addSource(azimuth: f64, gains: StaticArray<f64>): void {
    const count = this.azimuths.length;
    let after = 0;
    while (after < count && this.azimuths[after] <= azimuth) ++after;
    const left = (after + count - 1) % count;
    const right = after % count;
    const fromLeft = sin(RADIANS * clockwise(azimuth - this.azimuths[left]));
    const fromRight = sin(RADIANS * clockwise(this.azimuths[right] - azimuth));
    const length = sqrt(fromLeft * fromLeft + fromRight * fromRight);
    gains[this.channelOf[left]] += fromRight / length;
    gains[this.channelOf[right]] += fromLeft / length;
  }
}

function clockwise(degrees: f64): f64 {
  return degrees < 0 ? degrees + 360 : degrees;
}
