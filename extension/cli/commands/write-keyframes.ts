import { take } from "../../session/settle.ts";
import { writeKeyframes } from "../../session/write-keyframes.ts";
import { absolute, mediaFolders, requiredInsert } from "../arguments.ts";
import { type Command, insertOption, mediaOption } from "../command.ts";
import { sessionPorts } from "../ports.ts";
import { columns } from "../text.ts";

export const writeKeyframesCommand: Command = {
  name: "write-keyframes",
  summary: "writes what a leveler or a ducker does as volume keyframes, and switches it off",
  usage: "<doc> --insert <id> [--media <dir> ...]",
  options: [insertOption, mediaOption],
  examples: [
    "premix write-keyframes episode.mix.json --insert prc_dx_leveler",
    "premix write-keyframes episode.mix.json --insert dck_music --media ./media --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const { warnings, ...report } = take(
      await writeKeyframes(sessionPorts(call, [], ""), {
        documentFile: absolute(call, call.positionals[0]!),
        insertId: requiredInsert(call),
        mediaFolders: mediaFolders(call),
      }),
    );
    const { insert, written, leastDb, mostDb, errorDb } = report;
    const rows = written.map(({ id, points }) => [`  ${id}`, `${points} keyframes`]);
    const text = `${insert}: ${leastDb} to ${mostDb} dB, followed within ${errorDb} dB; it is off now\n${columns(rows)}`;
    return { exitCode: 0, json: { ...report, warnings }, text, warnings };
  },
};
