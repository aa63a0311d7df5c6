package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.QuotedText;
import java.util.List;
import java.util.stream.Collectors;

/** {@code tokens}: how a text is tokenized. */
final class Tokens implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "tokens", "shows how a text is tokenized", "tokens \"the year 1741\"")
            .takes(required("text", Kind.PROSE, "what to tokenize"))
            .gives("tokens", Type.LIST)
            .needs(Need.MODEL)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(Tokens::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Value run(Arguments arguments, State state) {
        var tokenizer = state.model().tokenizer();
        return ResultFields.of("tokens")
                .put("tokens", tokenizer.tokens(tokenizer.encode(arguments.text("text"))))
                .done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        List<Value> tokens = ResultText.list(value, "tokens");
        return List.of(
                tokens.size() + " tokens: " + tokens.stream().map(Tokens::token).collect(Collectors.joining(" ")));
    }

    private static String token(Value token) {
        return switch (token) {
            case Value.Fields fields when fields.field("token").isPresent() -> ResultText.quoted(fields, "token");
            case Value.Text text -> QuotedText.of(text.value());
            default -> ResultText.shown(token);
        };
    }
}
