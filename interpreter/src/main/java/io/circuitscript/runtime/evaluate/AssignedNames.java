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
                case Statement.For loop -> {
                    names.add(loop.variable().text());
                    names.addAll(names(loop.body().statements()));
                }
                case Statement.If choice -> blocks(choice).forEach(block -> names.addAll(names(block.statements())));
                case Statement.Command _,
                        Statement.Print _,
                        Statement.Expect _,
                        Statement.Import _,
                        Statement.CircuitDefinition _,
                        Statement.TaskDefinition _,
                        Statement.MetricDefinition _,
                        Statement.GenerateData _,
                        Statement.Help _,
                        Statement.ExpressionStatement _,
                        Statement.Unknown _ -> {}
            }
        }
        return names;
    }

    /** The names of all {@code param}s. */
    public static List<String> params(List<Statement> statements) {
        List<String> names = new ArrayList<>();
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Param param -> names.add(param.name().text());
                case Statement.For loop -> names.addAll(params(loop.body().statements()));
                case Statement.Def def -> names.addAll(params(def.body().statements()));
                case Statement.If choice -> blocks(choice).forEach(block -> names.addAll(params(block.statements())));
                case Statement.Let _,
                        Statement.Command _,
                        Statement.Print _,
                        Statement.Expect _,
                        Statement.Import _,
                        Statement.CircuitDefinition _,
                        Statement.TaskDefinition _,
                        Statement.MetricDefinition _,
                        Statement.GenerateData _,
                        Statement.Help _,
                        Statement.ExpressionStatement _,
                        Statement.Unknown _ -> {}
            }
        }
        return names;
    }

    static List<Statement.Block> blocks(Statement.If choice) {
        List<Statement.Block> blocks = new ArrayList<>();
        choice.branches().forEach(branch -> blocks.add(branch.body()));
        choice.otherwise().ifPresent(blocks::add);
        return blocks;
    }

    /** How many statements there are, blocks within them included. */
    public static int size(List<Statement> statements) {
        int size = 0;
        for (Statement statement : statements) {
            size++;
            if (statement instanceof Statement.For loop)
                size += size(loop.body().statements());
            if (statement instanceof Statement.If choice) {
                for (Statement.Block block : blocks(choice)) size += size(block.statements());
            }
        }
        return size;
    }
}
