package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.choice;
import static io.circuitscript.runtime.Declaration.Argument.count;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code attribute}: a score for every edge. */
final class Attribute implements StatementHandler {
    private static final int MOST_STEPS = 10_000;

    private static final String FLOW = "information-flow-routes";
    private static final List<String> METHODS = List.of("eap-ig", "eap", "eap-ig-activations", "clean-corrupted", "exact", FLOW);
    private static final Set<String> STEPPED = Set.of("eap-ig", "eap-ig-activations");

    private static final Declaration DECLARATION = Declaration.of("attribute", "scores every edge", "attribute ig=30")
            .options(
                    choice("method", METHODS, List.of(), "how"),
                    count("ig", 5, "how many steps the gradients are integrated over").upTo(MOST_STEPS),
                    Ablations.with(),
                    Ablations.over(),
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
        Optional<String> method = arguments.knownText("method").filter(it -> !STEPPED.contains(it));
        if (arguments.given("ig") && method.isPresent()) {
            String help = "leave ig= out, or write method=eap-ig";
            throw Mistake.form("wrong-value", "the method " + method.get() + " has no integration steps", arguments.spanOf("ig"), help);
        }
        if (method.filter(FLOW::equals).isPresent() && (arguments.given("with") || arguments.given("over"))) {
            String option = arguments.given("with") ? "with" : "over";
            throw Mistake.form(
                    "wrong-value", FLOW + " ablates nothing: it reads the clean run alone", arguments.spanOf(option), "leave " + option + "= out");
        }
        Ablations.check(arguments);
        Parts.check(arguments, facts);
        facts.set(Need.SCORES, Facts.Known.YES);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String word = arguments.text("method");
        int steps = STEPPED.contains(word) ? arguments.count("ig") : 0;
        Part part = Parts.of(arguments);
        Scores scores = scores(word, steps, part, arguments, state);
        state.setCurrent(new State.Scored(state.current().circuit(), Optional.of(scores), title(word, steps)));
        return ResultFields.of("attribute")
                .put("method", word)
                .put("steps", steps)
                .put("edges", state.graph().edgeCount())
                .put("examples", state.pairs(part).size())
                .done();
    }

    private static Scores scores(String method, int steps, Part part, Arguments arguments, State state) {
        Analyses analyses = state.analyses(part);
        RunOptions options = state.runOptions();
        return switch (method) {
            case FLOW -> analyses.informationFlow(options);
            case "exact" -> analyses.exact(Ablations.of(arguments, state), options);
            default -> analyses.attribute(new Analyses.Method(path(method, steps)), Ablations.of(arguments, state), options);
        };
    }

    private static GradientPath path(String method, int steps) {
        return new GradientPath(GradientPath.Kind.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_')), steps);
    }

    /** As a picture's title names it. */
    private static String title(String method, int steps) {
        String with = " with " + steps + (steps == 1 ? " step" : " steps");
        return switch (method) {
            case "eap" -> "EAP";
            case "eap-ig" -> "EAP-IG" + with;
            case "eap-ig-activations" -> "EAP-IG (activations)" + with;
            case "exact" -> "exact ablation";
            default -> method.replace('-', ' ');
        };
    }
}
