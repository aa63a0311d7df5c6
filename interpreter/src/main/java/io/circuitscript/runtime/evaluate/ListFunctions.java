package io.circuitscript.runtime.evaluate;

import java.util.List;

/** Functions of List. */
final class ListFunctions {
    static final List<LanguageFunction> ALL = List.of();

    private ListFunctions() {}
}
