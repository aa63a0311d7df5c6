package io.circuitscript.runtime;

import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;

/** Metrics out of their text, for tests of other packages. */
public final class WrittenMetrics {
    private WrittenMetrics() {}

    public static Metric of(String text, Pairs pairs, Tokenizer tokenizer) {
        Parsed parsed = Parser.parse(new Source("metric.circuit", text));
        if (parsed.hasErrors())
            throw new IllegalArgumentException(parsed.diagnostics().toString());
        var definition = (Statement.MetricDefinition) parsed.statements().getFirst();
        MetricSource source = MetricSource.own(definition, Scope.global());
        MetricBinder.check(source);
        return MetricBinder.bind(source, pairs, tokenizer).metric();
    }
}
