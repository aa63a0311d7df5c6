import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { findProgram, Found } from "./program";

/** The program for this window, by the settings as they are now. */
export function program(): Found {
  return findProgram(
    {
      setting: setting(),
      folders: (vscode.workspace.workspaceFolders ?? []).filter((it) => it.uri.scheme === "file").map((it) => it.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
    },
    { isExecutable, searchPath: process.env.PATH ?? "", home: os.homedir() },
  );
}

/** Whether the settings name a program. */
export function isProgramSet(): boolean {
  return setting().trim() !== "";
}

function setting(): string {
  return vscode.workspace.getConfiguration("circuitscript").get<string>("path", "");
}

/** The folder in which a script runs, and to which it writes. */
export function workingFolder(script: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(script);
  const where = vscode.workspace.getConfiguration("circuitscript", script).get<string>("workingFolder", "script");
  return where === "workspace" && folder !== undefined ? folder.uri.fsPath : path.dirname(script.fsPath);
}

/** Says that the program is missing, and what can be done about it. */
export async function sayMissing(why: string): Promise<void> {
  const set = "Set the path…";
  const install = "How to install it";
  const chosen = await vscode.window.showWarningMessage(
    `${why} Without it, CircuitScript files are highlighted, but not checked or run.`,
    set,
    install,
  );
  if (chosen === set) await vscode.commands.executeCommand("workbench.action.openSettings", "circuitscript.path");
  if (chosen === install) await showReadme();
}

/** The extension's own page, which says how the program is installed. The package has its name in small letters. */
async function showReadme(): Promise<void> {
  const extension = vscode.extensions.getExtension("circuitscript.circuitscript");
  if (extension === undefined) return;
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(extension.extensionUri, "readme.md"));
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
