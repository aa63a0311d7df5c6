import * as vscode from "vscode";
import { PictureView } from "./pictureView";
import { runScript, runSelection } from "./run";
import { Server } from "./server";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const running = new Server();
  server = running;
  const pictures = new PictureView();
  context.subscriptions.push(
    running,
    pictures,
    vscode.commands.registerCommand("circuitscript.run", runScript),
    vscode.commands.registerCommand("circuitscript.runSelection", runSelection),
    vscode.commands.registerCommand("circuitscript.showPicture", (uri, name) => pictures.show(uri, name)),
    vscode.commands.registerCommand("circuitscript.restart", () => running.restart()),
    vscode.commands.registerCommand("circuitscript.showLog", () => running.showLog()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("circuitscript.path")) void running.settingsChanged();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.start(true)),
  );
  void running.start(true);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
