package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitParser.DoubledContext;
import io.circuitscript.grammar.CircuitParser.EscapeContext;
import io.circuitscript.grammar.CircuitParser.ExpressionContext;
import io.circuitscript.grammar.CircuitParser.HoleContext;
import io.circuitscript.grammar.CircuitParser.PartContext;
import io.circuitscript.grammar.CircuitParser.PlainContext;
import io.circuitscript.grammar.CircuitParser.StrayContext;
import io.circuitscript.grammar.CircuitParser.StringContext;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression.Hole;
import io.circuitscript.syntax.Expression.Part;
import io.circuitscript.syntax.Expression.StringLiteral;
import io.circuitscript.syntax.Expression.Text;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Builds string literals: resolves escapes, and makes expressions of the holes. */
final class StringLiterals {
    private static final Pattern FORMAT = Pattern.compile("(?:[<>^]|0)?[0-9]{0,3}(\\.[0-9]{1,2})?");

    private final VariableNames names;
    private final Function<ExpressionContext, Expression> expressions;

    StringLiterals(VariableNames names, Function<ExpressionContext, Expression> expressions) {
        this.names = names;
        this.expressions = expressions;
    }

    StringLiteral literal(StringContext context) {
        var parts = new ArrayList<Part>();
        var text = new StringBuilder();
        for (PartContext part : context.part()) {
            switch (part) {
                case PlainContext plain -> text.append(plain.getText());
                case DoubledContext doubled -> text.append(doubled.getText().charAt(0));
                case EscapeContext escape -> text.append(escaped(escape));
                case StrayContext stray -> {
                    names.report(
                            ErrorCode.STRAY_BRACE,
                            "this `}` in a string closes no `{`",
                            names.span(stray),
                            "a brace itself is written `}}`");
                    text.append(stray.getText());
                }
                case HoleContext hole -> {
                    if (!text.isEmpty()) parts.add(new Text(text.toString()));
                    text.setLength(0);
                    parts.add(hole(hole));
                }
                default -> throw new IllegalStateException("part of a string: " + part.getClass());
            }
        }
        if (!text.isEmpty()) parts.add(new Text(text.toString()));
        return new StringLiteral(parts, names.span(context));
    }

    private String escaped(EscapeContext context) {
        String sign = context.getText().substring(1);
        return switch (sign) {
            case "\"", "\\" -> sign;
            case "n" -> "\n";
            case "t" -> "\t";
            default -> {
                String help = sign.equals("{") || sign.equals("}")
                        ? "a brace is written `" + sign + sign + "`"
                        : "there are `\\\"`, `\\\\`, `\\n` and `\\t`; a backslash itself is `\\\\`";
                names.report(
                        ErrorCode.UNKNOWN_ESCAPE, "there is no escape `\\" + sign + "`", names.span(context), help);
                yield sign;
            }
        };
    }

    private Hole hole(HoleContext context) {
        String format = "";
        if (context.FORMAT() != null) {
            format = context.FORMAT().getText().substring(1).strip();
            Span span =
                    names.span(context.FORMAT().getSymbol(), context.FORMAT().getSymbol());
            if (format.isEmpty() || !FORMAT.matcher(format).matches()) {
                names.report(
                        ErrorCode.BAD_FORMAT,
                        "`:" + format + "` is not a format",
                        span,
                        "write `:02` for two digits with zeros, `:.3` for three decimals, `:8.3` for eight places, `:<12` for text to the left");
            }
        }
        return new Hole(expressions.apply(context.expression()), format, names.span(context));
    }
}
