package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values into strings: {@code "m{l}"}, {@code "{year:02}"}, {@code "{x:.3}"}. */
public final class Interpolation {
    private static final Pattern FORMAT = Pattern.compile("(0?)([0-9]{0,2})(?:\\.([0-9]{1,2}))?");

    private Interpolation() {}

    public static AbstractValue text(Expression.StringLiteral literal, Function<Expression, AbstractValue> evaluate) {
        StringBuilder text = new StringBuilder();
        boolean known = true;
        for (Expression.Part part : literal.parts()) {
            switch (part) {
                case Expression.Text(String piece) -> text.append(piece);
                case Expression.Hole hole -> {
                    AbstractValue evaluated = evaluate.apply(hole.value());
                    checkFormat(hole, evaluated);
                    if (evaluated instanceof Value value) text.append(format(value, hole.format(), hole.span()));
                    else known = false;
                }
            }
            ValueLimits.check(text, literal.span());
        }
        return known ? new Value.Text(text.toString()) : Unknown.of(Type.TEXT);
    }

    private static void checkFormat(Expression.Hole hole, AbstractValue evaluated) {
        if (hole.format().isEmpty()) return;
        if (!FORMAT.matcher(hole.format()).matches()) {
            throw Mistake.form(ErrorCode.BAD_FORMAT, "`" + hole.format() + "` is not a format", hole.span(), FORMS);
        }
        if (evaluated.type().mayBe(Type.NUMBER)) return;
        String message = "the format `" + hole.format() + "` is for numbers, and this is " + evaluated.phrase();
        throw Mistake.value(ErrorCode.WRONG_TYPE, message, hole.span(), "");
    }

    private static final String FORMS =
            "formats are {x:02} (two digits, with zeros), {x:.3} (three decimals) and both together, {x:08.3}";

    private static String format(Value value, String format, Span span) {
        if (format.isEmpty() || !(value instanceof Value.Number(double number, boolean _))) return value.display();
        Matcher parts = FORMAT.matcher(format);
        if (!parts.matches()) throw new IllegalStateException(format);
        boolean decimals = parts.group(3) != null;
        if (!decimals && number != Math.rint(number)) {
            String message =
                    NumberText.of(number) + " is not a whole number, and the format `" + format + "` needs one";
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, "give the decimals, as {x:.3}");
        }
        String digits = decimals ? NumberText.rounded(number, Integer.parseInt(parts.group(3))) : NumberText.of(number);
        int width = parts.group(2).isEmpty() ? 0 : Integer.parseInt(parts.group(2));
        return padded(digits, width, parts.group(1).isEmpty() ? " " : "0");
    }

    private static String padded(String digits, int width, String with) {
        String sign = digits.startsWith("-") && with.equals("0") ? "-" : "";
        String rest = digits.substring(sign.length());
        return sign + with.repeat(Math.max(0, width - sign.length() - rest.length())) + rest;
    }
}
