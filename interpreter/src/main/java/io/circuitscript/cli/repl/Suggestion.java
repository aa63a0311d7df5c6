package io.circuitscript.cli.repl;

/**
 * One completion at the cursor.
 *
 * @param doc a few words on it, or empty
 * @param finished whether nothing more belongs to it: a space may follow
 */
record Suggestion(String text, String doc, boolean finished) {
    static Suggestion of(String text, String doc) {
        return new Suggestion(text, doc, true);
    }

    /** The beginning of something: an option's key, a folder. */
    static Suggestion open(String text, String doc) {
        return new Suggestion(text, doc, false);
    }
}
