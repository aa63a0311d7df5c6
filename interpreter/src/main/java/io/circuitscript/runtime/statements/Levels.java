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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The option {@code level=}: whether edges, edges at spans, nodes or neurons are scored and chosen. */
final class Levels {
    private Levels() {}

    static Declaration.Argument level(String doc) {
        return Declaration.Argument.choice(
                "level", Stream.of(Level.values()).map(Level::word).toList(), doc);
    }

    /** What is scored. */
    static Level of(Arguments arguments) {
        return named(arguments.text("level"));
    }

    /** What is chosen: where the statement does not say it, edges at spans if those were scored. */
    static Level chosen(Arguments arguments, State state) {
        boolean spans =
                state.current().scores().filter(it -> it.graph().hasSpans()).isPresent();
        return spans && !arguments.given("level") ? Level.POSITION : of(arguments);
    }

    static Level named(String word) {
        return Level.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The level, as far as the check knows it. */
    static Optional<Level> known(Arguments arguments) {
        return arguments.knownText("level").map(Levels::named);
    }

    /** How many edges or nodes the model has, as far as the check knows; how many neurons and edges at spans, only the run knows. */
    static OptionalInt known(Arguments arguments, Facts facts) {
        Optional<ModelGraph> graph = facts.graph();
        Optional<Level> level = known(arguments);
        if (graph.isEmpty() || level.isEmpty()) return OptionalInt.empty();
        return switch (level.get()) {
            case EDGE ->
                facts.met(Need.SPAN_SCORES) == Facts.Known.NO || arguments.given("level")
                        ? OptionalInt.of(graph.get().edgeCount())
                        : OptionalInt.empty();
            case POSITION -> OptionalInt.empty();
            case NODE -> OptionalInt.of(graph.get().sources());
            case NEURON -> OptionalInt.empty();
        };
    }

    /** How many there are to choose from. @throws io.circuitscript.source.UserError where they have no scores */
    static int all(Level level, State state) {
        return switch (level) {
            case EDGE -> state.graph().edgeCount();
            case POSITION -> state.spanScores().graph().edgeCount();
            case NODE -> state.graph().sources();
            case NEURON -> state.graph().sources() * state.nodeScores(true).width();
        };
    }

    /** Tells the check whether there will be scores of edges or of nodes. */
    static void noteScored(Arguments arguments, Facts facts) {
        Optional<Boolean> edges = known(arguments).map(Level::ofEdges);
        Facts.Known ofSpans = known(arguments)
                .map(it -> it == Level.POSITION ? Facts.Known.YES : Facts.Known.NO)
                .orElse(Facts.Known.MAYBE);
        Facts.Known ofEdges =
                edges.map(it -> it ? Facts.Known.YES : Facts.Known.NO).orElse(Facts.Known.MAYBE);
        Facts.Known ofNodes =
                edges.map(it -> it ? Facts.Known.NO : Facts.Known.YES).orElse(Facts.Known.MAYBE);
        facts.setScores(ofEdges, ofSpans, ofNodes);
    }

    /** Reports scores of another level than the statement asks for, as far as the check knows. */
    static void checkScored(Arguments arguments, Facts facts) {
        Optional<Level> level = known(arguments);
        if (level.isEmpty() || facts.met(Need.SCORES) != Facts.Known.YES) return;
        Need need = switch (level.get()) {
            case EDGE -> Need.EDGE_SCORES;
            case POSITION -> Need.SPAN_SCORES;
            case NODE, NEURON -> Need.NODE_SCORES;
        };
        if (facts.met(need) != Facts.Known.NO) return;
        boolean edges = facts.met(Need.EDGE_SCORES) == Facts.Known.YES;
        throw Mistake.at(
                arguments.given("level") ? arguments.spanOf("level") : arguments.span(),
                State.otherLevel(level.get().plural(), level.get().word(), edges));
    }

    /** @throws io.circuitscript.source.UserError where the scores are of another level */
    static SizeSweep.Choice choice(Level level, SizeSweep.By by, State state) {
        return switch (level) {
            case EDGE -> {
                Scores scores = state.scores().overSpans();
                yield SizeSweep.edges(scores, by);
            }
            case POSITION -> {
                Scores scores = state.spanScores();
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
