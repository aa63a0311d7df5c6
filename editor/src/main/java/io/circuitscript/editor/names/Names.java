package io.circuitscript.editor.names;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.syntax.Parsed;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every place of a script where a variable, a function, a circuit, a metric or a task is named, and which of them mean the same. */
public final class Names {
    private final List<Occurrence> occurrences;
    private final Map<Symbol, List<Occurrence>> bySymbol;

    private Names(List<Occurrence> occurrences) {
        this.occurrences = occurrences.stream()
                .sorted(Comparator.comparingInt(it -> it.span().start()))
                .toList();
        this.bySymbol = this.occurrences.stream().collect(Collectors.groupingBy(Occurrence::symbol));
    }

    /** Those of a script that imports nothing. */
    public static Names of(Parsed script, Function<String, Optional<Declaration>> declarations) {
        return of(script, declarations, Set.of());
    }

    /** @param imported what other files define of which it can read */
    public static Names of(Parsed script, Function<String, Optional<Declaration>> declarations, Set<Symbol> imported) {
        return new Names(new NameReader(declarations, imported).read(script.statements()));
    }

    /** In the order of the text. */
    public List<Occurrence> all() {
        return occurrences;
    }

    /** The one at an offset, or just before it. */
    public Optional<Occurrence> at(int offset) {
        return occurrences.stream()
                .filter(it -> it.span().start() <= offset && offset <= it.span().end())
                .max(Comparator.comparingInt(it -> it.span().start()));
    }

    public List<Occurrence> of(Symbol symbol) {
        return bySymbol.getOrDefault(symbol, List.of());
    }

    /** What a file that imports this one can read. */
    public Set<Symbol> global() {
        return occurrences.stream()
                .filter(it -> it.defines() && it.symbol().isGlobal())
                .map(Occurrence::symbol)
                .collect(Collectors.toSet());
    }

    /** Where a name got the meaning that it has at an offset: the last place before it, or else the first of all. */
    public Optional<Occurrence> definition(Symbol symbol, int offset) {
        List<Occurrence> all = of(symbol).stream().filter(Occurrence::defines).toList();
        Optional<Occurrence> before = all.stream()
                .filter(it -> it.span().start() <= offset)
                .max(Comparator.comparingInt(it -> it.span().start()));
        return before.or(() -> all.stream().findFirst());
    }
}
