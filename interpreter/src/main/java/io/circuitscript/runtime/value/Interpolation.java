package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values into strings: {@code "m{l}"}, {@code "{year:02}"}, {@code "{x:.3}"}. */
public final class Interpolation {
    private static final Pattern FORMAT = Pattern.compile("([<>^]?)(0?)([0-9]{0,3})(?:\\.([0-9]{1,2}))?");

    /** A hole of a text, and what it was filled with: from one {@code char} of the text up to another. */
    public record Filled(Expression.Hole hole, int from, int to) {
        /** The same where so many more stand before it. */
        public Filled after(int more) {
            return new Filled(hole, from + more, to + more);
        }
    }

    /** Is told of each text that is made. */
    public interface Listener {
        Listener NONE = (text, filled) -> {};

        void made(Value.Text text, List<Filled> filled);
    }

    private Interpolation() {}

    public static AbstractValue text(
            Expression.StringLiteral literal, Function<Expression, AbstractValue> evaluate, Listener listener) {
        StringBuilder text = new StringBuilder();
        List<Filled> filled = new ArrayList<>();
        boolean known = true;
        for (Expression.Part part : literal.parts()) {
            switch (part) {
                case Expression.Text(String piece) -> text.append(piece);
                case Expression.Hole hole -> {
                    AbstractValue evaluated = evaluate.apply(hole.value());
                    checkFormat(hole, evaluated);
                    int from = text.length();
                    if (evaluated instanceof Value value) text.append(format(value, hole.format(), hole.span()));
                    else known = false;
                    filled.add(new Filled(hole, from, text.length()));
                }
            }
            ValueLimits.check(text, literal.span());
        }
        if (!known) return Unknown.of(Type.TEXT);
        Value.Text made = new Value.Text(text.toString());
        listener.made(made, filled);
        return made;
    }

    private static void checkFormat(Expression.Hole hole, AbstractValue evaluated) {
        if (hole.format().isEmpty()) return;
        if (!FORMAT.matcher(hole.format()).matches()) {
            throw Mistake.form(ErrorCode.BAD_FORMAT, "`" + hole.format() + "` is not a format", hole.span(), FORMS);
        }
        if (evaluated.type().mayBe(Type.NUMBER)) return;
        Matcher parts = FORMAT.matcher(hole.format());
        boolean aligned = parts.matches() && parts.group(2).isEmpty() && parts.group(4) == null;
        boolean one = evaluated.type().mayBe(Type.TEXT, Type.TRUTH, Type.NONE, Type.NODES, Type.EDGES);
        if (aligned && one) return;
        String message = "the format `" + hole.format() + "` is for " + (aligned ? "numbers and texts" : "numbers")
                + ", and this is " + evaluated.phrase();
        throw Mistake.value(
                ErrorCode.WRONG_TYPE, message, hole.span(), one ? "text takes a width, as in {name:<12}" : "");
    }

    private static final String FORMS =
            "formats are {x:02} (two digits, with zeros), {x:.3} (three decimals), {x:8.3} (eight places) and {name:<12}, {name:>12}, {name:^12} (text in twelve places)";

    private static String format(Value value, String format, Span span) {
        if (format.isEmpty()) return value.display();
        Matcher parts = FORMAT.matcher(format);
        if (!parts.matches()) throw new IllegalStateException(format);
        int width = parts.group(3).isEmpty() ? 0 : Integer.parseInt(parts.group(3));
        if (!(value instanceof Value.Number(double number, boolean _)))
            return aligned(value.display(), width, parts.group(1).isEmpty() ? "<" : parts.group(1));
        boolean decimals = parts.group(4) != null;
        boolean zeros = !parts.group(2).isEmpty();
        String sign = parts.group(1).isEmpty() ? ">" : parts.group(1);
        if (!decimals && !zeros) return aligned(value.display(), width, sign);
        if (!decimals && number != Math.rint(number)) {
            String message =
                    NumberText.of(number) + " is not a whole number, and the format `" + format + "` needs one";
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, "give the decimals, as {x:.3}");
        }
        String digits = decimals ? NumberText.rounded(number, Integer.parseInt(parts.group(4))) : NumberText.of(number);
        return zeros ? filled(digits, width) : aligned(digits, width, sign);
    }

    /** With zeros between the sign and the digits. */
    private static String filled(String digits, int width) {
        String sign = digits.startsWith("-") ? "-" : "";
        String rest = digits.substring(sign.length());
        return sign + "0".repeat(Math.max(0, width - sign.length() - rest.length())) + rest;
    }

    private static String aligned(String text, int width, String side) {
        int gap = Math.max(0, width - text.codePointCount(0, text.length()));
        int left = switch (side) {
            case "<" -> 0;
            case "^" -> gap / 2;
            default -> gap;
        };
        return " ".repeat(left) + text + " ".repeat(gap - left);
    }
}
