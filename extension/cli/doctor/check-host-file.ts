import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { createSimulatedHost } from "../../host/simulated-host.ts";
import { readTimelines } from "../../interchange/read-timeline.ts";
import { checkHost, compareHostChecks, type HostCheck, openHostCheck } from "../../session/check-host.ts";
import { take } from "../../session/settle.ts";
import { demoProject } from "../demo-location.ts";
import { type Check, fine, warning } from "./check.ts";

const MAX_DEMO_BYTES = 16 * 1024 * 1024;
const REPORT = "Keep the file and report it, so that the simulated Premiere becomes like this one.";

/** The simulated Premiere of the same family, with the demo open, asked the same. */
const simulatedCheck = async (like: HostCheck): Promise<HostCheck> => {
  const bytes = await createNodeFiles().readBytes(demoProject, MAX_DEMO_BYTES);
  const timelines = take(await readTimelines(bytes, demoProject));
  const profile = Number.parseInt(like.appVersion, 10) >= 26 ? "26.3" : "25.x";
  const { host } = createSimulatedHost({ timelines, projectPath: demoProject, profile });
  return take(await checkHost(host, { scratch: like.scratch !== null }));
};

/** Compares a file of "Check this Premiere" with the simulated Premiere: one entry a difference. */
export const checkHostFile = async (path: string): Promise<Check[]> => {
  const real = take(await openHostCheck(createNodeFiles(), path));
  const differences = compareHostChecks(real, await simulatedCheck(real));
  const name = `${real.application} ${real.appVersion}`;
  if (differences.length === 0) return [fine("host-check", `${name} is as simulated, in all that was asked`)];
  return differences.map(({ what, here, there }) =>
    warning("host-check", `${what} is ${here} in ${name}, and ${there} in the simulated one.`, REPORT),
  );
};
