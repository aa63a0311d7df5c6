package io.circuitscript.cli.each;

import io.circuitscript.cli.console.Messages;
import java.util.function.IntSupplier;

/** A mistake in the options of a grid: wrong usage, as an option that does not exist. */
public final class WrongGrid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String help;

    WrongGrid(String message, String help) {
        super(message);
        this.help = help;
    }

    /** Does the work, or tells what is wrong with the options. @return the exit code */
    public static int told(Messages messages, IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (WrongGrid wrong) {
            return messages.usage(wrong.getMessage(), wrong.help);
        }
    }
}
