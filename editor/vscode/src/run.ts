import * as vscode from "vscode";
import { program, sayMissing, workingFolder } from "./place";

const PROMPT = "CircuitScript";

/** Runs a script in a terminal. The program is started without a shell between, so that a file's name may be any. */
export async function runScript(given?: vscode.Uri | string): Promise<void> {
  const file = await saved(given);
  if (file === undefined) return;
  const circuit = await allowedProgram();
  if (circuit === undefined) return;
  const more = vscode.workspace.getConfiguration("circuitscript", file).get<string[]>("runArguments", []);
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const task = new vscode.Task(
    { type: "circuitscript", file: file.fsPath },
    vscode.workspace.getWorkspaceFolder(file) ?? vscode.TaskScope.Workspace,
    `run ${name}`,
    "CircuitScript",
    new vscode.ProcessExecution(circuit, ["run", ...more.map(String), file.fsPath], { cwd: workingFolder(file) }),
    [],
  );
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    focus: false,
    clear: true,
    showReuseMessage: false,
  };
  await vscode.tasks.executeTask(task);
}

/** Enters the selected lines, or the cursor's, at a prompt that stays open. */
export async function runSelection(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "circuitscript") return;
  const circuit = await allowedProgram();
  if (circuit === undefined) return;
  const selected = editor.selection.isEmpty
    ? editor.document.lineAt(editor.selection.active.line).text
    : editor.document.getText(editor.selection);
  let terminal = vscode.window.terminals.find((it) => it.name === PROMPT && it.exitStatus === undefined);
  if (terminal === undefined) {
    const file = editor.document.uri;
    terminal = vscode.window.createTerminal({
      name: PROMPT,
      shellPath: circuit,
      cwd: file.scheme === "file" ? workingFolder(file) : undefined,
    });
  }
  terminal.show(true);
  // A tab would complete a word there.
  const lines = selected.replace(/\t/g, "  ").replace(/[\r\n]+$/, "").split(/\r\n|\n|\r/);
  for (const line of lines) terminal.sendText(line);
}

async function allowedProgram(): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    const manage = "Manage trust…";
    const chosen = await vscode.window.showWarningMessage("A script runs only in a workspace that you trust.", manage);
    if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
    return undefined;
  }
  const found = program();
  if ("file" in found) return found.file;
  await sayMissing(found.missing);
  return undefined;
}

/** The file of a script, saved. A new one gets its name first. */
async function saved(given?: vscode.Uri | string): Promise<vscode.Uri | undefined> {
  const uri = typeof given === "string" ? vscode.Uri.parse(given) : (given ?? vscode.window.activeTextEditor?.document.uri);
  if (uri === undefined) {
    void vscode.window.showInformationMessage("Open a CircuitScript file first.");
    return undefined;
  }
  const open = vscode.workspace.textDocuments.find((it) => it.uri.toString() === uri.toString());
  if (open === undefined || (!open.isDirty && !open.isUntitled)) return uri;
  const kept = await vscode.workspace.save(uri);
  if (kept === undefined) void vscode.window.showWarningMessage("The script was not saved, so it was not run.");
  return kept;
}
