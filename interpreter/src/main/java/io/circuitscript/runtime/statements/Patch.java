package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Patching;
import io.circuitscript.engine.ActivationPatches;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.PlotSources;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** {@code patch}: activations of a clean run put into a corrupted one, by layer and position or head, and how much of the answer comes back. */
final class Patch implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "patch",
                    "patches activations of the clean run into the corrupted run, one at a time, and shows how much of the answer each brings back",
                    "patch \"The war lasted from the year 1741 to the year 17\" \"The war lasted from the year 1701 to the year 17\" over=resid")
            .takes(
                    required("clean", Kind.PROSE, "the text that the activations come from"),
                    required("corrupted", Kind.PROSE, "the text that runs, with equally many tokens"))
            .options(
                    choice(
                            "over",
                            List.of("resid", "attn", "mlp", "head"),
                            "which activations: resid, attn or mlp at one layer and position, or one head's output at all positions"),
                    optional(
                            "correct",
                            Kind.PROSE,
                            "the right token; by default, the most likely one after the clean text"),
                    optional(
                            "incorrect",
                            Kind.PROSE,
                            "the wrong token; by default, the most likely one after the corrupted text"))
            .gives("over", Type.TEXT)
            .gives("correct", Type.TEXT)
            .gives("incorrect", Type.TEXT)
            .gives("clean", Type.NUMBER)
            .gives("corrupted", Type.NUMBER)
            .gives("columns", Type.LIST)
            .gives("grid", Type.LIST)
            .needs(Need.MODEL)
            .provides(Need.DRAWING)
            .in(HelpGroup.LOOKING)
            .shown(PatchGrid::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        facts.set(Need.DRAWING, Facts.Known.YES);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        State.Model model = state.model();
        int[] clean = arguments.at("clean", () -> Predict.ids(model, arguments.text("clean")));
        int[] corrupted = arguments.at("corrupted", () -> PairedTexts.ids(model, clean, arguments.text("corrupted")));
        int correct = token("correct", clean, arguments, state);
        int incorrect = token("incorrect", corrupted, arguments, state);
        String[] words = {model.tokenizer().token(correct), model.tokenizer().token(incorrect)};
        if (correct == incorrect) throw arguments.at("corrupted", () -> nothingToTell(words[0]));
        var over = ActivationPatches.Over.valueOf(arguments.text("over").toUpperCase(Locale.ROOT));
        ActivationPatches.Grid grid =
                Patching.of(model.transformer(), clean, corrupted, over, correct, incorrect, state.runOptions());
        if (grid.clean() == grid.corrupted()) throw arguments.at("corrupted", () -> noDifference(words));
        double span = grid.clean() - grid.corrupted();
        double[][] recovery = Arrays.stream(grid.patched())
                .map(row -> Arrays.stream(row)
                        .map(value -> (value - grid.corrupted()) / span)
                        .toArray())
                .toArray(double[][]::new);
        List<String> columns = over == ActivationPatches.Over.HEAD
                ? IntStream.range(0, model.config().heads())
                        .mapToObj(head -> "h" + head)
                        .toList()
                : model.tokenizer().tokens(clean);
        String logits = "logit of " + QuotedText.of(words[0]) + " less that of " + QuotedText.of(words[1]);
        state.plotSources().add(new PlotSources.Patch(model.name(), arguments.text("over"), logits, columns, recovery));
        return ResultFields.of("patch")
                .put("over", arguments.text("over"))
                .put("correct", words[0])
                .put("incorrect", words[1])
                .put("clean", grid.clean())
                .put("corrupted", grid.corrupted())
                .put("columns", columns)
                .put("grid", rows(recovery))
                .done();
    }

    private static int token(String option, int[] ids, Arguments arguments, State state) {
        State.Model model = state.model();
        if (!arguments.given(option))
            return Analyses.predict(model.transformer(), ids, 1, state.runOptions())
                    .getFirst()
                    .id();
        return arguments.at(option, () -> PairedTexts.oneToken(state, arguments.text(option)));
    }

    private static UserError nothingToTell(String word) {
        return UserError.input(
                ErrorCode.NO_RECOVERY,
                "nothing tells the two texts apart: after both, the most likely token is \"" + word + "\"",
                "name two tokens to compare: correct=\" Mary\" incorrect=\" John\"");
    }

    private static UserError noDifference(String[] words) {
        return UserError.input(
                ErrorCode.NO_RECOVERY,
                "nothing tells the two texts apart: after both, the logit of \"" + words[0]
                        + "\" is as far from that of \"" + words[1] + "\"",
                "give texts that make a difference to the model");
    }

    private static Value rows(double[][] grid) {
        List<Value> rows = new ArrayList<>();
        for (double[] row : grid)
            rows.add(new Value.ListOf(
                    Arrays.stream(row).<Value>mapToObj(Value.Number::new).toList()));
        return new Value.ListOf(rows);
    }
}
