package io.circuitscript.model.hub;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Which version of a repository: a branch, a tag, or a commit.
 *
 * @param text as the user wrote it
 */
public record Revision(String text) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern FORM = Pattern.compile("[\\w.+@^~-]+(/[\\w.+@^~-]+)*");

    /** What is taken where nothing is said. */
    public static final Revision MAIN = new Revision("main");

    /** @throws UserError where no version can be called so */
    public Revision {
        if (!FORM.matcher(text).matches() || (text + "/").contains("../") || text.length() > 250) {
            String help = "a revision is a branch, a tag or a commit: revision=main";
            throw UserError.input(ErrorCode.WRONG_VALUE, "there can be no revision \"" + text + "\"", help);
        }
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    boolean isCommit() {
        return isCommit(text);
    }

    /** As one segment of an address. */
    String encoded() {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text;
    }
}
