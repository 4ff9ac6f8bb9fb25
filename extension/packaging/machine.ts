import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** The system that Premix runs on, as far as installing and checking need it. Tests give their own. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly temporaryFolder: string;
  /** Where programs keep a user's settings. */
  readonly configFolder: string;
  /** Where CEP looks for panels, the user's own folder first; empty where there is no CEP. */
  readonly extensionFolders: readonly string[];
  /** Where CEP writes its logs; null where there is no CEP. */
  readonly logFolder: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

const windows = (env: Environment, home: string) => {
  const roaming = env["APPDATA"] ?? join(home, "AppData", "Roaming");
  const common = env["CommonProgramFiles(x86)"] ?? "C:\\Program Files (x86)\\Common Files";
  const cep = ["Adobe", "CEP", "extensions"];
  return {
    configFolder: join(roaming, "Premix"),
    extensionFolders: [join(roaming, ...cep), join(common, ...cep)],
    logFolder: env["TEMP"] ?? join(home, "AppData", "Local", "Temp"),
  };
};

const mac = (home: string) => {
  const support = ["Library", "Application Support"];
  const cep = ["Adobe", "CEP", "extensions"];
  return {
    configFolder: join(home, ...support, "Premix"),
    extensionFolders: [join(home, ...support, ...cep), join("/", ...support, ...cep)],
    logFolder: join(home, "Library", "Logs", "CSXS"),
  };
};

const other = (env: Environment, home: string) => ({
  configFolder: join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "premix"),
  extensionFolders: [],
  logFolder: null,
});

/** The machine that an environment describes. */
export const machineOf = (
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  home = env[platform === "win32" ? "USERPROFILE" : "HOME"] || homedir(),
): Machine => {
  const places = platform === "win32" ? windows(env, home) : platform === "darwin" ? mac(home) : other(env, home);
  return { platform, home, temporaryFolder: tmpdir(), ...places };
};
