package io.circuitscript.source;

/**
 * What there is to say of one kind of mistake.
 *
 * @param code the kind of mistake
 * @param title what it says, in a line
 * @param meaning what is behind it, or empty
 * @param example a script that gives it; a shell line, beginning with {@code $}, where no script alone does
 * @param mend how to mend it
 */
public record ErrorPage(ErrorCode code, String title, String meaning, String example, String mend) {

    /** By which people look it up, as {@code E0201}. */
    public String number() {
        return code.number();
    }

    /** Its name, as {@code unknown-name}. */
    public String word() {
        return code.word();
    }

    /** The page as text for a terminal. */
    public String text() {
        String shown = example.indent(4);
        String middle = meaning.isEmpty() ? "" : meaning + "\n\n";
        return number() + " " + word() + ": " + title + "\n\n" + middle + shown + "\n" + mend + "\n";
    }

    /** Whether the example is a script, that can be run as it stands. */
    public boolean exampleIsScript() {
        return !example.startsWith("$ ");
    }
}
