package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.SizeSweep;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.NodeSelection;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The option {@code level=}: whether edges, nodes or neurons are scored and chosen. */
final class Levels {
    private Levels() {}

    static Declaration.Argument level(String doc) {
        return Declaration.Argument.choice("level", List.of("edge", "node", "neuron"), doc);
    }

    /** What every statement takes that chooses by scores. @param done what is done to what is so many: counted, or chosen */
    static Declaration.Argument[] options(String done, boolean abs) {
        return new Declaration.Argument[] {
            Declaration.Argument.truth("abs", abs, "true compares absolute scores, false signed ones"),
            level("what is " + done + "; nodes and neurons come with all edges among them")
        };
    }

    static Level of(Arguments arguments) {
        return named(arguments.text("level"));
    }

    private static Level named(String word) {
        return Level.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** How many there are of what is chosen, as far as the check knows: how many neurons, the run alone does. */
    static OptionalInt known(Arguments arguments, Facts facts) {
        Optional<ModelGraph> graph = facts.graph();
        Optional<Level> level = arguments.knownText("level").map(Levels::named);
        if (graph.isEmpty() || level.isEmpty()) return OptionalInt.empty();
        return switch (level.get()) {
            case EDGE -> OptionalInt.of(graph.get().edgeCount());
            case NODE -> OptionalInt.of(graph.get().sources());
            case NEURON -> OptionalInt.empty();
        };
    }

    /** How many there are to choose from. @throws io.circuitscript.source.UserError where they have no scores */
    static int all(Level level, State state) {
        return switch (level) {
            case EDGE -> state.graph().edgeCount();
            case NODE -> state.graph().sources();
            case NEURON -> state.graph().sources() * state.nodeScores(true).width();
        };
    }

    /** Notes of what level the scores are that there will be. */
    static void noteScored(Arguments arguments, Facts facts) {
        Optional<Boolean> edges = arguments.knownText("level").map(word -> named(word) == Level.EDGE);
        Facts.Known ofEdges =
                edges.map(it -> it ? Facts.Known.YES : Facts.Known.NO).orElse(Facts.Known.MAYBE);
        Facts.Known ofNodes =
                edges.map(it -> it ? Facts.Known.NO : Facts.Known.YES).orElse(Facts.Known.MAYBE);
        facts.setScores(ofEdges, ofNodes);
    }

    /** That what is chosen has scores, as far as it is known. */
    static void checkScored(Arguments arguments, Facts facts) {
        Optional<Level> level = arguments.knownText("level").map(Levels::named);
        if (level.isEmpty() || facts.met(Need.SCORES) != Facts.Known.YES) return;
        boolean edges = level.get() == Level.EDGE;
        if (facts.met(edges ? Need.EDGE_SCORES : Need.NODE_SCORES) != Facts.Known.NO) return;
        throw Mistake.at(
                arguments.given("level") ? arguments.spanOf("level") : arguments.span(),
                State.otherLevel(level.get().plural(), level.get().name().toLowerCase(Locale.ROOT), !edges));
    }

    /** That no more are asked for than there are, as far as it is known, and that they have scores. */
    static void checkSize(Arguments arguments, Facts facts) {
        checkScored(arguments, facts);
        OptionalInt all = known(arguments, facts);
        Optional<Value> wanted = arguments.known("edges");
        if (all.isPresent() && wanted.isPresent())
            size(arguments, wanted.get(), named(arguments.knownText("level").orElseThrow()), all.getAsInt());
    }

    /** The circuit of so many, as the word {@code edges} says. */
    static Circuit choose(Arguments arguments, State state, SizeSweep.By by) {
        Level level = of(arguments);
        SizeSweep.Choice choice = arguments.at("edges", () -> choice(level, by, state));
        int size = size(arguments, arguments.value("edges"), level, all(level, state));
        return choice.of(size, arguments.truth("abs"));
    }

    /** @throws io.circuitscript.source.UserError where the scores are of another level */
    static SizeSweep.Choice choice(Level level, SizeSweep.By by, State state) {
        return switch (level) {
            case EDGE -> {
                Scores scores = state.scores();
                yield SizeSweep.edges(scores, by);
            }
            case NODE -> {
                NodeScores scores = state.nodeScores(false);
                yield (size, absolute) -> NodeSelection.topNodes(scores, size, absolute);
            }
            case NEURON -> {
                NodeScores scores = state.nodeScores(true);
                yield (size, absolute) -> NodeSelection.topNeurons(scores, size, absolute);
            }
        };
    }

    static Circuit threshold(Arguments arguments, State state, boolean absolute) {
        double least = arguments.number("score");
        return arguments.at("score", () -> switch (of(arguments)) {
            case NODE -> NodeSelection.thresholdNodes(state.nodeScores(false), least, absolute);
            case NEURON -> NodeSelection.thresholdNeurons(state.nodeScores(true), least, absolute);
            case EDGE -> Selection.threshold(state.scores(), least, absolute);
        });
    }

    private static int size(Arguments arguments, Value value, Level level, int all) {
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
