package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.graph.CircuitFile;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.Optional;

/** {@code open}: a circuit with its scores, from a file. */
final class Open implements StatementHandler {
    private static final Declaration DECLARATION = CircuitSize.declare(
                    "open",
                    "reads a circuit and its scores from EAP-IG's JSON or its tensors (.pt)",
                    "save \"circuit.json\"\nopen \"circuit.json\"")
            .takes(required("file", Kind.INPUT_FILE, "a file that `save`, or EAP-IG, wrote")
                    .offering(Offers.CIRCUIT_FILES))
            .provides(Need.GRAPH, Need.SCORES, Need.EDGE_SCORES, Need.NODE_SCORES)
            .in(HelpGroup.FILES)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        facts.setScores(Facts.Known.MAYBE, Facts.Known.MAYBE);
        if (facts.graph().isEmpty()) facts.set(Need.GRAPH, Facts.Known.YES);
        if (facts.met(Need.DATA) != Facts.Known.YES) facts.tasks().setSpans(Optional.empty()); // they may be the file's
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        return arguments.at("file", () -> {
            CircuitFile.Opened opened = CircuitFile.open(state.files().toRead(arguments.text("file")));
            state.loadedModel().ifPresent(model -> checkFits(opened, model));
            opened.notes().forEach(state::say);
            opened.constants().ifPresent(it -> {
                state.experiment().optimal().open(opened.circuit().pruned(), it, arguments.text("file"));
                state.say(
                        "the file holds what this circuit's ablated edges carry by with=optimal: `evaluate` takes it");
            });
            state.setOpenedWidth(opened.dModel());
            state.setCurrent(new ScoredCircuit(
                    opened.circuit(),
                    opened.scores(),
                    opened.nodeScores(),
                    level(opened),
                    "",
                    ScoredCircuit.Origin.UNKNOWN));
            return CircuitSize.of("open", state);
        });
    }

    /** What the circuit of a file was chosen by, as far as the file shows it. */
    private static Level level(CircuitFile.Opened opened) {
        if (opened.circuit().takesNodesApart()) return Level.NEURON;
        if (opened.graph().hasSpans()) return Level.POSITION;
        return opened.scores().isEmpty() && opened.nodeScores().isPresent() ? Level.NODE : Level.EDGE;
    }

    private static void checkFits(CircuitFile.Opened opened, State.Model model) {
        ModelGraph graph = opened.graph().withoutSpans();
        ModelGraph own = model.config().graph();
        boolean wide = opened.constants()
                .map(it -> it.dModel() == model.config().dModel()
                        && it.dHead() == model.config().dHead())
                .orElse(true);
        if (graph.equals(own) && wide) return;
        if (graph.equals(own)) {
            throw UserError.input(
                    ErrorCode.OTHER_MODEL,
                    "the file's constants are of a model of another width than " + model.name(),
                    "load the model that they were learned in");
        }
        throw UserError.input(
                ErrorCode.OTHER_MODEL,
                "the file is of a model of " + shape(graph) + ", and " + model.name() + " has " + shape(own),
                "load the model that the circuit was found in");
    }

    private static String shape(ModelGraph graph) {
        return graph.layers() + " layers of " + graph.heads() + " heads"
                + (graph.parallel() ? " in parallel blocks" : "");
    }
}
