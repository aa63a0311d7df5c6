package io.circuitscript.cli.prompt;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An input that asks what a word is: {@code ?greedy}, {@code greedy?}, or {@code ?} alone. */
public final class Question {
    /** A word of the language alone: anything else in front of a question mark is a mistake in a statement. */
    private static final Pattern AFTER = Pattern.compile("\\s*([\\p{L}\\p{N}_.<>*-]+=?)\\s*\\?+\\s*");

    private Question() {}

    public static boolean is(String text) {
        return word(text).isPresent();
    }

    /** The word that is asked about; empty text for {@code ?} alone; nothing where the text asks nothing. */
    public static Optional<String> word(String text) {
        String bare = text.strip();
        if (bare.startsWith("?"))
            return Optional.of(bare.replaceFirst("^\\?+", "").strip());
        Matcher after = AFTER.matcher(text);
        return after.matches() ? Optional.of(after.group(1)) : Optional.empty();
    }
}
