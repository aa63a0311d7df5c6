package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.syntax.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Binds the arguments that a script writes to the parameters and options of a statement's declaration. */
public final class ArgumentBinder {
    private final Evaluator evaluator;
    private final ArgumentCoercion coercion;
    private final SessionView session;

    public ArgumentBinder(Evaluator evaluator, SessionView session) {
        this.evaluator = evaluator;
        this.coercion = new ArgumentCoercion(session);
        this.session = session;
    }

    /**
     * The shape is already checked.
     *
     * @param shape what is wrong with it
     * @throws Mistake with everything that is wrong with the shape and the values
     */
    public Arguments bind(Statement.Command command, Declaration declaration, List<Mistake> shape) {
        Map<String, AbstractValue> values = new LinkedHashMap<>();
        Map<String, Span> spans = new LinkedHashMap<>();
        Map<String, RowCondition> conditions = new LinkedHashMap<>();
        List<Mistake> wrong = new ArrayList<>(shape);
        List<Declaration.Argument> filled =
                declaration.filled(command.arguments().size());
        for (Declaration.Argument parameter : declaration.parameters()) {
            int i = filled.indexOf(parameter);
            if (i >= 0) {
                Expression written = command.arguments().get(i);
                if (parameter.kind() == Kind.CONDITION) {
                    conditions.put(
                            parameter.name(), new RowCondition(written, declaration.word(), evaluator.context()));
                    spans.put(parameter.name(), written.span());
                    continue;
                }
                var place = new Place(parameter.called(declaration.word()), "as in " + declaration.example());
                gather(wrong, () -> take(parameter.name(), place, written, values, spans));
            } else parameter.byDefault().ifPresent(value -> values.put(parameter.name(), value));
        }
        for (Declaration.Argument option : declaration.options()) {
            option.byDefault().ifPresent(value -> values.put(option.name(), value));
        }
        for (Statement.Option given : command.options()) {
            if (declaration.option(given.key().text()).isEmpty()) continue;
            Declaration.Argument option = declaration.option(given.key().text()).get();
            String byDefault = option.byDefault()
                    .map(value -> "; default " + value.display())
                    .orElse("");
            var place = new Place(option, option.name() + "=: " + option.doc() + byDefault);
            gather(wrong, () -> {
                if (option.kind() == Kind.FIELD) field(declaration, place, given.value(), values, spans);
                else if (option.kind() == Kind.COLUMN) column(option, given.value(), values, spans);
                else take(option.name(), place, given.value(), values, spans);
            });
        }
        Mistake.throwAll(wrong);
        return new Arguments(command, values, spans, conditions);
    }

    /** One wrong value says nothing of the others. */
    public static void gather(List<Mistake> wrong, Runnable work) {
        try {
            work.run();
        } catch (Mistake mistake) {
            wrong.add(mistake);
        }
    }

    /**
     * Where a value goes.
     *
     * @param argument what it takes, by the name that the user knows it by: a word of a statement is the statement's
     * @param help for whoever gives it something else
     */
    private record Place(Declaration.Argument argument, String help) {}

    private void take(
            String name, Place place, Expression written, Map<String, AbstractValue> values, Map<String, Span> spans) {
        try {
            AbstractValue evaluated = evaluator.forPlace(written, place.argument(), place.help());
            values.put(name, coercion.take(place.argument(), evaluated, written.span(), isLiteral(written)));
            spans.put(name, written.span());
        } catch (Mistake mistake) {
            boolean helpless = mistake.diagnostic().code() == ErrorCode.WRONG_VALUE
                    && mistake.diagnostic().help().isEmpty();
            throw helpless ? mistake.withHelp(place.help()) : mistake;
        }
    }

