package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
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

/** {@code baseline}: the model's metric on clean and on corrupted inputs. */
final class Baseline implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "baseline", "shows the model's metric on clean and on corrupted inputs", "baseline")
            .options(DataSplits.on())
            .gives("clean", Type.NUMBER)
            .gives("corrupted", Type.NUMBER)
            .gives("clean_values", Type.LIST)
            .gives("corrupted_values", Type.LIST)
            .gives("examples", Type.NUMBER)
            .gives("clean_interval", Type.ANY)
            .gives("corrupted_interval", Type.ANY)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(Baseline::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        DataSplits.check(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Analyses.Baseline baseline = state.experiment().baseline(DataSplits.of(arguments));
        long seed = state.settings().seed();
        double clean = Means.of(baseline.clean());
        double corrupted = Means.of(baseline.corrupted());
        ResultWarnings.ofBaseline(baseline.clean(), baseline.corrupted(), "on corrupted ones", state);
        return ResultFields.of("baseline")
                .put("clean", clean)
                .put("corrupted", corrupted)
                .put("clean_values", baseline.clean())
                .put("corrupted_values", baseline.corrupted())
                .put("examples", baseline.clean().length)
                .put("clean_interval", FaithfulnessReference.shown(Bootstrap.ofMean(baseline.clean(), seed)))
                .put("corrupted_interval", FaithfulnessReference.shown(Bootstrap.ofMean(baseline.corrupted(), seed)))
                .done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        return List.of(
                "clean " + ResultText.sure(value, "clean") + ", corrupted " + ResultText.sure(value, "corrupted"));
    }
}
