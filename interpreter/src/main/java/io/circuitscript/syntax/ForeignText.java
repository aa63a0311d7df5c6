package io.circuitscript.syntax;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import java.util.Locale;

/** Suggestions for signs of other languages that this one lacks. */
final class ForeignText {
    private ForeignText() {}

    static Diagnostic explain(String text, Span span) {
        return switch (text) {
            case "&&" -> sign(text, span, "write `and`");
            case "||" -> sign(text, span, "write `or`");
            case "!" -> sign(text, span, "write `not`");
            case ":=" -> sign(text, span, "write `let name = value`");
            case "=>", "→", "⟶" -> sign(text, span, "an edge is written `m0 -> logits`");
            case "**" -> sign(text, span, "a power is written `a ^ b`");
            case "\u2212", "\u2013", "\u2014" -> sign(text, span, "write `-`");
            case "×", "·" -> sign(text, span, "write `*`");
            case "÷" -> sign(text, span, "write `/`");
            case "≤" -> sign(text, span, "write `<=`");
            case "≥" -> sign(text, span, "write `>=`");
            case "≠" -> sign(text, span, "write `!=`");
            case "%" -> sign(text, span, "a percentage has no space: `5%`; a remainder is mod(7, 2)");
            case "\\" -> sign(text, span, "a line continues inside brackets and after an operator");
            default -> otherwise(text, span);
        };
    }

    private static Diagnostic otherwise(String text, Span span) {
        if (text.startsWith("//") || text.startsWith("/*")) {
            return Diagnostic.error(ErrorCode.WRONG_COMMENT, "a comment starts with `#`", span)
                    .withHelp("write `# …`");
        }
        int first = text.codePointAt(0);
        if (first == '\'' || first == '\u201C' || first == '\u201D' || first == '\u201E') {
            String inside = text.length() > 2 ? text.substring(1, text.length() - 1) : "…";
            return Diagnostic.error(ErrorCode.WRONG_QUOTES, "a string is written in straight double quotes", span)
                    .withHelp("write \"" + inside + "\"");
        }
        String shown = first < ' '
                        || first == 0x7F
                        || Character.getType(first) == Character.FORMAT
                        || Character.getType(first) == Character.SURROGATE
                ? String.format(Locale.ROOT, "the character U+%04X", first)
                : "`" + text + "`";
        if (text.startsWith("|"))
            return Diagnostic.error(ErrorCode.UNKNOWN_CHARACTER, shown + " has no meaning here", span)
                    .withHelp("`+` joins sets, `&` is what is in both, `or` joins conditions");
        return Diagnostic.error(ErrorCode.UNKNOWN_CHARACTER, shown + " has no meaning here", span)
                .withHelp("a name or file that holds it is quoted: \"…\"");
    }

    private static Diagnostic sign(String text, Span span, String help) {
        return Diagnostic.error(ErrorCode.UNKNOWN_OPERATOR, "there is no operator `" + text + "`", span)
                .withHelp(help);
    }
}
