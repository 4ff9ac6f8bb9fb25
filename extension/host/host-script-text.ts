import { joinHostScripts } from "../../host-scripts/join.mjs";

declare global {
  interface ImportMeta {
    glob(
      pattern: string,
      options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
    ): Record<string, string>;
  }
}

const parts = import.meta.glob("../../host-scripts/*.jsx", { query: "?raw", import: "default", eager: true });

/** The host scripts as one ES3 text; the bundler puts their texts in, so no file is read at run time. */
export const hostScriptText: string = joinHostScripts((fileName) => {
  const text = parts[`../../host-scripts/${fileName}`];
  if (text === undefined) throw new TypeError(`The host script ${fileName} is missing from the bundle.`);
  return text;
});
