import * as path from "node:path";

/** What finding the program asks of the machine; a test gives its own answers. */
export interface Machine {
  isExecutable(file: string): boolean;
  searchPath: string;
  home: string;
}

/** Where the settings and the workspace say that the program may be. */
export interface Wanted {
  /** The setting `circuitscript.path`; empty where it is not set. */
  setting: string;
  /** The workspace's folders, in order. */
  folders: readonly string[];
  /** Whether a program from the workspace may be started. */
  trusted: boolean;
}

export type Found = { file: string } | { missing: string };

const NAME = "circuit";

/**
 * The program: the one that the setting names, else the one on the PATH, else one in a folder of the workspace, as in a checkout or an unpacked
 * archive. The last only where the workspace is trusted. What is found is absolute, so that no working folder decides what is started.
 */
export function findProgram(wanted: Wanted, machine: Machine): Found {
  const setting = wanted.setting.trim();
  if (setting !== "") return named(setting, wanted, machine);
  for (const folder of machine.searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, NAME);
    if (machine.isExecutable(file)) return { file };
  }
  if (wanted.trusted) {
    for (const folder of wanted.folders) {
      const file = [path.join(folder, NAME), path.join(folder, "bin", NAME)].find((it) => machine.isExecutable(it));
      if (file !== undefined) return { file };
    }
  }
  return {
    missing:
      "The program `circuit` was not found on the PATH" +
      (wanted.folders.length === 0 ? "." : wanted.trusted ? " or in the workspace." : ". The workspace is not trusted, so its own is not used."),
  };
}

function named(setting: string, wanted: Wanted, machine: Machine): Found {
  const homed = setting === "~" || setting.startsWith("~/") ? path.join(machine.home, setting.slice(1)) : setting;
  const absolute = path.isAbsolute(homed);
  if (!absolute && wanted.folders.length === 0) {
    return { missing: `The setting circuitscript.path is the relative path \`${setting}\`, and no folder is open.` };
  }
  if (!absolute && !wanted.trusted) {
    return { missing: `The setting circuitscript.path is the relative path \`${setting}\`, and the workspace is not trusted.` };
  }
  const file = absolute ? path.normalize(homed) : path.join(wanted.folders[0], homed);
  for (const candidate of [file, path.join(file, NAME), path.join(file, "bin", NAME)]) {
    if (machine.isExecutable(candidate)) return { file: candidate };
  }
  return { missing: `The setting circuitscript.path names \`${setting}\`, which is no program that can be started.` };
}
