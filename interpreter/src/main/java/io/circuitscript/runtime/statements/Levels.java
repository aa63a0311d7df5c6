package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.circuits.SizeSweep;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.NodeSelection;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
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

    static Level of(Arguments arguments) {
        return named(arguments.text("level"));
    }

    private static Level named(String word) {
        return Level.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The level, as far as the check knows it. */
    static Optional<Level> known(Arguments arguments) {
        return arguments.knownText("level").map(Levels::named);
    }

    /** How many edges or nodes the model has, as far as the check knows; how many neurons, only the run knows. */
    static OptionalInt known(Arguments arguments, Facts facts) {
        Optional<ModelGraph> graph = facts.graph();
        Optional<Level> level = known(arguments);
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

    /** Tells the check whether there will be scores of edges or of nodes. */
    static void noteScored(Arguments arguments, Facts facts) {
        Optional<Boolean> edges = known(arguments).map(level -> level == Level.EDGE);
        Facts.Known ofEdges =
                edges.map(it -> it ? Facts.Known.YES : Facts.Known.NO).orElse(Facts.Known.MAYBE);
        Facts.Known ofNodes =
                edges.map(it -> it ? Facts.Known.NO : Facts.Known.YES).orElse(Facts.Known.MAYBE);
        facts.setScores(ofEdges, ofNodes);
    }

    /** Reports scores of another level than the statement asks for, as far as the check knows. */
    static void checkScored(Arguments arguments, Facts facts) {
        Optional<Level> level = known(arguments);
        if (level.isEmpty() || facts.met(Need.SCORES) != Facts.Known.YES) return;
        boolean edges = level.get() == Level.EDGE;
        if (facts.met(edges ? Need.EDGE_SCORES : Need.NODE_SCORES) != Facts.Known.NO) return;
        throw Mistake.at(
                arguments.given("level") ? arguments.spanOf("level") : arguments.span(),
                State.otherLevel(level.get().plural(), level.get().name().toLowerCase(Locale.ROOT), !edges));
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
}
