package io.circuitscript.runtime.evaluate;

import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the names that statements assign, without running them. */
public final class AssignedNames {
    private AssignedNames() {}

    /** Names given a value anywhere in these statements, blocks within them included, functions' own excluded. */
    public static Set<String> names(List<Statement> statements) {
        Set<String> names = new LinkedHashSet<>();
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Let let -> names.add(let.name().text());
                case Statement.Param param -> names.add(param.name().text());
                case Statement.Def def -> names.add(def.name().text());
                case Statement.For loop ->
                    loop.iterations().forEach(it -> names.add(it.variable().text()));
                default -> {}
            }
            names.addAll(names(InnerStatements.of(statement)));
        }
        return names;
    }

    /** The names of all {@code param}s. */
    public static List<String> params(List<Statement> statements) {
        List<String> names = new ArrayList<>();
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Param param -> names.add(param.name().text());
                case Statement.Def def -> names.addAll(params(def.body().statements()));
                default -> {}
            }
            names.addAll(params(InnerStatements.of(statement)));
        }
        return names;
    }
}
