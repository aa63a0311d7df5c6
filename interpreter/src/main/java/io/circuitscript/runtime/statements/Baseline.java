package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.List;
import java.util.Optional;

/** {@code baseline}: the model's metric on clean and on corrupted inputs. */
final class Baseline implements StatementHandler {
    private static final Declaration DECLARATION = Groups.declare(
                    Declaration.of("baseline", "shows the model's metric on clean and on corrupted inputs", "baseline")
                            .options(DataSplits.on(), Groups.per())
                            .gives("clean", Type.NUMBER)
                            .gives("corrupted", Type.NUMBER)
                            .gives("clean_values", Type.LIST)
                            .gives("corrupted_values", Type.LIST)
                            .gives("examples", Type.NUMBER)
                            .gives("clean_interval", Type.ANY)
                            .gives("corrupted_interval", Type.ANY))
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(Groups.view(
                    Baseline::lines,
                    result -> List.of("clean", "corrupted"),
                    (part, result) -> List.of(Groups.cell(part, "clean"), Groups.cell(part, "corrupted"))))
            .table(Groups.GROUPS)
            .items(
                    "`groups` of baseline",
                    "group",
                    "examples",
                    "clean",
                    "corrupted",
                    "clean_interval",
                    "corrupted_interval")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        DataSplits.check(arguments, facts);
        return Groups.shape(DECLARATION, arguments);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        DataSplit part = DataSplits.of(arguments);
        Optional<Groups> groups = Groups.of(arguments, part, state);
        Analyses.Baseline baseline = state.experiment().baseline(part);
        long seed = state.settings().seed();
        ResultWarnings.ofBaseline(baseline.clean(), baseline.corrupted(), "on corrupted ones", state);
        ResultFields result = ResultFields.of("baseline")
                .put("clean", Means.of(baseline.clean()))
                .put("corrupted", Means.of(baseline.corrupted()))
                .put("clean_values", baseline.clean())
                .put("corrupted_values", baseline.corrupted())
                .put("examples", baseline.clean().length)
                .put("clean_interval", FaithfulnessReference.shown(Bootstrap.ofMean(baseline.clean(), seed)))
                .put("corrupted_interval", FaithfulnessReference.shown(Bootstrap.ofMean(baseline.corrupted(), seed)));
        groups.ifPresent(it -> it.put(result, (group, fields) -> {
            double[] clean = Groups.of(baseline.clean(), group.examples());
            double[] corrupted = Groups.of(baseline.corrupted(), group.examples());
            return fields.put("clean", Means.of(clean))
                    .put("corrupted", Means.of(corrupted))
                    .put("clean_interval", FaithfulnessReference.shown(Bootstrap.ofMean(clean, seed)))
                    .put("corrupted_interval", FaithfulnessReference.shown(Bootstrap.ofMean(corrupted, seed)));
        }));
        return result.done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        return List.of(
                "clean " + ResultText.sure(value, "clean") + ", corrupted " + ResultText.sure(value, "corrupted"));
    }
}
