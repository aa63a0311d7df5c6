package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.Formula;
import io.circuitscript.task.NumberFunction;
import io.circuitscript.task.RunFunction;
import io.circuitscript.task.TokenFunction;
import io.circuitscript.task.VectorFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls in a metric: of what reads a run, and of functions of what a run gives. */
final class MetricCalls {
    private static final Map<String, Formula.Run> PLAIN_RUNS =
            Map.of("clean", Formula.Run.CLEAN, "corrupted", Formula.Run.CORRUPTED);

    private final MetricRows rows;
    private final MetricTokens tokens;
    private final MetricNumbers numbers;
    private final Function<Expression, MetricPart> parts;

    MetricCalls(MetricRows rows, MetricTokens tokens, MetricNumbers numbers, Function<Expression, MetricPart> parts) {
        this.rows = rows;
        this.tokens = tokens;
        this.numbers = numbers;
        this.parts = parts;
    }

    static boolean readsRun(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word word)) return false;
        return readsRun(word.text());
    }

    private static boolean readsRun(String function) {
        String name = function.substring(function.lastIndexOf('.') + 1);
        return TokenFunction.named(name).isPresent() || RunFunction.named(name).isPresent();
    }

    void checkCalls(Expression expression) {
        Subexpressions.any(expression, part -> {
            if (part instanceof Expression.Call call && call.function() instanceof Expression.Word word)
                checkFunction(word);
            return false;
        });
    }

    private void checkFunction(Expression.Word word) {
        if (Functions.has(word.text()) || readsRun(word.text()) || rows.knows(word.text())) return;
        Set<String> known = new TreeSet<>(Functions.names());
        Functions.ofMetrics().forEach(it -> known.add(it.word()));
        List<String> near = Spelling.nearest(word.text(), known, 2);
        String help = near.isEmpty()
                ? "functions are " + String.join(", ", known)
                : "did you mean " + String.join(" or ", near) + "?";
        throw Mistake.form(ErrorCode.UNKNOWN_FUNCTION, "there is no function `" + word.text() + "`", word.span(), help);
    }

    MetricPart call(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word word)) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "this is not a function",
                    call.function().span(),
                    "");
        }
        checkFunction(word);
        if (!readsRun(call)) checkOfVectors(word.text(), call);
        if (!call.options().isEmpty()) {
            throw Mistake.form(
                    ErrorCode.UNKNOWN_OPTION,
                    "`" + word.text() + "` takes no options",
                    call.options().getFirst().key().span(),
                    "");
        }
        return readsRun(call) ? reading(word, call) : function(word.text(), call);
    }

    /** {@code prob(t)}, {@code clean.prob(t)}, {@code kl(clean)}. */
    private MetricPart reading(Expression.Word word, Expression.Call call) {
        int dot = word.text().lastIndexOf('.');
        String name = word.text().substring(dot + 1);
        Optional<RunFunction> ofRuns = RunFunction.named(name);
        Formula.Run run =
                dot < 0 ? Formula.Run.CURRENT : PLAIN_RUNS.get(word.text().substring(0, dot));
        if (run == null || dot >= 0 && ofRuns.isPresent()) {
            String help = ofRuns.isPresent()
                    ? "write " + name + "(clean) or " + name + "(corrupted)"
                    : "write clean." + name + "(…) or corrupted." + name + "(…)";
            throw Mistake.form(ErrorCode.UNKNOWN_RUN, "there is no run `" + word.text() + "`", word.span(), help);
        }
        if (call.arguments().size() != 1) {
            String wanted = ofRuns.isPresent() ? "one run: " + name + "(clean)" : "one token, or one list of tokens";
            throw Mistake.form(ErrorCode.WRONG_ARGUMENTS, "`" + word.text() + "` takes " + wanted, call.span(), "");
        }
        Expression argument = call.arguments().getFirst();
        if (ofRuns.isPresent()) return divergence(ofRuns.get(), argument);
        if (!(parts.apply(argument) instanceof MetricPart.OfRow row)) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "`" + word.text() + "` takes a token, not the output of a run",
                    argument.span(),
                    "");
        }
        return tokens.read(TokenFunction.named(name).orElseThrow(), run, argument, row);
    }

    private static MetricPart divergence(RunFunction function, Expression argument) {
        Formula.Run from = argument instanceof Expression.Word word ? PLAIN_RUNS.get(word.text()) : null;
        if (from == null)
            throw Mistake.form(
                    ErrorCode.UNKNOWN_RUN,
                    "`" + function.word() + "` takes a run: clean or corrupted",
                    argument.span(),
                    "write " + function.word() + "(clean)");
        return new MetricPart.OfRun(new Formula.Divergence(function, from));
    }

    /** @throws Mistake where it is no function of what a run gives */
    private static void checkOfVectors(String name, Expression.Call call) {
        if (VectorFunction.named(name).isPresent() || NumberFunction.named(name).isPresent()) return;
        Stream<String> words = Stream.concat(
                Arrays.stream(VectorFunction.values()).map(VectorFunction::word),
                Arrays.stream(NumberFunction.values()).map(NumberFunction::word));
        throw Mistake.form(
                ErrorCode.NOT_IN_A_METRIC,
                "`" + name + "` cannot be used on the output of a run",
                call.span(),
                "functions of it are " + words.collect(Collectors.joining(", ")));
    }

    private MetricPart function(String name, Expression.Call call) {
        Optional<VectorFunction> reduction = VectorFunction.named(name);
        Optional<NumberFunction> function = NumberFunction.named(name);
        int count = call.arguments().size();
        if (count == 0 || function.isPresent() && count > 1) {
            throw Mistake.form(
                    ErrorCode.WRONG_ARGUMENTS,
                    "`" + name + "` takes " + (function.isPresent() ? "one value" : "a vector, or several numbers"),
                    call.span(),
                    "");
        }
        List<MetricPart> given = call.arguments().stream().map(parts).toList();
        if (given.contains(MetricPart.UNSURE)) return MetricPart.UNSURE;
        List<Formula> formulas = new ArrayList<>();
        for (int i = 0; i < count; i++)
            formulas.add(numbers.of(given.get(i), call.arguments().get(i)));
        boolean open = given.getFirst().isOpen();
        if (function.isPresent())
            return new MetricPart.OfRun(new Formula.Apply(function.get(), formulas.getFirst()), open);
        if (count > 1) return several(reduction.get(), formulas, call);
        if (open) return new MetricPart.OfRun(new Formula.Reduce(reduction.get(), formulas.getFirst()));
        if (!formulas.getFirst().vector()) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "`" + name + "` takes a vector, or several numbers, and this is a number",
                    call.arguments().getFirst().span(),
                    "a list of tokens gives a vector: prob([\"a\", \"b\"])");
        }
        return new MetricPart.OfRun(reduce(reduction.get(), formulas.getFirst(), call));
    }

    private Formula reduce(VectorFunction reduction, Formula vector, Expression.Call call) {
        for (int i = 0; i < rows.examples() && !reduction.ofNothing(); i++) {
            if (vector.lengths().each()[i] > 0) continue;
            String name = reduction.word();
            throw rows.atRow(
                    Mistake.value(
                            ErrorCode.EMPTY_LIST,
                            "an empty vector has no " + name,
                            call.span(),
                            "only a sum over nothing has a value: 0"),
                    i);
        }
        return new Formula.Reduce(reduction, vector);
    }

    private MetricPart several(VectorFunction reduction, List<Formula> formulas, Expression.Call call) {
        for (int i = 0; i < formulas.size(); i++) {
            if (!formulas.get(i).vector()) continue;
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "each of several values must be a number, and this is a vector",
                    call.arguments().get(i).span(),
                    "");
        }
        Formula.Lengths lengths = Formula.Lengths.of(rows.examples(), formulas.size());
        return new MetricPart.OfRun(new Formula.Reduce(reduction, new Formula.Stack(formulas, lengths)));
    }
}
