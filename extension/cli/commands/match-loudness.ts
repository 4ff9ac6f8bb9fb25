import { matchLoudness } from "../../session/match-loudness.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredInsert } from "../arguments.ts";
import { type Command, insertOption, mediaOption } from "../command.ts";
import { sessionPorts } from "../ports.ts";

export const matchLoudnessCommand: Command = {
  name: "match-loudness",
  summary: "sets the makeup of a compressor so that it gives the loudness that it gets",
  usage: "<doc> --insert <id> [--media <dir> ...]",
  options: [insertOption, mediaOption],
  examples: [
    "premix match-loudness episode.mix.json --insert prc_dx_comp",
    "premix match-loudness reel.mix.json --insert prc_vo_glue --media ./media --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const { warnings, ...report } = take(
      await matchLoudness(sessionPorts(call, [], ""), {
        documentFile: absolute(call, call.positionals[0]!),
        insertId: requiredInsert(call),
        mediaFolders: mediaFolders(call),
      }),
    );
    const { insert, makeupDb, beforeLufs, afterLufs } = report;
    const text = `${insert}: makeupDb ${makeupDb}; ${beforeLufs.toFixed(2)} LUFS before it, ${afterLufs.toFixed(2)} LUFS after it\n`;
    return { exitCode: 0, json: { ...report, warnings }, text, warnings };
  },
};
