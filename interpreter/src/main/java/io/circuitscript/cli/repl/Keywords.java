package io.circuitscript.cli.repl;

import java.util.List;
import java.util.Optional;

/** The statements that no handler declares, as the prompt offers and explains them. */
final class Keywords {
    /** @param usage how it is written */
    record Keyword(String word, String usage, String doc) {}

    static final List<Keyword> ALL = List.of(
            new Keyword("print", "print VALUE, …", "shows values"),
            new Keyword("let", "let NAME = VALUE", "gives a value, or a statement's result, a name"),
            new Keyword("expect", "expect CONDITION", "fails where the condition does not hold"),
            new Keyword("circuit", "circuit NAME { EDGES … }", "a circuit written out; it becomes the current one"),
            new Keyword("for", "for NAME in LIST { … }", "runs statements for each item of a list"),
            new Keyword("if", "if CONDITION { … } else { … }", "runs statements where a condition holds"),
            new Keyword("def", "def NAME(PARAMETER, …) { … }", "defines a function"),
            new Keyword("param", "param NAME = VALUE", "a value that the command line can replace"),
            new Keyword("help", "help [WORD]", "explains a statement"));

    private Keywords() {}

    static Optional<Keyword> find(String word) {
        return ALL.stream().filter(keyword -> keyword.word().equals(word)).findFirst();
    }
}
