package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;

/** {@code tokens}: how a text is tokenized. */
final class Tokens implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "tokens", "shows how a text is tokenized", "tokens \"the year 1741\"")
            .takes(required("text", Kind.PROSE, "what to tokenize"))
            .gives("tokens", Type.LIST)
            .needs(Need.MODEL)
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
}
