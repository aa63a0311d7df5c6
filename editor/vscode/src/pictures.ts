/** A statement that writes something to look at. */
export interface Written {
  /** The line it stands on, from 0. */
  line: number;
  /** The file's name as it is written in the script; holes are `*`. */
  name: string;
}

const WRITES = /(?:^|[;{]|=)\s*(?:render|plot|report)\s([^;#]*)/g;
const TEXT = /"((?:[^"\\]|\\.)*)"/g;
const SHOWN = /\.(?:png|svg|pdf|dot|gv|html?)$/i;

/** The pictures that a script writes, in the order of its text. */
export function picturesOf(script: string): Written[] {
  const written: Written[] = [];
  script.split(/\r\n|\n|\r/).forEach((text, line) => {
    for (const statement of withoutComment(text).matchAll(WRITES)) {
      for (const [, literal] of statement[1].matchAll(TEXT)) {
        const name = nameOf(literal);
        if (SHOWN.test(name)) written.push({ line, name });
      }
    }
  });
  return written;
}

/** The picture that is meant at a line: that line's, else the last one that the script writes. */
export function pictureAt(script: string, line: number): Written | undefined {
  const all = picturesOf(script);
  return all.find((it) => it.line === line) ?? all.at(-1);
}

/** The text of a string as the program reads it, with a star for each hole. */
export function nameOf(literal: string): string {
  return literal
    .replace(/\{\{|\}\}|\{[^}]*\}|\\(.)/g, (all, escaped?: string) =>
      all === "{{" ? "{" : all === "}}" ? "}" : escaped !== undefined ? escaped : "*",
    );
}

/** Which names a name with stars for holes can be: one in the same folder. */
export function matches(name: string, file: string): boolean {
  const pattern = name.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(file);
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (quoted && line[i] === "\\") i++;
    else if (line[i] === '"') quoted = !quoted;
    else if (line[i] === "#" && !quoted) return line.slice(0, i);
  }
  return line;
}
