package io.circuitscript.runtime.evaluate;

import java.util.List;

/** Functions of Text. */
final class TextFunctions {
    static final List<LanguageFunction> ALL = List.of();

    private TextFunctions() {}
}
