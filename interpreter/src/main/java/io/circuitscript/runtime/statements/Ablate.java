package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.later;
import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Means;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import java.util.BitSet;

/** {@code ablate}: the metric with some edges ablated and everything else intact. */
final class Ablate implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("ablate", "shows the metric with these edges ablated and all else intact", "ablate m3->logits")
            .takes(required("edges", Kind.EDGES, "what to ablate; a node stands for all edges that leave it"))
            .options(Ablations.with(), later("over", Kind.INPUT_FILE, "the rows that means are over"))
            .gives("edges", Type.NUMBER)
            .gives("metric", Type.NUMBER)
            .gives("baseline", Type.NUMBER)
            .gives("change", Type.NUMBER)
            .gives("values", Type.LIST)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Value run(Arguments arguments, State state) {
        BitSet edges = arguments.edges("edges");
        Circuit rest = Circuit.full(state.graph()).without(edges);
        double baseline = Means.of(state.baseline().clean());
        double[] values = state.analyses().evaluate(rest, Ablations.of(arguments), state.runOptions());
        double metric = Means.of(values);
        return ResultFields.of("ablate")
                .put("edges", edges.cardinality())
                .put("metric", metric)
                .put("baseline", baseline)
                .put("change", metric - baseline)
                .put("values", values)
                .done();
    }
}
