package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Experiment;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Pair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The metric of single rows in the runs so far, by the rows' numbers. */
final class RowMetrics {
    /** @param circuit empty where the current circuit was not evaluated on the row */
    private record Measured(double clean, double corrupted, Optional<Double> circuit) {}

    private final Map<Integer, Measured> rows = new HashMap<>();

    private RowMetrics() {}

    /** Where there is no metric. */
    static RowMetrics none() {
        return new RowMetrics();
    }

    /** Those of a part of the data. The two plain runs are made where they were not yet; a split's parts are what they are known of. */
    static RowMetrics of(DataSplit part, State state) {
        Experiment experiment = state.experiment();
        RowMetrics metrics = new RowMetrics();
        boolean both = experiment.isSplit() && part == DataSplit.ALL;
        for (DataSplit each : both ? List.of(DataSplit.TRAIN, DataSplit.TEST) : List.of(part)) {
            List<Pair> pairs = experiment.pairs(each).pairs();
            Analyses.Baseline baseline = experiment.baseline(each);
            Map<Integer, Double> circuit = experiment.evaluated();
            for (int i = 0; i < pairs.size(); i++) {
                int row = pairs.get(i).row();
                Optional<Double> ofCircuit = Optional.ofNullable(circuit.get(row));
                metrics.rows.put(row, new Measured(baseline.clean()[i], baseline.corrupted()[i], ofCircuit));
            }
        }
        return metrics;
    }

    /** One of the numbers that a row has; none where it is not known. @param name of {@link RowNames} */
    Value of(Pair pair, String name) {
        Measured measured = rows.get(pair.row());
        if (name.equals(RowNames.ROW)) return new Value.Number(pair.row());
        if (measured == null) return new Value.None();
        return switch (name) {
            case RowNames.METRIC -> new Value.Number(measured.clean());
            case RowNames.CORRUPTED_METRIC -> new Value.Number(measured.corrupted());
            default -> measured.circuit().<Value>map(Value.Number::new).orElse(new Value.None());
        };
    }

    /** Whether the current circuit was evaluated on a row. */
    boolean anyOfCircuit() {
        return rows.values().stream().anyMatch(it -> it.circuit().isPresent());
    }
}
