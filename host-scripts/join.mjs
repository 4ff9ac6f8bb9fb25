// Joins the host scripts into the one text that Premiere evaluates. Pure: the build, the tests and the bundles give it the texts.

/** The order of joining; the functions are hoisted, so only the vars at the top of a file care. */
export const HOST_SCRIPT_FILES = [
  "dispatch.jsx",
  "json.jsx",
  "sequence.jsx",
  "levels.jsx",
  "audio-clips.jsx",
  "fingerprint.jsx",
  "audio-tracks.jsx",
  "project-items.jsx",
  "stems.jsx",
  "removal.jsx",
  "check-host.jsx",
  "check-scratch.jsx"
];

const MASK = 0xffffffffffffffffn;

/** 64-bit FNV-1a as 16 hex digits: the build stamp needs to tell builds apart, not to resist anybody. */
const stampOf = (text) => {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & MASK;
  }
  return hash.toString(16).padStart(16, "0");
};

/** One ES3 text of which only `$.__premix` can be seen from outside; its value is the build stamp. */
export const joinHostScripts = (textOf) => {
  const body = HOST_SCRIPT_FILES.map((name) =>
    textOf(name)
      .replace(/^\uFEFF/, "")
      .replace(/\r\n/g, "\n")
  ).join("\n");
  const build = stampOf(body);
  return `(function () {\nvar HOST_BUILD = "${build}";\n${body}\n$.__premix = { build: HOST_BUILD, call: premixCall };\nreturn HOST_BUILD;\n}());\n`;
};
