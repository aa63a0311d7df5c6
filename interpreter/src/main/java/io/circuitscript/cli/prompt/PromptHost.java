package io.circuitscript.cli.prompt;

import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the command gives the prompt: where results and messages go, and what Ctrl-C does while a statement runs. */
public interface PromptHost {
    /** A script's text, and where the files are that it names. */
    record Text(Source source, Path folder) {}

    /** Where results go. */
    Output output();

    /** What stands before the word of a command to the prompt. */
    default String mark() {
        return MetaCommand.TYPED;
    }

    /** Why a command to the prompt cannot be had here; empty where it can. */
    default Optional<String> refusal(MetaCommand command) {
        return Optional.empty();
    }

    /** How many columns what the prompt says may take, now. */
    int width();

    /** The headings of a table of the prompt's own, as they are marked here. */
    String heading(String line);

    /** What the keys do, for the prompt's help. */
    String keys();

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

    /** @param name the name that the prompt will give to a result, as it is to be shown beside it; empty where it gets none */
    void nameResults(Function<Result, Optional<String>> name);

    /** The file of a name, from a folder. @throws UserError where no file can have that name */
    default Path resolve(String file, Path folder) {
        return UserHome.begins(file)
                ? ScriptText.resolve(file.replaceFirst("^~/*", ""), UserHome.ofProcess())
                : ScriptText.resolve(file, folder);
    }

    /** @throws UserError where it cannot be read */
    default Text read(String file, Path folder) {
        String path = UserHome.begins(file) ? resolve(file, folder).toString() : file;
        ScriptText script = ScriptText.ofFile(path, folder);
        return new Text(script.source(), script.folder());
    }

    /** Runs a program in the terminal, as a shell does, with Ctrl-C for it alone. @return its exit status */
    int runInTerminal(List<String> command, Path folder) throws IOException;

    /** Calls the action at each Ctrl-C until closed. */
    QuietCloseable onInterrupt(Runnable action);

    /** Lets Ctrl-C cancel, until closed. */
    QuietCloseable cancelling(CancelToken cancel);
}
