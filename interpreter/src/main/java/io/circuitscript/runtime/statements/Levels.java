package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.choice;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.NodeSelection;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Mistake;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.Value;
import java.util.List;
import java.util.Optional;

/** The option {@code level=}: whether edges, nodes or neurons are scored and chosen. */
final class Levels {
    private Levels() {}

    static Declaration.Argument level(String doc) {
        return choice("level", List.of("edge", "node", "neuron"), List.of(), doc);
    }

    /** That no more edges are asked for than there are; how many neurons there are is known in the run alone. */
    static void checkSize(Arguments arguments, Facts facts) {
        if (arguments.knownText("level").filter("edge"::equals).isPresent()) arguments.size("edges", facts.graph());
    }

    /** The circuit of so many, as the word {@code edges} says. */
    static Circuit top(Arguments arguments, State state, boolean absolute) {
        return arguments.at("edges", () -> switch (arguments.text("level")) {
            case "node" -> NodeSelection.topNodes(state.nodeScores(false), size(arguments, state.graph().sources(), "nodes"), absolute);
            case "neuron" -> {
                NodeScores scores = state.nodeScores(true);
                yield NodeSelection.topNeurons(scores, size(arguments, state.graph().sources() * scores.width(), "neurons"), absolute);
            }
            default -> Selection.top(state.scores(), arguments.size("edges", Optional.of(state.graph())).orElseThrow(), absolute);
        });
    }

    static Circuit threshold(Arguments arguments, State state, boolean absolute) {
        double least = arguments.number("score");
        return arguments.at("score", () -> switch (arguments.text("level")) {
            case "node" -> NodeSelection.thresholdNodes(state.nodeScores(false), least, absolute);
            case "neuron" -> NodeSelection.thresholdNeurons(state.nodeScores(true), least, absolute);
            default -> Selection.threshold(state.scores(), least, absolute);
        });
    }

    private static int size(Arguments arguments, int all, String what) {
        Value.Number wanted = (Value.Number) arguments.value("edges");
        if (wanted.percent()) return Arguments.share(wanted.value(), all);
        if (wanted.value() <= all) return (int) wanted.value();
        String message = wanted.display() + " " + what + " are asked for, and the model has " + all;
        throw Mistake.value("too-many-edges", message, arguments.spanOf("edges"), "give a number up to " + all + ", or a percentage: 5%");
    }
}
