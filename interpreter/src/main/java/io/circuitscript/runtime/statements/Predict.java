package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;

/** {@code predict}: the most likely next tokens. */
final class Predict implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "predict", "shows the most likely next tokens", "predict \"The war lasted\" top=5")
            .takes(required("text", Kind.PROSE, "the text to continue"))
            .options(count("top", 5, "how many tokens to show"))
            .gives("tokens", Type.LIST)
            .gives("top", Type.LIST)
            .needs(Need.MODEL)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(ResultView.ofTable((result, most) -> tokenTable(ResultTable.entries(result, "top"), most)))
            .table("top")
            .items("`top` of predict", "token", "id", "prob")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        State.Model model = state.model();
        int[] ids = arguments.at("text", () -> ids(model, arguments.text("text")));
        List<Value> top = new ArrayList<>();
        for (Analyses.Likely likely :
                Analyses.predict(model.transformer(), ids, arguments.count("top"), state.runOptions())) {
            top.add(ResultFields.entry()
                    .put("token", model.tokenizer().token(likely.id()))
                    .put("id", likely.id())
                    .put("prob", likely.probability())
                    .done());
        }
        return ResultFields.of("predict")
                .put("tokens", model.tokenizer().tokens(ids))
                .put("top", new Value.ListOf(top))
                .done();
    }

    /** The text as the model reads it. @throws UserError where it is empty or too long */
    static int[] ids(State.Model model, String text) {
        int[] ids = model.tokenizer().encode(text);
        int most = model.config().positions();
        if (ids.length == 0)
            throw UserError.input(
                    ErrorCode.EMPTY_TEXT, "the text has no tokens to continue from", "give it some words");
        if (ids.length > most) {
            throw UserError.input(
                    ErrorCode.TEXT_TOO_LONG,
                    "the text has " + ids.length + " tokens, and the model takes " + most,
                    "shorten it");
        }
        return ids;
    }

    /** Tokens with their probabilities. */
    static ResultTable tokenTable(List<Value.Fields> tokens, int most) {
        return ResultTable.of(
                List.of("token", "id", "probability"),
                tokens,
                most,
                it -> List.of(
                        ResultTable.quoted(it, "token"), ResultTable.cell(it, "id"), ResultTable.cell(it, "prob")));
    }
}
