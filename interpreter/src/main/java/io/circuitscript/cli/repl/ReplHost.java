package io.circuitscript.cli.repl;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import java.io.PrintStream;
import java.nio.file.Path;

/** What the command gives the prompt: where results and messages go, and what Ctrl-C does while a statement runs. */
public interface ReplHost {
    /** A script's text, and where the files are that it names. */
    record Text(Source source, Path folder) {}

    /** Where results go. */
    Output output();

    /** What the prompt itself says goes here. */
    PrintStream screen();

    /** @param labelled whether the results that follow stand beside their statements, as where an input has several */
    void setLabelled(boolean labelled);

    /** @return whether results now show how long they took */
    boolean toggleTimings();

    /** Shows the last result in full; false where none was cut short. */
    boolean showAll();

    void say(String note);

    void mistake(UserError mistake);

    /** @param help the way out */
    void notUnderstood(String message, String help);

    void defect(Throwable defect);

    /** The file of a name, from the working folder. @throws UserError where no file can have that name */
    Path resolve(String file);

    /** @throws UserError where it cannot be read */
    Text read(String file);

    /** Calls the action at each Ctrl-C until closed. */
    QuietCloseable onInterrupt(Runnable action);

    /** Lets Ctrl-C cancel, until closed. */
    QuietCloseable cancelling(CancelToken cancel);
}
