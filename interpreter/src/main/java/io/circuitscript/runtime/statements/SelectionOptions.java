package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.circuits.SizeSweep;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.NodeSelection;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration.Argument;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of the statements that choose a circuit by scores: {@code greedy}, {@code top} and {@code threshold}.
 *
 * @param absolute whether the size of a score counts, rather than its sign
 */
record SelectionOptions(Level level, boolean absolute) {
    /** @param done what the statement does with edges, nodes or neurons: they are counted, or chosen */
    static Argument[] declare(String done, boolean absByDefault) {
        return new Argument[] {
            Argument.truth("abs", absByDefault, "true compares absolute scores, false signed ones"),
            Levels.level("what is " + done + "; nodes and neurons come with all edges among them")
        };
    }

    static SelectionOptions of(Arguments arguments, State state) {
        return new SelectionOptions(Levels.chosen(arguments, state), arguments.truth("abs"));
    }

    /** Reports a number of edges, nodes or neurons that is larger than the model has, and missing scores, as far as the check knows. */
    static void checkCount(Arguments arguments, Facts facts) {
        Levels.checkScored(arguments, facts);
        OptionalInt all = Levels.known(arguments, facts);
        Optional<Value> wanted = arguments.known("edges");
        if (all.isPresent() && wanted.isPresent())
            count(arguments, wanted.get(), Levels.known(arguments).orElseThrow(), all.getAsInt());
    }

    /** Takes the circuit with as many edges, nodes or neurons as the word {@code edges} says. */
    void chooseCount(Arguments arguments, State state, SizeSweep.By by) {
        SizeSweep.Choice choice = arguments.at("edges", () -> Levels.choice(level, by, state));
        int count = count(arguments, arguments.value("edges"), level, Levels.all(level, state));
        state.setChosen(choice.of(count, absolute), level, Optional.of((Value.Number) arguments.value("edges")));
    }

    /** Takes the circuit of all whose score reaches what the word {@code score} says. */
    void chooseAtLeast(Arguments arguments, State state) {
        double least = arguments.number("score");
        Circuit chosen = arguments.at("score", () -> switch (level) {
            case NODE -> NodeSelection.thresholdNodes(state.nodeScores(false), least, absolute);
            case NEURON -> NodeSelection.thresholdNeurons(state.nodeScores(true), least, absolute);
            case EDGE -> Selection.threshold(state.scores().overSpans(), least, absolute);
            case POSITION -> Selection.threshold(state.spanScores(), least, absolute);
        });
        state.setChosen(chosen, level, Optional.empty());
    }

    private static int count(Arguments arguments, Value value, Level level, int all) {
        Value.Number wanted = (Value.Number) value;
        if (wanted.percent()) return Arguments.share(wanted.value(), all);
        if (wanted.value() <= all) return (int) wanted.value();
        String message = wanted.display() + " " + level.plural() + " are asked for, and the model has " + all;
        throw Mistake.value(
                ErrorCode.TOO_MANY_EDGES,
                message,
                arguments.spanOf("edges"),
                "give a number up to " + all + ", or a percentage: 5%");
    }
}
