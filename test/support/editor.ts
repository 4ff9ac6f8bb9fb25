import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { getLanguageService, type SchemaConfiguration, TextDocument } from "vscode-json-languageservice";

type Association = { readonly fileMatch: readonly string[]; readonly url: string };

/** What VS Code shows at one place of a file. */
export type Shown = {
  readonly hover: string;
  readonly completions: readonly string[];
  /** "line:column text" of each complaint, 1-based, and its message. */
  readonly complaints: readonly string[];
};

/** The place that is looked at, in a text. */
export const cursor = "‸";

/** Folders of the workspace's settings are its own: "./" is the folder, as in VS Code. */
const configurationOf = (folder: string, { fileMatch, url }: Association): SchemaConfiguration => ({
  fileMatch: [...fileMatch],
  uri: pathToFileURL(join(folder, url)).href,
});

/** VS Code's JSON support on a folder with its own `.vscode/settings.json`; it can read that folder and nothing else. */
export const openEditor = async (folder: string) => {
  const inside = pathToFileURL(`${folder}/`).href;
  const requested: string[] = [];
  const service = getLanguageService({
    schemaRequestService: async (uri) => {
      requested.push(uri);
      if (!uri.startsWith(inside)) throw new Error(`${uri} is not in the folder.`);
      return readFile(fileURLToPath(uri), "utf8");
    },
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  });
  const settings = JSON.parse(await readFile(join(folder, ".vscode/settings.json"), "utf8")) as {
    readonly "json.schemas": readonly Association[];
  };
  const schemas = settings["json.schemas"].map((association) => configurationOf(folder, association));
  service.configure({ validate: true, allowComments: true, schemas });

  const look = async (name: string, marked: string): Promise<Shown> => {
    const text = marked.replace(cursor, "");
    const document = TextDocument.create(pathToFileURL(join(folder, name)).href, "jsonc", 1, text);
    const json = service.parseJSONDocument(document);
    const position = document.positionAt(marked.indexOf(cursor));
    const hover = await service.doHover(document, position, json);
    const list = await service.doComplete(document, position, json);
    const complaints = await service.doValidation(document, json);
    return {
      hover: [hover?.contents ?? ""].flat().map(String).join(""),
      completions: (list?.items ?? []).map(({ label }) => label),
      complaints: complaints.map(
        ({ range, message }) =>
          `${range.start.line + 1}:${range.start.character + 1} ${document.getText(range)} | ${message}`,
      ),
    };
  };
  return { look, requested };
};
