package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.AttributionMethod;
import io.circuitscript.analysis.AttributionMethods;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code attribute}: a score for every edge. */
final class Attribute implements StatementHandler {
    private static final int MOST_STEPS = 10_000;

    private static final Declaration DECLARATION = Declaration.of(
                    "attribute", "scores every edge, node or neuron", "attribute ig=30")
            .options(
                    choice("method", AttributionMethods.words(), "how edges are scored"),
                    count("ig", 5, "how many steps the gradients are integrated over")
                            .upTo(MOST_STEPS),
                    Ablations.with(),
                    Ablations.over(),
                    Levels.level(
                            "what is scored: edges, nodes (their whole output), or neurons (one dimension of a node's output)"),
                    DataSplits.on())
            .gives("method", Type.TEXT)
            .gives("steps", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .gives("level", Type.TEXT)
            .gives("scored", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .provides(Need.SCORES, Need.EDGE_SCORES, Need.NODE_SCORES)
            .in(HelpGroup.FINDING)
            .shown(Attribute::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Optional<AttributionMethod> method = method(arguments);
        if (arguments.given("ig") && method.isPresent() && !method.get().stepped()) {
            String help = "leave ig= out, or write method=eap-ig";
            throw Mistake.form(
                    ErrorCode.WRONG_VALUE,
                    "the method " + method.get().word() + " has no integration steps",
                    arguments.spanOf("ig"),
                    help);
        }
        boolean plain = method.isPresent() && !method.get().ablates();
        if (plain && (arguments.given("with") || arguments.given("over"))) {
            String option = arguments.given("with") ? "with" : "over";
            throw Mistake.form(
                    ErrorCode.WRONG_VALUE,
                    method.get().word() + " ablates nothing: it reads the clean run alone",
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

    private static Optional<AttributionMethod> method(Arguments arguments) {
        return arguments.knownText("method").map(AttributionMethods::named);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        AttributionMethod method = AttributionMethods.named(arguments.text("method"));
        int steps = method.stepped() ? arguments.count("ig") : 0;
        DataSplit part = DataSplits.of(arguments);
        State.Scored current = state.current();
        String level = arguments.text("level");
        Supplier<Ablation> ablation = () -> Ablations.of(arguments, state);
        Analyses analyses = state.experiment().analyses(part);
        State.Scored scored = level.equals("edge")
                ? new State.Scored(
                        current.circuit(),
                        Optional.of(scores(method, steps, part, ablation, state)),
                        title(method, steps))
                : new State.Scored(
                        current.circuit(),
                        Optional.empty(),
                        Optional.of(method.nodes(analyses, steps, ablation, state.runOptions())),
                        Levels.of(arguments),
                        title(method, steps),
                        State.Origin.UNKNOWN);
        Optional<String> with = method.ablates() ? Optional.of(arguments.text("with")) : Optional.empty();
        state.setCurrent(scored.from(method.word(), with));
        state.plotSources().noteScores();
        return ResultFields.of("attribute")
                .put("method", method.word())
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
        Optional<String> level = arguments.knownText("level");
        Optional<AttributionMethod> method = method(arguments);
        if (level.isEmpty() || method.isEmpty() || method.get().levels().contains(level.get())) return;
        throw Mistake.form(
                ErrorCode.WRONG_VALUE,
                "the method " + method.get().word() + " does not score " + level.get() + "s",
                arguments.spanOf("level"),
                "leave level= out, or take another method");
    }

    /** That the metric has gradients to score by, where its text tells. */
    private static void checkGradient(Arguments arguments, Facts facts) {
        Optional<Analyses.Method> gradients =
                method(arguments).flatMap(method -> method.gradients(method.stepped() ? 1 : 0));
        Optional<Metric> metric = facts.tasks().chosen().flatMap(MetricBinder::sketch);
        if (gradients.isEmpty() || metric.isEmpty()) return;
        try {
            Analyses.requireGradient(gradients.get(), metric.get());
        } catch (UserError e) {
            throw Mistake.at(arguments.span(), e);
        }
    }

    private static Scores scores(
            AttributionMethod method, int steps, DataSplit part, Supplier<Ablation> ablation, State state) {
        Optional<Analyses.Method> gradients = method.gradients(steps);
        boolean checkable =
                gradients.isPresent() && gradients.get().path().kind().checkable();
        Analyses analyses = state.experiment().analyses(part);
        if (!checkable) return method.edges(analyses, steps, ablation, state.runOptions());
        Ablation chosen = ablation.get();
        Scores scores = method.edges(analyses, steps, () -> chosen, state.runOptions());
        if (!(chosen instanceof Ablation.Mean))
            state.experiment().noteScoring(scores, new Experiment.Scoring(gradients.get(), chosen, part));
        return scores;
    }

    /** As a picture's title names it. */
    private static String title(AttributionMethod method, int steps) {
        return method.title() + (method.stepped() ? " with " + steps + (steps == 1 ? " step" : " steps") : "");
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String steps = ResultText.number(value, "steps") > 0 ? ", " + ResultText.counted(value, "steps", "step") : "";
        return List.of(ResultText.text(value, "method") + steps + ": "
                + ResultText.counted(value, "scored", ResultText.text(value, "level")) + " scored over "
                + ResultText.counted(value, "examples", "example"));
    }
}
