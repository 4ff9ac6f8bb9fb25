import { unpackDocument } from "../../session/pack-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, requiredOutput } from "../arguments.ts";
import { type Command, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";

export const unpackCommand: Command = {
  name: "unpack",
  summary: "takes a bundle apart: the document as text, sources in media/, stems in stems/",
  usage: "<bundle.mixb> -o <dir>",
  options: [outputOption("<dir>", "receives the files; nothing that is there is replaced")],
  examples: ["premix unpack episode.mixb -o episode", "premix unpack ~/Downloads/reel.mixb -o reel --json"],
  positionals: [1, 1],
  run: async (call) => {
    const folder = requiredOutput(call, "<dir>");
    const { document, files } = take(
      await unpackDocument(createGround().files, absolute(call, call.positionals[0]!), folder),
    );
    const text = [document, ...files].map((file) => `${file}\n`).join("");
    return { exitCode: 0, json: { ok: true, exitCode: 0, document, files }, text };
  },
};
