package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Mistake;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Metrics;
import java.util.List;
import java.util.Optional;

/** {@code metric NAME}: chooses the metric. */
final class ChooseMetric implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("metric", "chooses the metric by name", "metric logit_diff")
            .takes(required("metric", Kind.NAME, String.join(" or ", Metrics.NAMES)))
            .gives("metric", Type.TEXT)
            .gives("expression", Type.TEXT)
            .gives("better", Type.TEXT)
            .needs(Need.MODEL, Need.DATA)
            .provides(Need.METRIC)
            .build();
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Held check(Arguments arguments, Facts facts) {
        Optional<String> name = arguments.knownText("metric");
        if (name.isPresent() && !Metrics.NAMES.contains(name.get())) throw unknown(name.get(), arguments.spanOf("metric"));
        facts.set(Need.METRIC, Facts.Known.YES);
        return DECLARATION.resultShape();
    }

    private static Mistake unknown(String name, Span span) {
        List<String> near = Spelling.nearest(name, Metrics.NAMES, 1);
        String all = "metrics are " + String.join(" and ", Metrics.NAMES);
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value("unknown-metric", "there is no metric `" + name + "`", span, help);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Metric metric = arguments.at("metric", () -> {
            state.chooseMetric(arguments.text("metric"));
            return state.metric();
        });
        return ResultFields.of("metric")
                .put("metric", metric.name())
                .put("expression", metric.expression())
                .put("better", metric.lessIsBetter() ? "less" : "more")
                .done();
    }
}
