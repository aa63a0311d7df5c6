package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.methods.AttributionMethod;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.analysis.methods.Found;
import io.circuitscript.analysis.methods.MethodSettings;
import io.circuitscript.engine.Ablation;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.ScoredCircuit;
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
import io.circuitscript.syntax.Expression;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code attribute}: a score for every edge. */
final class Attribute implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "attribute", "scores every edge, node or neuron", "attribute ig=30")
            .options(choice("method", AttributionMethods.words(), "how edges are scored"))
            .options(MethodOptions.declared())
            .options(
                    Ablations.withOptimal(),
                    Ablations.over(),
                    Levels.level(
                            "what is scored: edges, edges at spans of positions (position), nodes (their whole output), or neurons (one dimension of a node's output)"),
                    DataSplits.on())
            .gives("method", Type.TEXT)
            .gives("steps", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .gives("level", Type.TEXT)
            .gives("scored", Type.NUMBER)
            .gives("kept", Type.ANY)
            .gives("losses", Type.LIST)
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
        // Where a variable names the method, as in a loop over several, options of the others are passed over.
        method.filter(it -> namedByScript(it, arguments)).ifPresent(it -> MethodOptions.check(it, arguments));
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
        checkSpans(arguments, facts);
        checkMetric(arguments, facts);
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        noteFound(method, arguments, facts);
        return DECLARATION.resultShape();
    }

    private static boolean namedByScript(AttributionMethod method, Arguments arguments) {
        return switch (arguments.written("method").orElse(null)) {
            case null -> true;
            case Expression.Word word -> word.text().equals(method.word());
            case Expression.StringLiteral text ->
                text.parts().stream().allMatch(Expression.StringLiteral.Text.class::isInstance);
            default -> false;
        };
    }

    private static Optional<AttributionMethod> method(Arguments arguments) {
        return arguments.knownText("method").map(AttributionMethods::named);
    }

    /** Tells the check whether there will be scores, and of what. */
    private static void noteFound(Optional<AttributionMethod> method, Arguments arguments, Facts facts) {
        if (method.isEmpty()) facts.setScores(Facts.Known.MAYBE, Facts.Known.MAYBE);
        else if (method.get().findsCircuit()) facts.setUnscored(method.get().word());
        else Levels.noteScored(arguments, facts);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        AttributionMethod method = AttributionMethods.named(arguments.text("method"));
        MethodSettings settings = MethodOptions.of(method, arguments, state);
        DataSplit part = DataSplits.of(arguments);
        Experiment experiment = state.experiment();
        Supplier<Ablation> ablation = () -> Ablations.ofScores(arguments, state);
        Level level = Levels.of(arguments);
        requireLevel(method, level.word(), arguments);
        if (level == Level.POSITION && state.experiment().spans().isNone()) throw noSpans(arguments);
        ScoredCircuit current = state.current();
        String title = method.title(settings);
        Optional<Found> found = Optional.empty();
        ScoredCircuit scored;
        if (level.ofEdges()) {
            Found edges = edges(level, method, settings, part, ablation, state);
            found = Optional.of(edges);
            scored = new ScoredCircuit(edges.circuit().orElse(current.circuit()), edges.scores(), title);
        } else {
            scored = new ScoredCircuit(
                    current.circuit(),
                    Optional.empty(),
                    Optional.of(method.nodes(experiment.analyses(part), settings, ablation, state.runOptions())),
                    level,
                    title,
                    ScoredCircuit.Origin.UNKNOWN);
        }
        Optional<String> with = method.ablates() ? Optional.of(arguments.text("with")) : Optional.empty();
        state.setCurrent(scored.from(method.word(), with, method.signed(settings)));
        if (!method.findsCircuit()) state.plotSources().noteScores();
        return ResultFields.of("attribute")
                .put("method", method.word())
                .put("steps", method.steps(settings))
                .put("edges", state.graph().edgeCount())
                .put("examples", experiment.pairs(part).size())
                .put("level", level.word())
                .put("scored", method.findsCircuit() ? 0 : scored(level, state))
                .put(
                        "kept",
                        found.flatMap(Found::circuit)
                                .<Value>map(it -> new Value.Number(it.edgeCount()))
                                .orElseGet(Value.None::new))
                .put(
                        "losses",
                        found.map(Found::losses).orElse(List.of()).stream()
                                .mapToDouble(it -> it)
                                .toArray())
                .done();
    }

    private static int scored(Level level, State state) {
        return switch (level) {
            case EDGE -> state.graph().edgeCount();
            case POSITION -> state.spanScores().graph().edgeCount();
            case NODE -> state.graph().sources();
            case NEURON -> state.graph().sources() * state.model().config().dModel();
        };
    }

    private static void checkLevel(Arguments arguments) {
        Optional<String> level = arguments.knownText("level");
        Optional<AttributionMethod> method = method(arguments);
        if (level.isPresent() && method.isPresent()) requireLevel(method.get(), level.get(), arguments);
    }

    private static void checkSpans(Arguments arguments, Facts facts) {
        boolean wanted =
                Levels.known(arguments).filter(it -> it == Level.POSITION).isPresent();
        boolean none = facts.spanNames().filter(List::isEmpty).isPresent();
        if (wanted && none && facts.met(Need.DATA) != Facts.Known.NO) throw noSpans(arguments);
    }

    private static Mistake noSpans(Arguments arguments) {
        return Mistake.value(
                ErrorCode.NO_SPANS,
                "the rows have no spans, so that there is nothing to tell their positions apart by",
                arguments.spanOf("level"),
                "take a task, whose template names them, or data with spans: data FILE spans=[COLUMN, …]");
    }

    private static void requireLevel(AttributionMethod method, String level, Arguments arguments) {
        if (method.levels().contains(level)) return;
        throw Mistake.form(
                ErrorCode.WRONG_VALUE,
                "the method " + method.word() + " does not score "
                        + Levels.named(level).plural(),
                arguments.spanOf("level"),
                "leave level= out, or take another method");
    }

    /** That the method can find something by the metric, where its text tells. */
    private static void checkMetric(Arguments arguments, Facts facts) {
        Optional<AttributionMethod> method = method(arguments);
        Optional<Metric> metric = facts.tasks().chosen().flatMap(MetricBinder::sketch);
        if (method.isEmpty() || metric.isEmpty()) return;
        try {
            method.get().check(metric.get());
        } catch (UserError e) {
            throw Mistake.at(arguments.span(), e);
        }
    }

    private static Found edges(
            Level level,
            AttributionMethod method,
            MethodSettings settings,
            DataSplit part,
            Supplier<Ablation> ablation,
            State state) {
        Optional<Analyses.Method> gradients =
                method.gradients(settings).filter(it -> it.path().kind().checkable());
        Analyses whole = state.experiment().analyses(part);
        Analyses analyses = level == Level.POSITION ? whole.atSpans(state.runOptions()) : whole;
        method.check(analyses.metric());
        if (gradients.isEmpty()) return method.edges(analyses, settings, ablation, state.runOptions());
        Ablation chosen = ablation.get();
        Found found = method.edges(analyses, settings, () -> chosen, state.runOptions());
        if (!(chosen instanceof Ablation.Mean))
            state.experiment()
                    .noteScoring(found.scores().orElseThrow(), new Experiment.Scoring(gradients.get(), chosen, part));
        return found;
    }

    private static String scored(Value.Fields value) {
        String level = ResultText.text(value, "level");
        return level.equals(Level.POSITION.word())
                ? ResultText.grouped(ResultText.number(value, "scored")) + " " + Level.POSITION.plural()
                : ResultText.counted(value, "scored", level);
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String steps = ResultText.number(value, "steps") > 0 ? ", " + ResultText.counted(value, "steps", "step") : "";
        String begin = ResultText.text(value, "method") + steps + ": ";
        String over = " over " + ResultText.counted(value, "examples", "example");
        if (ResultText.field(value, "kept") instanceof Value.Number kept)
            return List.of(begin + ResultText.grouped(kept.value()) + " of "
                    + ResultText.counted(value, "edges", "edge") + " kept" + over);
        String scored = begin + scored(value) + " scored" + over;
        List<Value> losses = ResultText.list(value, "losses");
        if (losses.isEmpty()) return List.of(scored);
        return List.of(scored + "; the loss went from " + ResultText.shown(losses.getFirst()) + " to "
                + ResultText.shown(losses.getLast()));
    }
}
