package io.circuitscript.cli.prompt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A command of the shell, typed at the prompt after {@code !}. */
public final class ShellCommand {
    /** What a shell adds to the number of the signal that ended a command. */
    private static final int BY_SIGNAL = 128;

    private static final int INTERRUPT = 2;

    private ShellCommand() {}

    public static boolean is(String text) {
        return text.stripLeading().startsWith("!");
    }

    /** Runs it in the terminal, and says how it ended where that was not well. */
    static void run(String text, Path folder, PromptHost host) {
        String command = text.strip().substring(1).strip();
        if (command.isEmpty())
            throw new BadMetaCommand("`!` runs a command of the shell, and none is given", "write, for instance, !ls");
        try {
            int status = host.runInTerminal(List.of("/bin/sh", "-c", command), folder);
            if (status == BY_SIGNAL + INTERRUPT) host.say("the command was interrupted");
            else if (status != 0) host.say("the command ended with exit status " + status);
        } catch (IOException e) {
            throw new BadMetaCommand("the shell cannot be started: " + e.getMessage(), "");
        }
    }
}
