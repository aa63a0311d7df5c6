package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.BatchStore;
import io.circuitscript.analysis.methods.AttributionMethod;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.RankAgreement;
import io.circuitscript.graph.Scores;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.task.SeededRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code check-scores}: gradient scores against finite differences of the model itself, on a sample of edges. */
final class CheckScores implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "check-scores",
                    "compares a sample of eap or eap-ig scores with finite differences in float64, and with exact ablation",
                    "check-scores edges=20")
            .options(
                    count("edges", 20, "how many: half have the largest scores, the others are random"),
                    optional(
                            "seed",
                            Kind.WHOLE,
                            "the random seed for the others; by default, that of the statement `seed`"))
            .gives("method", Type.TEXT)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .gives("holds", Type.TRUTH)
            .gives("worst", Type.NUMBER)
            .gives("tolerance", Type.NUMBER)
            .gives("spearman", Type.ANY)
            .gives("items", Type.LIST)
            .needs(Need.MODEL, Need.DATA, Need.METRIC, Need.SCORES)
            .in(HelpGroup.FINDING)
            .shown(ResultView.ofTable(CheckScores::table, CheckScores::lines))
            .table("items")
            .items("`items` of check-scores", "edge", "score", "difference", "exact")
            .build();

    /** What was found of the sample, by edge number. */
    private record Found(double[] differences, double[] exact) {}

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Experiment.Scoring scoring = state.experiment().scoring().orElseThrow(() -> noGradients(arguments, state));
        long seed = arguments.given("seed")
                ? arguments.count("seed")
                : state.settings().seed();
        Scores scores = state.scores();
        BitSet sample = sample(scores, arguments.count("edges"), seed);
        return result(scores, scoring, sample, found(scoring, sample, state), state);
    }

    private static Mistake noGradients(Arguments arguments, State state) {
        Optional<AttributionMethod> method = state.current().origin().method().map(AttributionMethods::named);
        String message = method.flatMap(AttributionMethod::notDerivatives)
                .map(why -> "the current scores are by " + method.get().word()
                        + ", and finite differences cannot show them: " + why)
                .orElse("the current scores are not gradients of this model on this data by this metric");
        return Mistake.value(
                ErrorCode.NOT_GRADIENT_SCORES,
                message,
                arguments.span(),
                "score with `attribute` (method=eap or method=eap-ig, with=patching or with=zero) after the last `load`, `data` and `metric`");
    }

    /** Small scores alone could be wrong and pass; large ones alone would say little of their order. */
    private static BitSet sample(Scores scores, int wanted, long seed) {
        List<Integer> order = Circuit.full(scores.graph()).edges().stream()
                .boxed()
                .sorted(Comparator.comparingDouble(edge -> -Math.abs(scores.of(edge))))
                .toList();
        int count = Math.min(wanted, order.size());
        int largest = (count + 1) / 2;
        BitSet sample = new BitSet();
        order.subList(0, largest).forEach(sample::set);
        new SeededRandom(seed)
                .shuffled(order.subList(largest, order.size()))
                .subList(0, count - largest)
                .forEach(sample::set);
        return sample;
    }

    /** In float64, on a copy of the model where it computes in less. */
    private static Found found(Experiment.Scoring scoring, BitSet sample, State state) {
        Analyses whole = state.experiment().analyses(scoring.part());
        Analyses analyses = state.scores().graph().hasSpans() ? whole.atSpans(state.runOptions()) : whole;
        State.Model model = state.model();
        if (model.transformer().precision() == Precision.FLOAT64) return found(analyses, scoring, sample, state);
        Checkpoint checkpoint = Checkpoint.open(model.name(), model.folder(), model.adapter());
        try (Transformer wide = wide(checkpoint, model, state);
                BatchStore store = new BatchStore()) {
            return found(
                    new Analyses(wide, analyses.pairs(), analyses.metric(), store, analyses.graph()),
                    scoring,
                    sample,
                    state);
        }
    }

    private static Transformer wide(Checkpoint checkpoint, State.Model model, State state) {
        try {
            return Transformer.load(checkpoint, model.transformer().device(), Precision.FLOAT64, state.runOptions());
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Found found(Analyses analyses, Experiment.Scoring scoring, BitSet sample, State state) {
        return new Found(
                analyses.differences(scoring.method(), scoring.ablation(), sample, state.runOptions()),
                analyses.exact(scoring.ablation(), sample, state.runOptions()));
    }

    private static Value result(Scores scores, Experiment.Scoring scoring, BitSet sample, Found found, State state) {
        double largest = 0;
        for (double score : scores.toArray()) largest = Math.max(largest, Math.abs(score));
        double worst = 0;
        List<Value> items = new ArrayList<>();
        for (int edge : sample.stream().toArray()) {
            worst = Math.max(worst, Math.abs(scores.of(edge) - found.differences[edge]) / largest);
            items.add(ResultFields.entry()
                    .put("edge", scores.graph().edgeName(edge))
                    .put("score", scores.of(edge))
                    .put("difference", found.differences[edge])
                    .put("exact", found.exact[edge])
                    .done());
        }
        double tolerance = tolerance(state.model().transformer().precision());
        double[] ofScores = sample.stream().mapToDouble(scores::of).toArray();
        double[] ofExact =
                sample.stream().mapToDouble(edge -> found.exact[edge]).toArray();
        OptionalDouble spearman = RankAgreement.spearman(ofScores, ofExact);
        return ResultFields.of("check-scores")
                .put("method", scoring.method().path().kind().word())
                .put("edges", sample.cardinality())
                .put("examples", state.experiment().pairs(scoring.part()).size())
                .put("holds", worst <= tolerance)
                .put("worst", worst)
                .put("tolerance", tolerance)
                .put("spearman", spearman.isPresent() ? new Value.Number(spearman.getAsDouble()) : new Value.None())
                .put("items", new Value.ListOf(items))
                .done();
    }

    /** As a share of the largest score: what rounding to the scores' own precision may do. */
    private static double tolerance(Precision precision) {
        return switch (precision) {
            case FLOAT64 -> 1e-5;
            case FLOAT32 -> 1e-3;
            case FLOAT16, BFLOAT16 -> 5e-2;
        };
    }

    private static ResultTable table(Value.Fields result, int most) {
        return ResultTable.of(
                List.of("edge", "score", "finite difference", "exact"),
                ResultTable.entries(result, "items"),
                most,
                it -> List.of(
                        ResultTable.cell(it, "edge"),
                        ResultTable.cell(it, "score"),
                        ResultTable.cell(it, "difference"),
                        ResultTable.cell(it, "exact")));
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        List<String> lines = new ArrayList<>(text.table(table(value, Integer.MAX_VALUE)));
        String found = "the scores " + (ResultText.holds(value, "holds") ? "are" : "are not") + " the derivatives that "
                + ResultText.text(value, "method") + " promises";
        lines.add(text.prominent(found) + ": off by " + ResultText.text(value, "worst")
                + " of the largest score at most, allowed " + ResultText.text(value, "tolerance"));
        lines.add(
                ResultText.isNumber(value, "spearman")
                        ? "rank correlation with exact ablation " + ResultText.text(value, "spearman")
                                + " on this sample"
                        : "no rank correlation with exact ablation: on this sample one side's numbers are all equal");
        return lines;
    }
}
