package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.List;
import java.util.Optional;

/** {@code metric NAME}: chooses the metric. */
final class ChooseMetric implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("metric", "chooses the metric by name", "metric kl")
            .takes(required(
                            "metric",
                            Kind.NAME,
                            "a metric of the script's own, or prob_diff, logit_diff, logprob_diff, answer_logprob, normalized_logit_diff, accuracy, kl")
                    .offering(Offers.METRICS))
            .gives("metric", Type.TEXT)
            .gives("expression", Type.TEXT)
            .gives("better", Type.TEXT)
            .needs(Need.MODEL)
            .provides(Need.METRIC)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(ChooseMetric::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        facts.set(Need.METRIC, Facts.Known.YES);
        Optional<String> name = arguments.knownText("metric");
        Optional<MetricSource> source = name.flatMap(facts.tasks()::metric);
        if (name.isPresent() && source.isEmpty() && !facts.tasks().others())
            throw unknown(name.get(), facts, arguments.spanOf("metric"));
        facts.tasks().choose(source);
        facts.tasks().checkColumns(arguments.spanOf("metric"));
        return DECLARATION.resultShape();
    }

    private static Mistake unknown(String name, Facts facts, Span span) {
        List<String> near = Spelling.nearest(name, facts.tasks().metricNames(), 1);
        String all = "metrics are " + String.join(", ", facts.tasks().metricNames());
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        return Mistake.value(ErrorCode.UNKNOWN_METRIC, "there is no metric `" + name + "`", span, help);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        return arguments.at("metric", () -> {
            state.experiment()
                    .chooseMetric(
                            state.defined().metric(arguments.text("metric")).orElseThrow());
            return state.experiment().chosenMetric().fields();
        });
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        return List.of(ResultText.text(value, "metric") + " = " + ResultText.text(value, "expression") + " ("
                + ResultText.text(value, "better") + " is better)");
    }
}
