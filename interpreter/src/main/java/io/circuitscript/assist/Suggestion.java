package io.circuitscript.assist;

/**
 * One completion at the cursor.
 *
 * @param doc a few words on it, or empty
 * @param finished whether nothing more belongs to it: a space may follow
 */
public record Suggestion(String text, String doc, boolean finished) {
    public static Suggestion of(String text, String doc) {
        return new Suggestion(text, doc, true);
    }

    /** The beginning of something: an option's key, a folder. */
    public static Suggestion open(String text, String doc) {
        return new Suggestion(text, doc, false);
    }
}
