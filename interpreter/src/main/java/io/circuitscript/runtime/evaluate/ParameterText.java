package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Ranges;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the values that the command line gives to a script's {@code param}s. */
public final class ParameterText {
    private ParameterText() {}

    /** A literal of the language where the text is one; else the text itself. */
    public static Value value(String text) {
        if (text.contains("\n") || text.contains("\r")) return new Value.Text(text);
        Parsed parsed = Parser.parse(new Source("<-D>", "let value = " + text));
        boolean one = !parsed.hasErrors() && parsed.statements().size() == 1;
        if (!one || !(parsed.statements().getFirst() instanceof Statement.Let let)) return new Value.Text(text);
        try {
            return literal(let.value()).orElse(new Value.Text(text));
        } catch (Mistake noLiteral) {
            return new Value.Text(text);
        }
    }

    private static Optional<Value> literal(Expression expression) {
        return switch (expression) {
            case Expression.NumberLiteral n ->
                Optional.of(new Value.Number(n.percent() ? n.value() / 100 : n.value(), n.percent()));
            case Expression.BooleanLiteral b -> Optional.of(new Value.Bool(b.value()));
            case Expression.NoneLiteral _ -> Optional.of(new Value.None());
            case Expression.StringLiteral s -> s.constant().map(Value.Text::new);
            case Expression.Unary u ->
                literal(u.operand()).map(value -> (Value) Operators.unary(u.operator(), value, u.span()));
            case Expression.Range r ->
                literal(r.from()).flatMap(from -> literal(r.to()).map(to -> (Value) Ranges.of(from, to, r.span())));
            case Expression.ListLiteral list -> list(list);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> list(Expression.ListLiteral list) {
        List<Value> items = new ArrayList<>();
        for (Expression item : list.items()) {
            Optional<Value> value =
                    item instanceof Expression.Word word ? Optional.of(new Value.Text(word.text())) : literal(item);
            if (value.isEmpty()) return Optional.empty();
            if (item instanceof Expression.Range && value.get() instanceof Value.ListOf(List<Value> spread))
                items.addAll(spread);
            else items.add(value.get());
        }
        return Optional.of(new Value.ListOf(items));
    }

    /** The value of a {@code param}: the command line's, or else the script's. Of one that is text, what the command line gives is taken as it is. */
    public static AbstractValue choose(Statement.Param param, Map<String, String> given, AbstractValue byDefault) {
        String text = given.get(param.name().text());
        if (text == null) return byDefault;
        Type wanted = byDefault.type();
        if (wanted == Type.TEXT) return new Value.Text(text);
        Value value = value(text);
        boolean clash =
                (wanted == Type.NUMBER || wanted == Type.TRUTH || wanted == Type.LIST) && value.type() != wanted;
        if (!clash) return value;
        String message =
                "`" + param.name() + "` is " + wanted.phrase() + " in the script, and -D gives " + value.repr();
        throw Mistake.value(
                ErrorCode.WRONG_PARAMETER,
                message,
                param.name().span(),
                "give " + wanted.phrase() + ": -D " + param.name() + "=…");
    }

    /** What the command line gives that no {@code param} takes. */
    public static List<Mistake> unknown(
            Map<String, String> given, List<Statement> statements, Collection<Parsed> libraries, Source source) {
        List<String> names = new ArrayList<>(AssignedNames.params(statements));
        libraries.forEach(library -> names.addAll(AssignedNames.params(library.statements())));
        List<Mistake> mistakes = new ArrayList<>();
        given.keySet().stream().sorted().filter(name -> !names.contains(name)).forEach(name -> {
            List<String> near = Spelling.nearest(name, names, 1);
            String all = names.isEmpty()
                    ? "a script declares what may be given: param " + name + " = …"
                    : "its params are " + String.join(", ", names);
            String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
            String message = "-D " + name + ": the script has no param of that name";
            mistakes.add(Mistake.form(ErrorCode.UNKNOWN_PARAMETER, message, new Span(source, 0, 0), help));
        });
        return mistakes;
    }
}
