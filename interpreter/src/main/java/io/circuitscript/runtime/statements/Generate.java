package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Generation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;

/** {@code generate}: the text that the model, or the circuit alone, continues with. */
final class Generate implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "generate",
                    "shows how the model continues a text or, with corrupted=, how the circuit alone does",
                    "generate \"The war lasted\" tokens=5")
            .takes(required("text", Kind.PROSE, "the text to continue"))
            .options(
                    count("tokens", 5, "how many tokens to generate, always the most likely"),
                    optional(
                            "corrupted",
                            Kind.PROSE,
                            "the text that edges outside the circuit are patched from; it continues with the same tokens"))
            .gives("text", Type.TEXT)
            .gives("tokens", Type.LIST)
            .gives("circuit", Type.TRUTH)
            .needs(Need.MODEL)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(ResultView.ofTable(Generate::table, Generate::lines))
            .table("tokens")
            .items("`tokens` of generate", "token", "id", "prob")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        State.Model model = state.model();
        int tokens = arguments.count("tokens");
        int[] ids = arguments.at("text", () -> ids(model, arguments.text("text"), tokens));
        boolean alone = arguments.given("corrupted");
        List<Value> said = new ArrayList<>();
        List<Analyses.Likely> next = alone
                ? ofCircuit(ids, tokens, arguments, state)
                : Generation.ofModel(model.transformer(), ids, tokens, state.runOptions());
        for (Analyses.Likely token : next) {
            said.add(ResultFields.entry()
                    .put("token", model.tokenizer().token(token.id()))
                    .put("id", token.id())
                    .put("prob", token.probability())
                    .done());
        }
        String text = model.tokenizer()
                .continuation(ids, next.stream().mapToInt(Analyses.Likely::id).toArray());
        return ResultFields.of("generate")
                .put("text", text)
                .put("tokens", new Value.ListOf(said))
                .put("circuit", alone)
                .done();
    }

    private static List<Analyses.Likely> ofCircuit(int[] ids, int tokens, Arguments arguments, State state) {
        State.Model model = state.model();
        int[] corrupted = arguments.at("corrupted", () -> PairedTexts.ids(model, ids, arguments.text("corrupted")));
        Circuit given = state.current().circuit();
        Circuit circuit = given.withoutSpans();
        if (!circuit.on(given.graph()).equals(given)) throw noSpans();
        Circuit pruned = circuit.pruned();
        ResultWarnings.ofCircuit(circuit, pruned, arguments.span(), state);
        return Generation.ofCircuit(model.transformer(), pruned, ids, corrupted, tokens, state.runOptions());
    }

    private static int[] ids(State.Model model, String text, int tokens) {
        int[] ids = Predict.ids(model, text);
        int most = model.config().positions();
        if ((long) ids.length + tokens - 1 <= most) return ids;
        throw UserError.input(
                ErrorCode.TEXT_TOO_LONG,
                "the text has " + ids.length + " tokens, and with " + tokens + " more it is longer than the " + most
                        + " that the model takes",
                "shorten it, or ask for fewer tokens");
    }

    private static UserError noSpans() {
        return UserError.input(
                ErrorCode.NO_SPANS,
                "the circuit has edges at spans, and a text that stands in a script has none",
                "choose whole edges, as with top 40 level=edge, or leave out corrupted=");
    }

    private static ResultTable table(Value.Fields result, int most) {
        return Predict.tokenTable(ResultTable.entries(result, "tokens"), most);
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String who = ResultText.holds(value, "circuit") ? "the circuit alone says " : "the model says ";
        List<String> lines = new ArrayList<>(List.of(who + ResultText.quoted(value, "text")));
        lines.addAll(text.table(table(value, Integer.MAX_VALUE)));
        return lines;
    }
}
