import * as path from "node:path";
import * as vscode from "vscode";
import { workingFolder } from "./place";
import { matches, nameOf, pictureAt } from "./pictures";

/** Shows the pictures that scripts write, beside the editor; a picture that is written anew is shown anew. */
export class PictureView implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  /**
   * Shows a picture of a script.
   *
   * @param given the script; the active editor's where it is not given
   * @param name the picture's name as the script has it; where it is not given, that of the statement at the cursor, else the script's last
   */
  async show(given?: vscode.Uri | string, name?: string): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const uri = typeof given === "string" ? vscode.Uri.parse(given) : (given ?? editor?.document.uri);
    if (uri === undefined || uri.scheme !== "file") {
      void vscode.window.showInformationMessage("Save the script first: its pictures are looked for beside it.");
      return;
    }
    const wanted = typeof name === "string" ? nameOf(name) : await this.meant(uri, editor);
    if (wanted === undefined) {
      void vscode.window.showInformationMessage('This script writes no picture. `render "circuit.svg"` draws the circuit, `plot "scores.svg"` a chart.');
      return;
    }
    const file = await written(uri, wanted);
    if (file === undefined) {
      const run = "Run script";
      const chosen = await vscode.window.showInformationMessage(`There is no ${wanted} yet: the script has not written it to ${workingFolder(uri)}.`, run);
      if (chosen === run) await vscode.commands.executeCommand("circuitscript.run", uri);
      return;
    }
    await this.open(file);
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
  }

  private async meant(uri: vscode.Uri, editor: vscode.TextEditor | undefined): Promise<string | undefined> {
    const document = await vscode.workspace.openTextDocument(uri);
    const line = editor?.document === document ? editor.selection.active.line : -1;
    return pictureAt(document.getText(), line)?.name;
  }

  private async open(file: vscode.Uri): Promise<void> {
    switch (path.extname(file.fsPath).toLowerCase()) {
      case ".png":
      case ".svg":
        this.showPanel(file);
        break;
      case ".dot":
      case ".gv":
        await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
        break;
      default:
        await vscode.env.openExternal(file);
    }
  }

  private showPanel(file: vscode.Uri): void {
    const key = file.toString();
    const there = this.panels.get(key);
    if (there !== undefined) {
      there.reveal(undefined, true);
      there.webview.html = page(there.webview, file);
      return;
    }
    const folder = vscode.Uri.file(path.dirname(file.fsPath));
    const name = path.basename(file.fsPath);
    const panel = vscode.window.createWebviewPanel(
      "circuitscript.picture",
      name,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: false, localResourceRoots: [folder] },
    );
    panel.webview.html = page(panel.webview, file);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*"));
    const again = (changed: vscode.Uri): void => {
      if (changed.fsPath === file.fsPath) panel.webview.html = page(panel.webview, file);
    };
    watcher.onDidChange(again);
    watcher.onDidCreate(again);
    panel.onDidDispose(() => {
      watcher.dispose();
      this.panels.delete(key);
    });
    this.panels.set(key, panel);
  }
}

/** The file that was written last among those that the name can stand for. */
async function written(script: vscode.Uri, name: string): Promise<vscode.Uri | undefined> {
  const folders = [workingFolder(script), path.dirname(script.fsPath), vscode.workspace.getWorkspaceFolder(script)?.uri.fsPath];
  for (const from of new Set(folders.filter((it) => it !== undefined))) {
    const folder = vscode.Uri.file(path.resolve(from, path.dirname(name)));
    let newest: { file: vscode.Uri; at: number } | undefined;
    for (const [entry, type] of await entries(folder)) {
      if ((type & vscode.FileType.File) === 0 || !matches(path.basename(name), entry)) continue;
      const file = vscode.Uri.joinPath(folder, entry);
      const at = (await vscode.workspace.fs.stat(file)).mtime;
      if (newest === undefined || at > newest.at) newest = { file, at };
    }
    if (newest !== undefined) return newest.file;
  }
  return undefined;
}

async function entries(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

/** A page that holds the picture alone. It runs nothing and loads nothing else: an SVG may come from anywhere. */
function page(webview: vscode.Webview, file: vscode.Uri): string {
  const source = webview.asWebviewUri(file).with({ query: `t=${Date.now()}` });
  const text = (raw: string): string => raw.replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${webview.cspSource}; style-src 'unsafe-inline'">
<title>${text(path.basename(file.fsPath))}</title>
<style>
body { margin: 0; padding: 8px; background: #fff; }
img { display: block; max-width: 100%; max-height: calc(100vh - 16px); margin: auto; }
</style>
</head>
<body><img src="${text(source.toString())}" alt="${text(path.basename(file.fsPath))}"></body>
</html>`;
}
