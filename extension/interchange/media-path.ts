const decodePercent = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      // "100%25.wav" written by a tool that escapes only half, or Latin-1 escapes: the name stays as it was written.
      return escaped;
    }
  });

const fromFileUrl = (host: string, escapedPath: string): string => {
  const path = decodePercent(escapedPath);
  const drive = /^\/+([A-Za-z])[:|](?=[\\/]|$)(.*)$/s.exec(path);
  if (drive !== null) return `${drive[1]}:${drive[2]}`;
  if (host !== "" && host !== "localhost" && host !== "127.0.0.1") return `//${host}${path}`;
  if (host === "") return path;
  // Some writers put a second slash after localhost because Premiere asked for it once.
  return path.replace(/^\/{2,}/, "/");
};

/**
 * Path that a project file names, ready to be shown and compared: `file:` URLs are decoded (localhost, empty host, Windows
 * drive, UNC), plain paths stay as written; composed Unicode (NFC), because Premiere's own relink fails on the difference.
 */
export const decodeMediaPath = (written: string): string => {
  const url = /^file:\/\/([^/\\]*)(.*)$/is.exec(written.trim());
  const path = url === null ? written.trim() : fromFileUrl(decodePercent(url[1] ?? "").toLowerCase(), url[2] ?? "");
  return path.normalize("NFC");
};

/** Base name of a path with either separator: sessions look for media by this name. */
export const mediaNameOf = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== "")
    .at(-1) ?? "";
