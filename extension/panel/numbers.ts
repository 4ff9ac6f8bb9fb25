import { ticksToSeconds } from "../../schema/ticks.ts";

/** "-23.0", or a dash where there is nothing to measure. */
export const formatLevel = (value: number | null): string =>
  value === null ? "–" : value.toFixed(1).replace("-", "−");

/** "1:02.4" */
export const formatTime = (ticks: string): string => {
  const tenths = Math.round(ticksToSeconds(ticks) * 10);
  const seconds = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${seconds.toFixed(1).padStart(4, "0")}`;
};
