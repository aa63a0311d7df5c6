package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;

/** {@code tokens}: how a text is tokenized. */
final class Tokens implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("tokens", "shows how a text is tokenized", "tokens \"the year 1741\"")
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
        return ResultFields.of("tokens").put("tokens", tokenizer.tokens(tokenizer.encode(arguments.text("text")))).done();
    }
}
