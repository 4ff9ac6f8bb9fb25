import type { PlaceRequest, SequenceReply } from "../../schema/host-protocol.ts";
import { ProblemError } from "../../schema/problem.ts";

/** A failure that the host's state or answer is the reason of. */
export const hostProblem = (message: string): ProblemError => new ProblemError({ code: "host", message });

const OPERATION_ID = /^[A-Za-z0-9_-]{1,64}$/;
const TICKS = /^[0-9]{1,18}$/;

const checkForm = ({ operationId, stems, startTicks }: PlaceRequest): void => {
  if (!OPERATION_ID.test(operationId)) throw new TypeError("operationId has 1 to 64 letters, digits, - or _.");
  if (stems.length === 0) throw new TypeError("There is no stem to place.");
  if (!TICKS.test(startTicks)) throw new TypeError("startTicks is a decimal string of ticks from 0 on.");
  for (const { durationTicks, channelType } of stems) {
    if (!TICKS.test(durationTicks) || BigInt(durationTicks) === 0n) throw new TypeError("durationTicks is over 0.");
    if (![0, 1, 2].includes(channelType)) throw new TypeError("channelType is 0 mono, 1 stereo or 2 5.1.");
  }
  if (new Set(stems.map(({ file }) => file)).size < stems.length) throw new TypeError("Two stems name one file.");
};

/** Refuses a request that no sequence could take (TypeError), or that this one cannot (host problem). */
export const checkRequest = (request: PlaceRequest, sequence: SequenceReply): void => {
  checkForm(request);
  if (BigInt(request.startTicks) % BigInt(sequence.timebaseTicks) !== 0n) {
    throw hostProblem(
      `The stems would start at tick ${request.startTicks}, which is not on a picture frame of "${sequence.name}" ` +
        `(${sequence.timebaseTicks} ticks each): Premiere would shift them. Start at 0 or on a frame.`,
    );
  }
};
