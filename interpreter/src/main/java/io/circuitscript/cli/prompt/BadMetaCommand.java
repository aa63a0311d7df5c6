package io.circuitscript.cli.prompt;

/** Thrown for a command to the prompt that does not exist or has wrong arguments. */
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
