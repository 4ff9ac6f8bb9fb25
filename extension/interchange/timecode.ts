import { allowsDropFrame, type FrameRate, nominalRate } from "./frame-rate.ts";

const droppedPerMinute = (nominal: number): number => nominal / 15;

/** Frame number of a timecode (SMPTE ST 12-1), or null when it names no frame at that rate. */
export const framesOfTimecode = (timecode: string, rate: FrameRate, dropFrame: boolean): number | null => {
  const parts = /^(\d{1,2})[:;.](\d{2})[:;.](\d{2})[:;.](\d{2,3})$/.exec(timecode.trim());
  if (parts === null || (dropFrame && !allowsDropFrame(rate))) return null;
  const [hours, minutes, seconds, frames] = parts.slice(1).map(Number) as [number, number, number, number];
  const nominal = nominalRate(rate);
  if (hours > 23 || minutes > 59 || seconds > 59 || frames >= nominal) return null;
  const counted = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames;
  if (!dropFrame) return counted;
  const dropped = droppedPerMinute(nominal);
  if (seconds === 0 && frames < dropped && minutes % 10 !== 0) return null;
  const wholeMinutes = hours * 60 + minutes;
  return counted - dropped * (wholeMinutes - Math.floor(wholeMinutes / 10));
};

/** Time display formats of Premiere that mean drop frame: 29.97 and 59.94 (docsforadobe premiere-scripting-guide). */
export const isDropFrameDisplay = (displayFormat: number | null): boolean =>
  displayFormat === 102 || displayFormat === 106;
