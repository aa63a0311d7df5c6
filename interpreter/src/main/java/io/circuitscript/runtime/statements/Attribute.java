package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.choice;
import static io.circuitscript.runtime.Declaration.Argument.count;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Mistake;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.Part;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import java.util.List;
import java.util.Optional;

/** {@code attribute}: a score for every edge. */
final class Attribute implements StatementHandler {
    private static final int MOST_STEPS = 10_000;

    private static final List<String> LATER_METHODS =
            List.of("clean-corrupted", "eap-ig-activations", "information-flow-routes");

    private static final Declaration DECLARATION = Declaration.of("attribute", "scores every edge", "attribute ig=30")
            .options(
                    choice("method", List.of("eap-ig", "eap", "exact"), LATER_METHODS, "how"),
                    count("ig", 5, "how many steps the gradients are integrated over").upTo(MOST_STEPS),
                    Ablations.with(),
                    choice("level", List.of("edge"), List.of("node", "neuron"), "what is scored"),
                    Parts.on())
            .gives("method", Type.TEXT)
            .gives("steps", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .provides(Need.SCORES)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Held check(Arguments arguments, Facts facts) {
        Optional<String> method = arguments.knownText("method").filter(it -> !it.equals("eap-ig"));
        if (arguments.given("ig") && method.isPresent()) {
            String help = "leave ig= out, or write method=eap-ig";
            throw Mistake.form("wrong-value", "the method " + method.get() + " has no integration steps", arguments.spanOf("ig"), help);
        }
        Parts.check(arguments, facts);
        facts.set(Need.SCORES, Facts.Known.YES);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String word = arguments.text("method");
        int steps = word.equals("eap-ig") ? arguments.count("ig") : 0;
        Ablation ablation = Ablations.of(arguments);
        Part part = Parts.of(arguments);
        Scores scores = word.equals("exact")
                ? state.analyses(part).exact(ablation, state.runOptions())
                : state.analyses(part).attribute(new Analyses.Method(steps), ablation, state.runOptions());
        if (!word.equals("exact")) state.noteScoring(scores, new State.Scoring(new Analyses.Method(steps), ablation, part));
        String method = switch (word) {
            case "eap" -> "EAP";
            case "exact" -> "exact ablation";
            default -> "EAP-IG with " + steps + (steps == 1 ? " step" : " steps");
        };
        state.setCurrent(new State.Scored(state.current().circuit(), Optional.of(scores), method));
        return ResultFields.of("attribute")
                .put("method", word)
                .put("steps", steps)
                .put("edges", state.graph().edgeCount())
                .put("examples", state.pairs(part).size())
                .done();
    }
}
