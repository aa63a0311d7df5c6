package io.circuitscript.runtime;

import io.circuitscript.source.Span;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import java.util.List;

/** Is told which way the check takes through a script, and may stop it. */
interface CheckWatch {
    CheckWatch NONE = new CheckWatch() {};

    /** Ends the check where it is. */
    final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    /** The check is before a block's statement of that number; behind its last where the number is how many there are. */
    default void at(List<Statement> block, int number, Flow flow) {}

    /** @param path where the file is named @param key what tells it from all others */
    default void imports(Span path, String key, Parsed file) {}
}
