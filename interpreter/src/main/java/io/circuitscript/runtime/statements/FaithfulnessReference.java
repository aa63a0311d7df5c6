package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.analysis.Faithfulness;
import io.circuitscript.analysis.Interval;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The two ends of the faithfulness scale: the metric of the whole model and of the empty circuit, on the same
 * examples.
 *
 * @param model, empty the metric of each example
 * @param seed where the bootstrap's draws begin
 * @param rounding the relative error of a metric, by rounding alone
 */
record FaithfulnessReference(double[] model, double[] empty, long seed, double rounding) {

    static FaithfulnessReference of(Ablation ablation, DataSplit split, State state) {
        FaithfulnessReference reference = new FaithfulnessReference(
                state.experiment().baseline(split).clean(),
                state.experiment().corrupted(ablation, split),
                state.settings().seed(),
                state.model().transformer().precision().noise());
        String where = ablation == Ablation.PATCHING ? "on corrupted ones" : "with every edge ablated";
        ResultWarnings.ofBaseline(reference.model(), reference.empty(), where, state);
        return reference;
    }

    /** The same where ablated edges carry something else in each circuit: the empty one has its own. */
    static FaithfulnessReference of(Function<Circuit, Ablation> ablations, DataSplit split, State state) {
        return of(ablations.apply(Circuit.empty(state.graph())), split, state);
    }

    /** The same over some of the examples. */
    FaithfulnessReference over(int[] examples) {
        return new FaithfulnessReference(Groups.of(model, examples), Groups.of(empty, examples), seed, rounding);
    }

    /** Whether there is something to measure a circuit against: the model's metric and the empty circuit's differ. */
    boolean differs() {
        double model = modelMean();
        double empty = emptyMean();
        return Math.abs(model - empty) > rounding * Math.max(Math.abs(model), Math.abs(empty));
    }

    double modelMean() {
        return Means.of(model);
    }

    double emptyMean() {
        return Means.of(empty);
    }

    /** @throws UserError where it has no value */
    double faithfulness(double[] circuit) {
        double model = modelMean();
        double empty = emptyMean();
        if (!differs()) {
            String same = model == empty ? "" : ", apart from rounding";
            throw UserError.failure(
                    ErrorCode.NO_FAITHFULNESS,
                    "faithfulness has no value: the model's metric and the empty circuit's are both "
                            + new Value.Number(model).rounded() + same,
                    "the data must make a difference to the model: `baseline` shows both");
        }
        return Faithfulness.of(Means.of(circuit), model, empty);
    }

    /** Draws of the examples, the same for the model, the empty circuit and all of these. */
    Draws draws(List<double[]> circuits) {
        List<double[]> columns = new ArrayList<>(List.of(model, empty));
        columns.addAll(circuits);
        return new Draws(Bootstrap.of(columns, seed));
    }

    /** Intervals of what is measured. */
    record Draws(Bootstrap bootstrap) {
        Optional<Interval> model() {
            return bootstrap.interval(means -> means[0]);
        }

        Optional<Interval> empty() {
            return bootstrap.interval(means -> means[1]);
        }

        Optional<Interval> metric(int circuit) {
            return bootstrap.interval(means -> means[2 + circuit]);
        }

        Optional<Interval> faithfulness(int circuit) {
            return bootstrap.interval(means -> faithfulness(means, circuit));
        }

        /** Of a number that the faithfulness of all circuits makes. */
        Optional<Interval> ofAll(ToDoubleFunction<double[]> number) {
            return bootstrap.interval(means -> {
                double[] all = new double[means.length - 2];
                for (int i = 0; i < all.length; i++) all[i] = faithfulness(means, i);
                return number.applyAsDouble(all);
            });
        }

        private static double faithfulness(double[] means, int circuit) {
            return Faithfulness.of(means[2 + circuit], means[0], means[1]);
        }
    }

    /** What is known of a circuit over a group of examples; its faithfulness is none where it has no value. */
    ResultFields putGroup(ResultFields fields, double[] values, Draws draws, int index) {
        boolean differs = differs();
        return fields.put("metric", Means.of(values))
                .put("baseline", modelMean())
                .put("corrupted", emptyMean())
                .put("faithfulness", differs ? new Value.Number(faithfulness(values)) : new Value.None())
                .put("metric_interval", shown(draws.metric(index)))
                .put("baseline_interval", shown(draws.model()))
                .put("corrupted_interval", shown(draws.empty()))
                .put("faithfulness_interval", shown(differs ? draws.faithfulness(index) : Optional.empty()));
    }

    /** Declares what {@link #put} puts. */
    static Declaration.Builder declare(Declaration.Builder statement) {
        return statement
                .gives("metric", Type.NUMBER)
                .gives("baseline", Type.NUMBER)
                .gives("corrupted", Type.NUMBER)
                .gives("faithfulness", Type.NUMBER)
                .gives("edges", Type.NUMBER)
                .gives("nodes", Type.NUMBER)
                .gives("values", Type.LIST)
                .gives("examples", Type.NUMBER)
                .gives("metric_interval", Type.ANY)
                .gives("baseline_interval", Type.ANY)
                .gives("corrupted_interval", Type.ANY)
                .gives("faithfulness_interval", Type.ANY)
                .gives(CircuitSize.NEURONS, Type.ANY)
                .gives(CircuitSize.SPANS, Type.ANY);
    }

    /** @param circuit as it stands @param values its metric of each example @param index which of the circuits that the draws are of */
    ResultFields put(ResultFields fields, Circuit circuit, double[] values, Draws draws, int index) {
        fields.put("metric", Means.of(values))
                .put("baseline", modelMean())
                .put("corrupted", emptyMean())
                .put("faithfulness", faithfulness(values))
                .put("edges", circuit.edgeCount())
                .put("nodes", circuit.nodeCount())
                .put("values", values)
                .put("examples", values.length)
                .put("metric_interval", shown(draws.metric(index)))
                .put("baseline_interval", shown(draws.model()))
                .put("corrupted_interval", shown(draws.empty()))
                .put("faithfulness_interval", shown(draws.faithfulness(index)));
        return CircuitSize.putNeuronsAndSpans(fields, circuit);
    }

    /** As a field: both ends, or none where there is no interval. */
    static Value shown(Optional<Interval> interval) {
        return interval.<Value>map(
                        it -> new Value.ListOf(List.of(new Value.Number(it.low()), new Value.Number(it.high()))))
                .orElse(new Value.None());
    }
}
