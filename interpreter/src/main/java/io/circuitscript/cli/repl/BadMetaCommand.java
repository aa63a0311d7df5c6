package io.circuitscript.cli.repl;

/** What was said to the prompt and means nothing to it. */
final class BadMetaCommand extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String help;

    /** @param help the way out */
    BadMetaCommand(String message, String help) {
        super(message);
        this.help = help;
    }

    String help() {
        return help;
    }
}