    private void field(
            Declaration declaration,
            Place place,
            Expression written,
            Map<String, AbstractValue> values,
            Map<String, Span> spans) {
        AbstractValue table = declaration.parameters().stream()
                .filter(it -> it.kind() == Kind.TABLE)
                .map(it -> values.get(it.name()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Unknown.ANY);
        String name = place.argument().name();
        values.put(name, new TableFields(evaluator, table).named(name, written));
        spans.put(name, written.span());
    }

    private void column(
            Declaration.Argument option,
            Expression written,
            Map<String, AbstractValue> values,
            Map<String, Span> spans) {
        Optional<Collection<String>> names = session.columns().map(columns -> {
            List<String> all = new ArrayList<>(RowNames.ofColumns(columns).keySet());
            if (option.offers() == Offers.ROW_NUMBERS) all.addAll(RowNames.NUMBERS);
            return all;
        });
        values.put(option.name(), new TableFields(evaluator, names).named(option.name(), written));
        spans.put(option.name(), written.span());
    }

    /** Whether the script says it right there: what is wrong with it is wrong whatever happens before. */
    private boolean isLiteral(Expression written) {
        return switch (written) {
            case Expression.NumberLiteral _, Expression.BooleanLiteral _, Expression.NoneLiteral _ -> true;
            case Expression.StringLiteral string -> string.constant().isPresent();
            case Expression.Unary unary -> isLiteral(unary.operand());
            case Expression.Word word -> !evaluator.isVariable(word);
            default -> false;
        };
    }

    /**
     * That its words and options are those that are declared, whatever their values.
     *
     * @return what is wrong with its options
     * @throws Mistake where the words are wrong: nothing else can then be said
     */
    public static List<Mistake> checkShape(Statement.Command command, Declaration declaration) {
        List<Declaration.Argument> parameters = declaration.parameters();
        int given = command.arguments().size();
        if (given > parameters.size()) throw tooMany(command, declaration);
        List<Declaration.Argument> needed =
                parameters.stream().filter(it -> !it.optional()).toList();
        if (given < needed.size()) {
            Declaration.Argument missing = needed.get(given);
            for (Statement.Option option : command.options()) {
                if (declaration.option(option.key().text()).isEmpty()) {
                    String help = missing.kind() == Kind.CONDITION
                            ? "`==` compares, as in " + option.key().text() + " == "
                                    + option.value().span().text()
                            : "its value is written without a key, as in " + declaration.example();
                    throw unknownOption(option, declaration).withHelp(help);
                }
            }
            String message =
                    "`" + declaration.word() + "` needs " + missing.kind().phrase() + ": " + missing.doc();
            throw Mistake.form(
                    ErrorCode.MISSING_ARGUMENT, message, command.word().span(), "as in " + declaration.example());
        }
        if (declaration.neededOption().isPresent() && command.options().isEmpty()) {
            throw Mistake.form(
                    ErrorCode.MISSING_ARGUMENT,
                    "`" + declaration.word() + "` needs "
                            + declaration.neededOption().get(),
                    command.word().span(),
                    "as in " + declaration.example());
        }
        return options(command, declaration);
    }

    private static List<Mistake> options(Statement.Command command, Declaration declaration) {
        List<Mistake> wrong = new ArrayList<>();
        Set<String> given = new HashSet<>();
        for (Statement.Option option : command.options()) {
            String key = option.key().text();
            Optional<Declaration.Argument> declared = declaration.option(key);
            if (declared.isEmpty()) wrong.add(unknownOption(option, declaration));
            else if (!given.add(key))
                wrong.add(Mistake.form(
                        ErrorCode.REPEATED_OPTION,
                        "the option `" + key + "=` is given twice",
                        option.key().span(),
                        "leave one of them out"));
        }
        return wrong;
    }

    private static Mistake tooMany(Statement.Command command, Declaration declaration) {
        int takes = declaration.parameters().size();
        Expression extra = command.arguments().get(takes);
        String word = declaration.word();
        if (extra instanceof Expression.Word name
                && declaration.option(name.text()).isPresent()) {
            String message = "`" + name.text() + "` is an option of `" + word + "` and needs a value";
            return Mistake.form(
                    ErrorCode.EXTRA_ARGUMENT,
                    message,
                    extra.span(),
                    "as in " + name.text() + "=" + example(declaration, name.text()));
        }
        String what = takes == 0 ? "takes no words" : takes == 1 ? "takes one word" : "takes " + takes + " words";
        if (extra instanceof Expression.Word next && Words.STATEMENTS.contains(next.text())) {
            String help = "two statements are separated by `;` or a line end; in quotes it is a text";
            return Mistake.form(
                    ErrorCode.MISSING_SEPARATOR,
                    "the statement `" + word + "` ends before `" + next.text() + "`",
                    extra.span(),
                    help);
        }
        boolean unquoted = extra instanceof Expression.Word
                && declaration.parameters().stream().anyMatch(it -> it.kind() == Kind.PROSE);
        boolean condition = declaration.parameters().stream().anyMatch(it -> it.kind() == Kind.CONDITION);
        if (condition)
            return Mistake.form(
                    ErrorCode.EXTRA_ARGUMENT,
                    "the condition of `" + word + "` ends before this",
                    extra.span(),
                    "`and` and `or` join conditions, as in " + declaration.example());
        String help = unquoted || declaration.offeredOptions().isEmpty()
                ? "as in " + declaration.example()
                : "options are written key=value: " + declaration.offeredOptions();
        return Mistake.form(
                ErrorCode.EXTRA_ARGUMENT, "`" + word + "` " + what + ", and this is one too many", extra.span(), help);
    }

    private static String example(Declaration declaration, String key) {
        Declaration.Argument option = declaration.option(key).orElseThrow();
        return option.byDefault().map(Value::display).orElse("…");
    }

    private static Mistake unknownOption(Statement.Option option, Declaration declaration) {
        String key = option.key().text();
        List<String> near = Spelling.nearest(key, declaration.optionKeys(), 1);
        String all = declaration.offeredOptions().isEmpty()
                ? "it takes none"
                : "its options are " + declaration.offeredOptions();
        if (near.isEmpty())
            near = declaration.options().stream()
                    .filter(it -> it.doc().matches(".*\\b" + Pattern.quote(key) + "\\b.*"))
                    .map(Declaration.Argument::name)
                    .toList();
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "=? " + all;
        String message = "`" + declaration.word() + "` has no option `" + key + "`";
        return Mistake.form(ErrorCode.UNKNOWN_OPTION, message, option.key().span(), help);
    }
}
