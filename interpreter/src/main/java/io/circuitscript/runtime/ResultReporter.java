package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Expectation;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows what statements come to: to the output, and to the transcript of the run. */
final class ResultReporter {
    private final State state;
    private final Output output;
    private final Evaluator evaluator;
    private final LoopVariables variables;

    /** How many tasks and imports are running now, one within the other. Their own statements show nothing. */
    private int silent;

    /** How many {@code quiet} blocks are running now, one within the other. */
    private int hushed;

    ResultReporter(State state, Output output, Evaluator evaluator, LoopVariables variables) {
        this.state = state;
        this.output = output;
        this.evaluator = evaluator;
        this.variables = variables;
    }

    void beginSilence() {
        silent++;
    }

    void endSilence() {
        silent--;
    }

    void beginQuiet() {
        hushed++;
    }

    void endQuiet() {
        hushed--;
    }

    void show(Result shown) {
        show(shown, Optional.empty(), Optional.empty());
    }

    /** @param with what the ablated edges of the statement carry @param on the rows that it is of */
    void show(Result shown, Optional<String> with, Optional<String> on) {
        if (silent > 0) return;
        Result result = shown.within(variables.values(), state.context(with, on));
        if (hushed > 0) {
            output.hushed(result);
            return;
        }
        state.transcript().note(result);
        output.result(result);
    }

    Value print(List<Expression> expressions, Span span) {
        List<Value> values =
                expressions.stream().map(it -> (Value) evaluator.value(it)).toList();
        Value shown = values.size() == 1
                ? values.getFirst()
                : new Value.Text(values.stream().map(Value::display).collect(Collectors.joining(" ")));
        show(new Result(
                "print", span, ResultFields.of("print").put("value", shown).done(), 0, ValueView.PRINTED));
        return new Value.None();
    }

    Value help(Statement.Help help, List<Declaration> declarations) {
        HelpPages pages = new HelpPages(declarations);
        String text = help.topic().flatMap(pages::page).orElseGet(pages::overview);
        output.result(new Result(
                "help", help.span(), ResultFields.of("help").put("text", text).done(), 0));
        return new Value.None();
    }

    Value expect(Statement.Expect expect) {
        long start = System.nanoTime();
        Expectation outcome = Expectation.of(expect.condition(), evaluator);
        boolean holds = ((Value.Bool) outcome.holds()).value();
        Value.Fields fields = ResultFields.of("expect")
                .put("left", (Value) outcome.left())
                .put("right", (Value) outcome.right())
                .put("holds", holds)
                .done();
        show(new Result("expect", expect.span(), fields, (System.nanoTime() - start) / 1e9, ResultReporter::outcome));
        if (!holds) throw outcome.unmet(expect.condition().span());
        return new Value.None();
    }

    private static List<String> outcome(Value.Fields expected, ResultText text) {
        return List.of((ResultText.holds(expected, "holds") ? "holds: " : "does not hold: ")
                + compared(expected, "left") + ", " + compared(expected, "right"));
    }

    private static String compared(Value.Fields expected, String side) {
        return expected.field(side).orElseThrow() instanceof Value.ListOf list && Tables.isTable(list)
                ? Tables.phrase(list)
                : ResultText.text(expected, side);
    }
}
