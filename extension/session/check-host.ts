import type { FilePort } from "../../engine/files.ts";
import type { HostFindings, MemberKinds, RawLevelReply } from "../../schema/host-protocol.ts";
import { fail, ok, type Result } from "../../schema/problem.ts";
import type { Host, HostInfo } from "../host/host.ts";
import { settle, take } from "./settle.ts";

/** How the raw Level of clips is to be read. "unknown": no clip stands at the 0 dB of the expected scale. */
export type LevelScale = "expected" | "unknown" | "other";

/** A file of what one Premiere is like; it names nothing of the project. */
export type HostCheck = HostFindings & {
  readonly kind: "premix-host-check";
  readonly formatVersion: 1;
  readonly application: string;
  readonly hostBuild: string;
  readonly levelScale: LevelScale;
};

/** One fact that two hosts differ in. */
export type HostDifference = { readonly what: string; readonly here: string; readonly there: string };

const MAX_BYTES = 1024 * 1024;

/** Premiere's Level of 0 dB: 10^(-15/20), for 1 is +15 dB. */
const UNITY_LEVEL = 10 ** (-15 / 20);
const UNITY_TOLERANCE = 1e-6;

/** The scale that raw Levels speak of: 0 to 1, with untouched clips at 0.17782794. */
export const levelScaleOf = (levels: readonly RawLevelReply[]): LevelScale => {
  if (levels.some(({ raw }) => !(raw >= 0 && raw <= 1))) return "other";
  return levels.some(({ raw }) => Math.abs(raw - UNITY_LEVEL) < UNITY_TOLERANCE) ? "expected" : "unknown";
};

const checkOf = ({ application, hostBuild }: HostInfo, findings: HostFindings): HostCheck => ({
  kind: "premix-host-check",
  formatVersion: 1,
  application,
  hostBuild,
  levelScale: levelScaleOf(findings.levels),
  ...findings,
});

/** "Check this Premiere": asks the host what it is like; only `scratch` touches the project, and only a copy of the sequence. */
export const checkHost = (host: Host, request: { readonly scratch: boolean }): Promise<Result<HostCheck>> =>
  settle(async () => {
    const info = take(await host.connect());
    return ok(checkOf(info, take(await host.examine(request))));
  });

/** Keeps a check as a JSON file. */
export const saveHostCheck = (files: FilePort, path: string, check: HostCheck): Promise<void> =>
  files.writeAtomic(path, new TextEncoder().encode(`${JSON.stringify(check, null, 2)}\n`));

const isHostCheck = (value: unknown): value is HostCheck => {
  const check = value as Partial<HostCheck> | null;
  const parts = [check?.engine, check?.members];
  return (
    check?.kind === "premix-host-check" && check.formatVersion === 1 && parts.every((part) => part instanceof Object)
  );
};

/** Reads a check that was kept. */
export const openHostCheck = (files: FilePort, path: string): Promise<Result<HostCheck>> =>
  settle(async () => {
    const text = new TextDecoder().decode(await files.readBytes(path, MAX_BYTES));
    try {
      const value: unknown = JSON.parse(text);
      if (isHostCheck(value)) return ok(value);
    } catch {
      // Not JSON: said below, with the same way out.
    }
    const message = `${path} is no file that "Check this Premiere" has written. Save the check again.`;
    return fail({ code: "syntax", message, file: path });
  });

/** Facts by a path of names; an object that one host does not have to ask says nothing. */
const factsOf = (check: HostCheck): ReadonlyMap<string, string> => {
  const { engine, members, scratch } = check;
  const { later, ...plain } = engine;
  const kinds = Object.entries(members).flatMap(([subject, found]: [string, MemberKinds]) =>
    Object.entries(found ?? {}).map(([name, kind]) => [`${subject}.${name}`, kind] as const),
  );
  const group = (name: string, values: object) =>
    Object.entries(values).map(([key, value]) => [`${name} ${key}`, String(value)] as const);
  return new Map([
    ...kinds,
    ...group("engine", plain),
    ...group("engine", later),
    ...group("track on a copy:", scratch ?? {}),
    ["QE", String(check.qe)],
    ...(check.levelScale === "unknown" ? [] : [["level scale", check.levelScale] as const]),
  ]);
};

/** What differs between a Premiere and the simulated one, of what both could be asked. */
export const compareHostChecks = (here: HostCheck, there: HostCheck): HostDifference[] => {
  const theirs = factsOf(there);
  return [...factsOf(here)].flatMap(([what, value]) => {
    const other = theirs.get(what);
    return other === undefined || other === value ? [] : [{ what, here: value, there: other }];
  });
};
