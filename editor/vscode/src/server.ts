import * as vscode from "vscode";
import { CloseAction, CloseHandlerResult, ErrorAction, LanguageClient, State } from "vscode-languageclient/node";
import { COLOURED_BY_GRAMMAR, withoutTypes } from "./colors";
import { isProgramSet, program, sayMissing } from "./place";

/** A server that ends by itself is started again, up to so many times in so many milliseconds. */
const MOST_RESTARTS = 4;
const WITHIN = 180_000;

/** Reports to the log alone: what a user has to know is said once, by {@link Server}. */
class LoggedClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data instanceof Error ? data.message : data, false);
  }
}

/** Keeps a language server running: one, started with `circuit lsp`. */
export class Server implements vscode.Disposable {
  private readonly log = vscode.window.createOutputChannel("CircuitScript", { log: true });
  private readonly status = vscode.languages.createLanguageStatusItem("circuitscript.server", { language: "circuitscript" });
  private client: LanguageClient | undefined;
  /** The program that was started last. */
  private started = "";
  private ends: number[] = [];
  /** Starts and stops follow each other: each waits for what was asked before it. */
  private turn: Promise<void> = Promise.resolve();

  constructor() {
    this.status.name = "CircuitScript";
    this.status.command = { command: "circuitscript.showLog", title: "Log" };
  }

  /** Starts the server. @param loudly whether a missing program is said in a message, and not only in the status */
  start(loudly: boolean): Promise<void> {
    return this.inTurn(() => this.startNow(loudly));
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.stopNow();
      await this.startNow(true);
    });
  }

  /**
   * Starts the program that the settings name now, where it is another one. Where they name none any more and none is found, the server that runs is kept:
   * code-server reads a path on the tab "User" at first, and drops it when a task starts.
   */
  settingsChanged(): Promise<void> {
    return this.inTurn(async () => {
      const found = program();
      const same = "file" in found ? found.file === this.started : !isProgramSet();
      if (this.client !== undefined && same) return;
      await this.stopNow();
      await this.startNow(true);
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.stopNow());
  }

  showLog(): void {
    this.log.show(true);
  }

  dispose(): void {
    this.status.dispose();
    this.log.dispose();
  }

  private inTurn(what: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(what, what);
    return this.turn;
  }

  private async startNow(loudly: boolean): Promise<void> {
    if (this.client !== undefined) return;
    const found = program();
    if ("missing" in found) {
      this.log.warn(`${found.missing} PATH=${process.env.PATH ?? ""}`);
      this.show("no language server", found.missing, vscode.LanguageStatusSeverity.Warning);
      if (loudly) void sayMissing(found.missing);
      return;
    }
    this.log.info(`starting ${found.file} lsp`);
    this.show("starting", found.file, vscode.LanguageStatusSeverity.Information, true);
    const client: LanguageClient = new LoggedClient(
      "circuitscript",
      "CircuitScript",
      { command: found.file, args: ["lsp"] },
      {
        documentSelector: [
          { language: "circuitscript", scheme: "file" },
          { language: "circuitscript", scheme: "untitled" },
        ],
        outputChannel: this.log,
        middleware: {
          provideDocumentSemanticTokens: async (document, token, next) => names(client, await next(document, token)),
          provideDocumentRangeSemanticTokens: async (document, range, token, next) => names(client, await next(document, range, token)),
        },
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.ended(client, found.file),
        },
        synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{circuit,csv,tsv,jsonl,json,parquet}") },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) this.show("language server", found.file, vscode.LanguageStatusSeverity.Information);
      if (newState === State.Stopped) this.show("language server stopped", found.file, vscode.LanguageStatusSeverity.Error);
    });
    this.client = client;
    this.started = found.file;
    this.ends = [];
    try {
      await client.start();
    } catch (mistake) {
      this.client = undefined;
      this.log.error(`${found.file} lsp did not start: ${mistake instanceof Error ? mistake.message : mistake}`);
      this.show("language server did not start", found.file, vscode.LanguageStatusSeverity.Error);
      void this.sayFailed(`CircuitScript's language server did not start: \`${found.file} lsp\`.`);
    }
  }

  /** The server ended by itself. One that never began is not tried again: it would end again. */
  private ended(client: LanguageClient, file: string): CloseHandlerResult {
    const stop = { action: CloseAction.DoNotRestart, handled: true };
    if (this.client !== client || client.initializeResult === undefined) return stop;
    const now = Date.now();
    this.ends = [...this.ends.filter((it) => now - it < WITHIN), now];
    this.log.error(`${file} lsp ended by itself`);
    if (this.ends.length <= MOST_RESTARTS) return { action: CloseAction.Restart, handled: true };
    void this.sayFailed(`CircuitScript's language server ended ${this.ends.length} times and is not started again.`);
    return stop;
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose(5_000);
    } catch (mistake) {
      this.log.warn(`the language server did not stop by itself: ${mistake}`);
    }
  }

  private async sayFailed(what: string): Promise<void> {
    const log = "Show the log";
    const retry = "Try again";
    const chosen = await vscode.window.showErrorMessage(
      `${what} The log says why; \`circuit doctor\` in a terminal says what works on this machine.`,
      log,
      retry,
    );
    if (chosen === log) this.showLog();
    if (chosen === retry) await this.restart();
  }

  private show(text: string, detail: string, severity: vscode.LanguageStatusSeverity, busy = false): void {
    this.status.text = text;
    this.status.detail = detail;
    this.status.severity = severity;
    this.status.busy = busy;
  }
}

/** Of the server's colours those that the grammar does not give. */
function names(client: LanguageClient, all: vscode.SemanticTokens | null | undefined): vscode.SemanticTokens | null | undefined {
  const types = client.initializeResult?.capabilities.semanticTokensProvider?.legend.tokenTypes;
  return all && types ? new vscode.SemanticTokens(withoutTypes(all.data, types, COLOURED_BY_GRAMMAR)) : all;
}
