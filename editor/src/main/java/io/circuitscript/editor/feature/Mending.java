package io.circuitscript.editor.feature;

import io.circuitscript.graph.UnresolvedName;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of the text that mends a mistake.
 *
 * @param title what it does
 * @param span what is replaced
 * @param sure whether nothing else can have been meant
 */
public record Mending(String title, Span span, String text, boolean sure) {
    /** What is written literally in a help text: {@code write `and`}, {@code write "g.png"}. */
    private static final Pattern WRITE = Pattern.compile("(?:to calculate, )?write (?:`([^`]+)`|(\".*\"))");

    private static final Pattern EDGE = Pattern.compile("an edge is written ([^ ]+)");
    private static final Pattern IN_QUOTES = Pattern.compile("text is written in quotes: (\".*\")");

    /** Whose help says what stands in the place of what is wrong. */
    private static final Set<ErrorCode> SAID =
            Set.of(ErrorCode.UNKNOWN_NAME, ErrorCode.UNKNOWN_OPERATOR, ErrorCode.WRONG_QUOTES, ErrorCode.UNQUOTED_FILE);

    /** The changes that mend a mistake, the likeliest first; none where it takes more than a change of a few letters. */
    public static List<Mending> of(Diagnostic found) {
        List<Mending> all = new ArrayList<>();
        String written = found.span().text();
        if (written.isEmpty()) return all;
        List<String> asked = Spelling.asked(found.help());
        for (String name : asked) {
            Optional<Mending> mending = spelled(found, name, asked.size() == 1);
            mending.ifPresent(all::add);
        }
        List<String> nearest = UnresolvedName.nearest(found.help());
        for (String name : nearest) {
            String text = written.startsWith("\"") ? ValueText.quoted(name) : name;
            all.add(replace(found.span(), text, nearest.size() == 1));
        }
        said(found).ifPresent(all::add);
        return all;
    }

    private static Mending replace(Span span, String text, boolean sure) {
        return new Mending("Change to " + text, span, text, sure);
    }

    /** The name that may have been meant, in the place of the one that is written. */
    private static Optional<Mending> spelled(Diagnostic found, String name, boolean only) {
        Span span = found.span();
        String written = span.text();
        String meant = name;
        boolean node = found.help().startsWith("did you mean the node ");
        if (found.code() == ErrorCode.UNKNOWN_OPTION && meant.endsWith("="))
            meant = meant.substring(0, meant.length() - 1);
        else if (found.code() == ErrorCode.WRONG_VALUE && meant.contains("="))
            meant = meant.substring(meant.indexOf('=') + 1);
        if (written.startsWith("\"") && written.endsWith("\"") && written.length() > 1) {
            String inside = written.substring(1, written.length() - 1);
            // A file is suggested by its name in the folder that is written.
            String folder = inside.substring(0, inside.lastIndexOf('/') + 1);
            boolean file = found.code() == ErrorCode.MISSING_FILE && !meant.contains("/");
            String text = (file ? folder : "") + meant;
            return isSlip(file ? inside.substring(folder.length()) : inside, meant)
                    ? Optional.of(replace(span, ValueText.quoted(text), only))
                    : Optional.empty();
        }
        int end = written.length();
        boolean first = found.code() == ErrorCode.UNKNOWN_NAME && !node && !meant.contains(".");
        if (first && written.contains(".")) end = written.indexOf('.');
        String wrong = written.substring(0, end);
        if (!node && !isSlip(wrong, meant)) return Optional.empty();
        Span only0 = new Span(span.source(), span.start(), span.start() + wrong.codePointCount(0, wrong.length()));
        return Optional.of(replace(only0, meant, only));
    }

    /** Whether the one may be a misspelt other: a suggestion is seldom about anything else than what is underlined. */
    private static boolean isSlip(String written, String meant) {
        return !Spelling.nearest(written, List.of(meant), 1).isEmpty();
    }

    private static Optional<Mending> said(Diagnostic found) {
        Span span = found.span();
        Matcher write = WRITE.matcher(found.help());
        if (SAID.contains(found.code()) && write.matches())
            return Optional.of(replace(span, write.group(1) != null ? write.group(1) : write.group(2), true));
        Matcher edge = EDGE.matcher(found.help());
        if (found.code() == ErrorCode.UNKNOWN_NAME && edge.matches())
            return Optional.of(replace(span, edge.group(1), true));
        Matcher text = IN_QUOTES.matcher(found.help());
        if (found.code() == ErrorCode.UNKNOWN_NAME && text.matches())
            return Optional.of(new Mending("Put it in quotes", span, text.group(1), false));
        if (found.code() == ErrorCode.MISSING_LET)
            return Optional.of(new Mending("Define it with let", span, "let " + span.text(), false));
        if (found.code() == ErrorCode.ASSIGN_IN_EXPRESSION && span.text().equals("="))
            return Optional.of(replace(span, "==", true));
        if (found.code() == ErrorCode.WRONG_COMMENT && span.text().startsWith("//"))
            return Optional.of(new Mending(
                    "Begin the comment with #", span, "#" + span.text().substring(2), true));
        return Optional.empty();
    }
}
