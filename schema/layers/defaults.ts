import { isMembers, type Members } from "./layer.ts";

/** What the engine takes where no layer says anything: the keys that a document may leave out. */
export const engineDefaults = {
  document: { extensionsUsed: [], extensionsRequired: [], media: {}, crossfades: [], duckers: [], decisions: [] },
  track: { role: null, muted: false, volumeDb: 0, sends: [], processors: [], automation: [] },
  clip: {
    enabled: true,
    speed: "1/1",
    reversed: false,
    role: null,
    roleSource: "",
    gainDb: 0,
    volumeDb: 0,
    fadeIn: null,
    fadeOut: null,
    processors: [],
    automation: [],
  },
  bus: { volumeDb: 0, sends: [], processors: [] },
  processor: { enabled: true, mixPercent: 100 },
  ducker: { enabled: true },
} as const satisfies Readonly<Record<string, Members>>;

/** The value with what it lacks; itself when it lacks nothing. */
const filled = <T extends Members>(value: T, defaults: Members): T => {
  for (const key of Object.keys(defaults)) if (value[key] === undefined) return { ...defaults, ...value };
  return value;
};

const filledList = (value: unknown, defaults: Members): unknown => {
  if (!Array.isArray(value) || value.length === 0) return value;
  return value.map((item) => (isMembers(item) ? filled(item, defaults) : item));
};

/** A track, clip or bus with the engine's values where it has none. */
export const fillDefaults = (kind: "track" | "clip" | "bus", value: Members): Members => {
  const whole = filled(value, engineDefaults[kind]);
  const processors = filledList(whole["processors"], engineDefaults.processor);
  return processors === whole["processors"] ? whole : { ...whole, processors };
};

/** The document-level keys with the engine's values where there are none. */
export const fillDocument = (value: Members): Members => {
  const whole = filled(value, engineDefaults.document);
  return { ...whole, duckers: filledList(whole["duckers"], engineDefaults.ducker) };
};
