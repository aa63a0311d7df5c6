package io.circuitscript.syntax;

import io.circuitscript.syntax.Expression.BlockValue;
import io.circuitscript.syntax.Expression.StatementValue;
import io.circuitscript.syntax.Statement.Binding;
import io.circuitscript.syntax.Statement.Block;
import io.circuitscript.syntax.Statement.Branch;
import io.circuitscript.syntax.Statement.Name;
import io.circuitscript.syntax.Statement.Option;
import io.circuitscript.syntax.Statement.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * Writes statements in the standard format: one statement a line, two spaces of indentation, lists broken after commas
 * past 100 columns. Parsing what it writes gives the same statements.
 */
public final class Printer {
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private Printer() {}

    /** The statements, each on its line and ended by a line end. */
    public static String print(List<Statement> statements) {
        var printer = new Printer();
        statements.forEach(printer::statement);
        return printer.out.toString();
    }

    /** An expression on one line, however long. */
    public static String print(Expression expression) {
        var line = new LayoutLine();
        new ExpressionPrinter(line).value(expression);
        return line.flat();
    }

    /** A statement with a block, between brackets of an expression. */
    static String onOneLine(Statement statement) {
        StringBuilder flat = new StringBuilder();
        for (String written :
                print(List.of(statement)).lines().map(String::strip).toList()) {
            boolean opened = flat.isEmpty()
                    || flat.toString().endsWith("{")
                    || flat.toString().endsWith(",");
            if (!flat.isEmpty()) flat.append(opened || written.startsWith("}") ? " " : "; ");
            flat.append(written);
        }
        return flat.toString();
    }

    private void statement(Statement statement) {
        var line = new LayoutLine();
        var expressions = new ExpressionPrinter(line);
        switch (statement) {
            case Statement.Command command -> expressions.command(command);
            case Statement.Let let -> definition(line.add("let "), let.name(), let.value());
            case Statement.Param param -> definition(line.add("param "), param.name(), param.value());
            case Statement.Print print -> {
                line.add("print ");
                expressions.separated(print.values(), false, expressions::value);
            }
            case Statement.Expect expect -> {
                line.add("expect ");
                expressions.expression(expect.condition());
            }
            case Statement.For loop -> {
                line.add("for ");
                expressions.separated(loop.iterations(), false, expressions::iteration);
                block(line, loop.body());
            }
            case Statement.If choice -> choice(line, choice);
            case Statement.Quiet quiet -> block(line.add("quiet"), quiet.body());
            case Statement.While loop -> {
                line.add("while ");
                expressions.expression(loop.condition());
                block(line, loop.body());
            }
            case Statement.Jump jump -> line.add(jump.word().text());
            case Statement.Return it -> {
                line.add(it.word().text());
                it.value().ifPresent(value -> value(line.add(" "), value));
            }
            case Statement.Def def -> {
                line.add("def " + def.name() + "(");
                expressions.separated(def.parameters(), true, parameter -> parameter(line, parameter));
                block(line.add(")"), def.body());
            }
            case Statement.Import load -> {
                line.add("import ");
                expressions.expression(load.path());
            }
            case Statement.CircuitDefinition circuit ->
                braces(
                        line.add("circuit " + circuit.name()),
                        () -> circuit.edges().forEach(this::edges));
            case Statement.TaskDefinition task -> block(line.add("task " + task.name()), task.body());
            case Statement.MetricDefinition metric -> metric(line, metric);
            case Statement.GenerateData data -> {
                line.add("data generate");
                for (Option option : data.options()) expressions.option(option);
                braces(line, () -> {
                    data.columns().forEach(this::column);
                    data.conditions().forEach(this::condition);
                });
            }
            case Statement.Help help ->
                line.add("help").add(help.topic().map(topic -> " " + topic).orElse(""));
            case Statement.ExpressionStatement look -> look(line, look.expression());
            case Statement.Unknown unknown -> line.add(unknown.span().text());
        }
        if (!line.isEmpty()) end(line);
    }

    private void definition(LayoutLine line, Name name, Expression value) {
        line.add(name + " = ");
        value(line, value);
    }

    /** The whole value of a statement: a block keeps its lines. */
    private void value(LayoutLine line, Expression value) {
        if (!(value instanceof BlockValue block)) {
            new ExpressionPrinter(line).value(value);
            return;
        }
        switch (block.statement()) {
            case Statement.For loop -> {
                line.add("for ");
                var expressions = new ExpressionPrinter(line);
                expressions.separated(loop.iterations(), false, expressions::iteration);
                block(line, loop.body());
            }
            case Statement.If choice -> choice(line, choice);
            case Statement.Quiet quiet -> block(line.add("quiet"), quiet.body());
            default -> throw new IllegalStateException("not a value: " + block.statement());
        }
    }

    private void parameter(LayoutLine line, Parameter parameter) {
        line.add(parameter.name().text());
        parameter.byDefault().ifPresent(value -> {
            line.add("=");
            new ExpressionPrinter(line).expression(value);
        });
    }

    private void choice(LayoutLine line, Statement.If choice) {
        boolean first = true;
        for (Branch branch : choice.branches()) {
            line.add(first ? "if " : "else if ");
            first = false;
            new ExpressionPrinter(line).expression(branch.condition());
            opened(line, branch.body());
            line.clear().add("} ");
        }
        Optional<Block> otherwise = choice.otherwise();
        if (otherwise.isPresent()) opened(line.add("else"), otherwise.get());
        end(line.clear().add("}"));
        line.clear();
    }

    private void metric(LayoutLine line, Statement.MetricDefinition metric) {
        var expressions = new ExpressionPrinter(line);
        line.add((metric.loss() ? "loss " : "metric ") + metric.name() + "(");
        expressions.separated(metric.columns(), true, column -> line.add(column.text()));
        line.add(") = ");
        expressions.expression(metric.body());
        if (metric.where().isEmpty()) return;
        line.add(" where ");
        expressions.separated(metric.where(), false, binding -> {
            line.add(binding.name() + " = ");
            expressions.expression(binding.value());
        });
    }

    private void edges(Expression edges) {
        var line = new LayoutLine();
        look(line, edges);
        end(line);
    }

    private void condition(Expression condition) {
        var line = new LayoutLine();
        line.add("where ");
        new ExpressionPrinter(line).expression(condition);
        end(line);
    }

    private void column(Binding column) {
        var line = new LayoutLine();
        definition(line, column.name(), column.value());
        end(line);
    }

    /** An expression by itself must not read as a statement: a variable may be called {@code seed}. */
    private void look(LayoutLine line, Expression expression) {
        var flat = new LayoutLine();
        new ExpressionPrinter(flat).expression(expression);
        String first = flat.flat().split("[^\\p{L}\\p{M}\\p{Nd}_-]", 2)[0];
        boolean bare = !Words.STATEMENTS.contains(first)
                || Words.SOFT_STATEMENTS.contains(first)
                || expression instanceof StatementValue;
        if (!bare) line.add("(");
        new ExpressionPrinter(line).expression(expression);
        if (!bare) line.add(")");
    }

    private void block(LayoutLine line, Block block) {
        opened(line, block);
        end(line.clear().add("}"));
        line.clear();
    }

    private void braces(LayoutLine line, Runnable inside) {
        end(line.add(" {"));
        depth++;
        inside.run();
        depth--;
        end(line.clear().add("}"));
        line.clear();
    }

    private void opened(LayoutLine line, Block block) {
        end(line.add(" {"));
        depth++;
        block.statements().forEach(this::statement);
        depth--;
    }

    private void end(LayoutLine line) {
        line.writeTo(out, depth);
    }
}
