package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code attribute}: a score for every edge. */
final class Attribute implements StatementHandler {
    private static final int MOST_STEPS = 10_000;

    private static final String FLOW = "information-flow-routes";
    private static final List<String> METHODS =
            List.of("eap-ig", "eap", "eap-ig-activations", "clean-corrupted", "exact", FLOW);
    private static final Set<String> STEPPED = Set.of("eap-ig", "eap-ig-activations");

    private static final Declaration DECLARATION = Declaration.of(
                    "attribute", "scores every edge, node or neuron", "attribute ig=30")
            .options(
                    choice("method", METHODS, "how"),
                    count("ig", 5, "how many steps the gradients are integrated over")
                            .upTo(MOST_STEPS),
                    Ablations.with(),
                    Ablations.over(),
                    Levels.level("what is scored: a node's score is its output's, and a neuron is one dimension of it"),
                    DataSplits.on())
            .gives("method", Type.TEXT)
            .gives("steps", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .gives("level", Type.TEXT)
            .gives("scored", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .provides(Need.SCORES, Need.EDGE_SCORES, Need.NODE_SCORES)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Optional<String> method = arguments.knownText("method").filter(it -> !STEPPED.contains(it));
        if (arguments.given("ig") && method.isPresent()) {
            String help = "leave ig= out, or write method=eap-ig";
            throw Mistake.form(
                    "wrong-value",
                    "the method " + method.get() + " has no integration steps",
                    arguments.spanOf("ig"),
                    help);
        }
        if (method.filter(FLOW::equals).isPresent() && (arguments.given("with") || arguments.given("over"))) {
            String option = arguments.given("with") ? "with" : "over";
            throw Mistake.form(
                    "wrong-value",
                    FLOW + " ablates nothing: it reads the clean run alone",
                    arguments.spanOf(option),
                    "leave " + option + "= out");
        }
        checkLevel(arguments);
        checkGradient(arguments, facts);
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        Levels.noteScored(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String word = arguments.text("method");
        int steps = STEPPED.contains(word) ? arguments.count("ig") : 0;
        DataSplit part = DataSplits.of(arguments);
        State.Scored current = state.current();
        String level = arguments.text("level");
        state.setCurrent(
                level.equals("edge")
                        ? new State.Scored(
                                current.circuit(),
                                Optional.of(scores(word, steps, part, arguments, state)),
                                title(word, steps))
                        : new State.Scored(
                                current.circuit(),
                                Optional.empty(),
                                Optional.of(nodeScores(word, steps, part, arguments, state)),
                                Levels.of(arguments),
                                title(word, steps)));
        state.plotSources().noteScores();
        return ResultFields.of("attribute")
                .put("method", word)
                .put("steps", steps)
                .put("edges", state.graph().edgeCount())
                .put("examples", state.experiment().pairs(part).size())
                .put("level", level)
                .put("scored", scored(level, state))
                .done();
    }

    private static int scored(String level, State state) {
        return switch (level) {
            case "node" -> state.graph().sources();
            case "neuron" -> state.graph().sources() * state.model().config().dModel();
            default -> state.graph().edgeCount();
        };
    }

    private static void checkLevel(Arguments arguments) {
        Optional<String> level = arguments.knownText("level").filter(it -> !it.equals("edge"));
        Optional<String> method = arguments.knownText("method");
        boolean ofEdges = method.filter(FLOW::equals).isPresent()
                || method.filter("exact"::equals).isPresent()
                        && level.filter("neuron"::equals).isPresent();
        if (level.isEmpty() || !ofEdges) return;
        throw Mistake.form(
                "wrong-value",
                "the method " + method.get() + " does not score " + level.get() + "s",
                arguments.spanOf("level"),
                "leave level= out, or take another method");
    }

    /** That the metric has gradients to score by, where its text tells. */
    private static void checkGradient(Arguments arguments, Facts facts) {
        Optional<String> method = arguments.knownText("method").filter(it -> !it.equals(FLOW) && !it.equals("exact"));
        Optional<Metric> metric = facts.tasks().chosen().flatMap(MetricSource::sketch);
        if (method.isEmpty() || metric.isEmpty()) return;
        try {
            Analyses.requireGradient(
                    new Analyses.Method(path(method.get(), STEPPED.contains(method.get()) ? 1 : 0)), metric.get());
        } catch (UserError e) {
            throw Mistake.at(arguments.span(), e);
        }
    }

    private static NodeScores nodeScores(String method, int steps, DataSplit part, Arguments arguments, State state) {
        Analyses analyses = state.experiment().analyses(part);
        if (method.equals("exact")) return analyses.exactNodes(Ablations.of(arguments, state), state.runOptions());
        return analyses.attributeNodes(
                new Analyses.Method(path(method, steps)), Ablations.of(arguments, state), state.runOptions());
    }

    private static Scores scores(String method, int steps, DataSplit part, Arguments arguments, State state) {
        Analyses analyses = state.experiment().analyses(part);
        RunOptions options = state.runOptions();
        return switch (method) {
            case FLOW -> analyses.informationFlow(options);
            case "exact" -> analyses.exact(Ablations.of(arguments, state), options);
            default -> gradients(new Analyses.Method(path(method, steps)), part, Ablations.of(arguments, state), state);
        };
    }

    private static Scores gradients(Analyses.Method method, DataSplit part, Ablation ablation, State state) {
        Scores scores = state.experiment().analyses(part).attribute(method, ablation, state.runOptions());
        GradientPath.Kind kind = method.path().kind();
        boolean checkable = kind == GradientPath.Kind.EAP || kind == GradientPath.Kind.EAP_IG;
        if (checkable && !(ablation instanceof Ablation.Mean))
            state.experiment().noteScoring(scores, new Experiment.Scoring(method, ablation, part));
        return scores;
    }

    private static GradientPath path(String method, int steps) {
        return new GradientPath(
                GradientPath.Kind.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_')), steps);
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
