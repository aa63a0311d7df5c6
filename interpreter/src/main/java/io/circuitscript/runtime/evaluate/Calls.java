package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.functions.ForeignWords;
import io.circuitscript.runtime.functions.FunctionCall;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.syntax.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Evaluates calls: of the language's functions, and of the script's own. */
final class Calls {
    private static final String CHOOSE = "choose";

    private final Evaluator evaluator;
    private final EvaluationContext context;
    private final WordReader words;
    private final Optional<RandomChoice> chance;

    /** How many calls are having their arguments bound now, one within the other. */
    private int binding;

    /** @param chance what {@code choose} does, where there is one */
    Calls(Evaluator evaluator, EvaluationContext context, WordReader words, Optional<RandomChoice> chance) {
        this.evaluator = evaluator;
        this.context = context;
        this.words = words;
        this.chance = chance;
    }

    AbstractValue call(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word name))
            return callValue(evaluator.value(call.function()), call);
        Optional<AbstractValue> variable = called(name, call);
        if (variable.isPresent()) return callValue(variable.get(), call);
        if (chance.isPresent() && name.text().equals(CHOOSE)) {
            if (!call.options().isEmpty()) {
                throw Mistake.form(
                        ErrorCode.UNKNOWN_OPTION,
                        "`" + CHOOSE + "` takes no options",
                        call.options().getFirst().key().span(),
                        "");
            }
            List<AbstractValue> arguments = new ArrayList<>();
            for (Expression argument : call.arguments()) arguments.add(evaluator.value(argument));
            return chance.get().choose(arguments, call.span());
        }
        if (Functions.has(name.text())) return builtIn(Functions.named(name.text()), call);
        if (name.text().equals(CHOOSE)) {
            throw Mistake.form(
                    ErrorCode.UNKNOWN_FUNCTION,
                    "`choose` is for the rows of `data generate { … }`",
                    name.span(),
                    "take an item of a list: list[0]");
        }
        var known = new TreeSet<>(Functions.names());
        known.addAll(context.scope().names());
        if (chance.isPresent()) known.add(CHOOSE);
        List<String> near = Spelling.nearest(name.text(), known, 2);
        String all = "functions are " + String.join(", ", Functions.names());
        String guess = near.isEmpty() ? all : "did you mean " + String.join(" or ", near) + "?";
        String help = Words.SOFT_STATEMENTS.contains(name.text())
                ? "the statement `" + name.text() + "` has a space before its `(`"
                : ForeignWords.help(name.text()).orElse(guess);
        throw Mistake.form(ErrorCode.UNKNOWN_FUNCTION, "there is no function `" + name.text() + "`", name.span(), help);
    }

    /** A variable that is called; who calls a method of one, as other languages have them, is told the function. */
    private Optional<AbstractValue> called(Expression.Word name, Expression.Call call) {
        try {
            return words.variable(name);
        } catch (Mistake mistake) {
            int dot = name.text().lastIndexOf('.');
            String method = name.text().substring(dot + 1);
            String more = call.arguments().isEmpty() && call.options().isEmpty() ? ")" : ", …)";
            Optional<String> help = Functions.has(method)
                    ? Optional.of("write " + method + "(" + name.text().substring(0, dot) + more)
                    : ForeignWords.help(method);
            throw help.map(mistake::withHelp).orElse(mistake);
        }
    }

    private AbstractValue builtIn(LanguageFunction function, Expression.Call call) {
        List<FunctionCall.Argument> arguments = new ArrayList<>();
        for (Expression argument : call.arguments())
            arguments.add(new FunctionCall.Argument(evaluator.value(argument), argument.span()));
        Map<String, FunctionCall.Argument> options = new LinkedHashMap<>();
        for (Statement.Option option : call.options()) {
            String key = option.key().text();
            function.checkOption(key, option.key().span());
            // A column is mostly written as it is: `by=size`. It wins over a variable of its name, as it does in
            // `plot`.
            AbstractValue given = option.value() instanceof Expression.Word word
                            && (isField(word.text(), arguments) || !evaluator.isVariable(word))
                    ? new Value.Text(word.text())
                    : evaluator.value(option.value());
            if (options.put(key, new FunctionCall.Argument(given, option.value().span())) != null) {
                throw Mistake.form(
                        ErrorCode.REPEATED_OPTION,
                        "`" + key + "` is given twice",
                        option.key().span(),
                        "");
            }
        }
        return function.call(new FunctionCall(
                function,
                arguments,
                options,
                call.span(),
                () -> context.chance(call.span()),
                () -> context.clock(call.span()),
                () -> context.spans(call.span())));
    }

    /** Whether the first argument is a table with that field. */
    private static boolean isField(String word, List<FunctionCall.Argument> arguments) {
        if (arguments.isEmpty()) return false;
        return switch (Shapes.itemOf(arguments.getFirst().value())) {
            case Value.Fields row -> row.field(word).isPresent();
            case Unknown row -> row.field(word).isPresent();
            default -> false;
        };
    }

    private AbstractValue callValue(AbstractValue function, Expression.Call call) {
        if (function instanceof Unknown unknown && unknown.type().mayBe(Type.FUNCTION)) {
            call.arguments().forEach(evaluator::value);
            call.options().forEach(option -> evaluator.value(option.value()));
            return Unknown.ANY;
        }
        if (!(function instanceof Value.Function(Statement.Def definition))) {
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    "this is " + function.phrase() + ", not a function",
                    call.function().span(),
                    "");
        }
        if (binding == Loops.DEEPEST_CALL) throw Loops.tooDeep(definition, call.span());
        binding++; // a default may call the very function that it is of
        Map<String, AbstractValue> arguments;
        try {
            arguments = bound(definition, call);
        } finally {
            binding--;
        }
        return context.call(definition, arguments, call.span());
    }

    private Map<String, AbstractValue> bound(Statement.Def definition, Expression.Call call) {
        List<Statement.Parameter> parameters = definition.parameters();
        List<String> names = parameters.stream().map(p -> p.name().text()).toList();
        Map<String, AbstractValue> given = new LinkedHashMap<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            Expression argument = call.arguments().get(i);
            if (i == names.size()) {
                String message = "`" + definition.name() + "` takes "
                        + (i == 0 ? "no values" : "only " + String.join(", ", names));
                throw Mistake.value(ErrorCode.WRONG_ARGUMENTS, message, argument.span(), signature(definition));
            }
            given.put(names.get(i), evaluator.value(argument));
        }
        for (Statement.Option option : call.options()) {
            String key = option.key().text();
            if (!names.contains(key)) {
                List<String> near = Spelling.nearest(key, names, 1);
                String help = near.isEmpty() ? signature(definition) : Spelling.question(near);
                String message = "`" + definition.name() + "` has no parameter `" + key + "`";
                throw Mistake.value(
                        ErrorCode.UNKNOWN_OPTION, message, option.key().span(), help);
            }
            if (given.put(key, evaluator.value(option.value())) != null) {
                throw Mistake.value(
                        ErrorCode.REPEATED_OPTION,
                        "`" + key + "` is given twice",
                        option.key().span(),
                        "");
            }
        }
        Map<String, AbstractValue> complete = new LinkedHashMap<>();
        for (Statement.Parameter parameter : parameters) {
            String name = parameter.name().text();
            AbstractValue argument = given.containsKey(name)
                    ? given.get(name)
                    : parameter.byDefault().map(evaluator::value).orElse(null);
            if (argument == null) {
                throw Mistake.value(
                        ErrorCode.MISSING_ARGUMENT,
                        "`" + definition.name() + "` needs `" + name + "`",
                        call.span(),
                        signature(definition));
            }
            complete.put(name, argument);
        }
        return complete;
    }

    private static String signature(Statement.Def definition) {
        List<String> parameters = definition.parameters().stream()
                .map(p -> p.name()
                        + p.byDefault().map(value -> "=" + value.span().text()).orElse(""))
                .toList();
        return "it is defined as " + definition.name() + "(" + String.join(", ", parameters) + ")";
    }
}
