package io.circuitscript.syntax;

import io.circuitscript.syntax.Expression.AtSpan;
import io.circuitscript.syntax.Expression.Binary;
import io.circuitscript.syntax.Expression.BlockValue;
import io.circuitscript.syntax.Expression.BooleanLiteral;
import io.circuitscript.syntax.Expression.Call;
import io.circuitscript.syntax.Expression.Comprehension;
import io.circuitscript.syntax.Expression.Edges;
import io.circuitscript.syntax.Expression.Field;
import io.circuitscript.syntax.Expression.Hole;
import io.circuitscript.syntax.Expression.Index;
import io.circuitscript.syntax.Expression.ListLiteral;
import io.circuitscript.syntax.Expression.NoneLiteral;
import io.circuitscript.syntax.Expression.NumberLiteral;
import io.circuitscript.syntax.Expression.Operator;
import io.circuitscript.syntax.Expression.Part;
import io.circuitscript.syntax.Expression.Port;
import io.circuitscript.syntax.Expression.Range;
import io.circuitscript.syntax.Expression.RecordLiteral;
import io.circuitscript.syntax.Expression.SetLiteral;
import io.circuitscript.syntax.Expression.StatementValue;
import io.circuitscript.syntax.Expression.StringLiteral;
import io.circuitscript.syntax.Expression.Text;
import io.circuitscript.syntax.Expression.Unary;
import io.circuitscript.syntax.Expression.Word;
import io.circuitscript.syntax.Statement.Command;
import io.circuitscript.syntax.Statement.Iteration;
import io.circuitscript.syntax.Statement.Option;
import java.util.List;
import java.util.function.Consumer;

/** Writes expressions as text, with parentheses only where precedence needs them. */
final class ExpressionPrinter {
    // How tightly an expression holds together; the grammar's layers from the outside in.
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int COMPARISON = 4;
    private static final int ARROW = 5;
    private static final int RANGE = 6;
    private static final int SUM = 7;
    private static final int INTERSECTION = 8;
    private static final int PRODUCT = 9;
    private static final int POWER = 10;
    private static final int SIGN = 11;
    private static final int POSTFIX = 12;

    private final LayoutLine line;

    ExpressionPrinter(LayoutLine line) {
        this.line = line;
    }

    /** The whole value of {@code let}, {@code param} or {@code print}, where a statement needs no parentheses. */
    void value(Expression expression) {
        switch (expression) {
            // Alone before a comma a soft word would be a name.
            case StatementValue statement when statement.command().asName().isPresent() -> expression(statement);
            case StatementValue statement -> command(statement.command());
            case BlockValue block -> line.add(Printer.onOneLine(block.statement()));
            default -> expression(expression);
        }
    }

    void command(Command command) {
        line.add(command.word().text());
        List<Expression> arguments = command.arguments();
        int before = arguments.size() - (isFileLast(command) ? 1 : 0);
        for (int i = 0; i < before; i++) {
            line.add(" ");
            argument(arguments.get(i), i == 0);
        }
        for (Option option : command.options()) option(option);
        if (before == arguments.size()) return;
        line.add(" ");
        expression(arguments.getLast());
    }

    /** Whether its file is written behind its options. */
    private static boolean isFileLast(Command command) {
        if (command.arguments().isEmpty() || command.options().isEmpty()) return false;
        Expression last = command.arguments().getLast();
        return last instanceof StringLiteral
                && last.span().start() > command.options().getFirst().span().start();
    }

    /** After another argument, a sign or a lone star would read as an operator between the two. */
    private void argument(Expression argument, boolean first) {
        var alone = new LayoutLine();
        new ExpressionPrinter(alone).expression(argument);
        String text = alone.flat();
        boolean operator =
                !first && (text.startsWith("-") || text.startsWith("+") || text.equals("*") || text.startsWith("* "));
        if (operator) line.add("(");
        expression(argument);
        if (operator) line.add(")");
    }

    void option(Option option) {
        line.add(" ");
        pair(option);
    }

    private void pair(Option option) {
        line.add(option.key() + "=");
        expression(option.value());
    }

    /** Items with commas between; inside brackets the line may be broken after them. */
    <T> void separated(List<T> items, boolean inBrackets, Consumer<T> print) {
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) line.comma(inBrackets);
            print.accept(items.get(i));
        }
    }

    void expression(Expression expression) {
        switch (expression) {
            case NumberLiteral number -> line.add(number.text());
            case BooleanLiteral truth -> line.add(String.valueOf(truth.value()));
            case NoneLiteral _ -> line.add("none");
            case StringLiteral string -> string(string);
            case Word word -> line.add(word.text());
            case ListLiteral list -> bracketed("[", list.items(), "]");
            case SetLiteral set -> bracketed("{", set.items(), "}");
            case Range range -> range(range);
            case Edges edges -> edges(edges);
            case Port port -> {
                operand(port.nodes(), takesPort(port.nodes()));
                line.add("<" + port.ports() + ">");
            }
            case AtSpan it -> at(it);
            case Unary unary -> unary(unary);
            case Binary binary -> binary(binary);
            case Call call -> call(call);
            case Index index -> {
                operand(index.target(), isCallee(index.target()) || index.target() instanceof StringLiteral);
                line.add("[");
                expression(index.index());
                line.add("]");
            }
            case Field field -> {
                operand(field.target(), isCallee(field.target()) && !(field.target() instanceof Word));
                line.add("." + field.field());
            }
            case RecordLiteral fields -> {
                line.add("(");
                separated(fields.fields(), true, this::pair);
                line.add(")");
            }
            case Comprehension of -> {
                line.add("[");
                expression(of.item());
                line.add(" for ");
                iteration(of.iteration());
                of.condition().ifPresent(condition -> {
                    line.add(" if ");
                    expression(condition);
                });
                line.add("]");
            }
            case BlockValue block -> line.add("(" + Printer.onOneLine(block.statement()) + ")");
            case StatementValue statement -> {
                line.add("(");
                command(statement.command());
                line.add(")");
            }
        }
    }

    void iteration(Iteration iteration) {
        line.add(iteration.variable() + " in ");
        expression(iteration.list());
    }

    private void bracketed(String open, List<Expression> items, String close) {
        line.add(open);
        separated(items, true, this::expression);
        line.add(close);
    }

    private void call(Call call) {
        operand(call.function(), isCallee(call.function()));
        line.add("(");
        separated(call.arguments(), true, this::expression);
        if (!call.arguments().isEmpty() && !call.options().isEmpty()) line.comma(true);
        separated(call.options(), true, this::pair);
        line.add(")");
    }

    private void range(Range range) {
        boolean numbers = range.from() instanceof NumberLiteral && range.to() instanceof NumberLiteral;
        side(range.from(), SUM);
        line.add(numbers ? ".." : " .. ");
        side(range.to(), SUM);
    }

    private void edges(Edges edges) {
        boolean plain = isPlain(edges.sources()) && isPlain(edges.destinations());
        side(edges.sources(), RANGE);
        line.add(plain ? "->" : " -> ");
        side(edges.destinations(), RANGE);
    }

    private void at(AtSpan of) {
        operand(of.edges(), level(of.edges()) == POSTFIX);
        line.add("@");
        boolean bare = of.at() instanceof Word || of.at() instanceof StringLiteral || of.at() instanceof ListLiteral;
        operand(of.at(), bare);
    }

    private static boolean isPlain(Expression side) {
        Expression set = side instanceof AtSpan at ? at.edges() : side;
        Expression nodes = set instanceof Port port ? port.nodes() : set;
        return nodes instanceof Word word && Words.readsAsNodes(word.text());
    }

    private void unary(Unary unary) {
        boolean not = unary.operator() == Operator.NOT;
        line.add(not ? "not " : unary.operator().text());
        side(unary.operand(), not ? NOT : SIGN);
    }

    private void binary(Binary binary) {
        int level = level(binary);
        // Powers group to the right, comparisons not at all, the others to the left.
        side(binary.left(), level == POWER || level == COMPARISON ? level + 1 : level);
        line.add(" " + binary.operator().text() + " ");
        side(binary.right(), level == POWER ? level : level + 1);
    }

    private void side(Expression expression, int least) {
        operand(expression, level(expression) >= least);
    }

    private void operand(Expression expression, boolean bare) {
        if (!bare) line.add("(");
        expression(expression);
        if (!bare) line.add(")");
    }

    /** What a tight {@code (} or {@code [} may follow. */
    private static boolean isCallee(Expression expression) {
        return switch (expression) {
            case Word _,
                    Call _,
                    Index _,
                    Field _,
                    ListLiteral _,
                    RecordLiteral _,
                    Comprehension _,
                    BlockValue _,
                    StatementValue _ -> true;
            default -> false;
        };
    }

    private static boolean takesPort(Expression expression) {
        return isCallee(expression) || expression instanceof StringLiteral || expression instanceof SetLiteral;
    }

    private static int level(Expression expression) {
        return switch (expression) {
            case Edges _ -> ARROW;
            case Range _ -> RANGE;
            case Unary unary -> unary.operator() == Operator.NOT ? NOT : SIGN;
            case Binary binary ->
                switch (binary.operator()) {
                    case OR -> OR;
                    case AND -> AND;
                    case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN -> COMPARISON;
                    case ADD, SUBTRACT -> SUM;
                    case INTERSECT -> INTERSECTION;
                    case MULTIPLY, DIVIDE -> PRODUCT;
                    case POWER -> POWER;
                    case NEGATE, PLUS, NOT -> throw new IllegalArgumentException("not binary: " + binary.operator());
                };
            default -> POSTFIX;
        };
    }

    private void string(StringLiteral string) {
        line.add("\"");
        for (Part part : string.parts()) {
            switch (part) {
                case Text text -> line.add(escaped(text.text()));
                case Hole hole -> hole(hole);
            }
        }
        line.add("\"");
    }

    /** A string ends on its line, so nothing in it may break. */
    private void hole(Hole hole) {
        var inside = new LayoutLine();
        new ExpressionPrinter(inside).expression(hole.value());
        String text = inside.flat();
        // `{{` would be a brace.
        line.add(text.startsWith("{") ? "{ " + text : "{" + text);
        if (!hole.format().isEmpty()) line.add(":" + hole.format());
        line.add("}");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("{", "{{")
                .replace("}", "}}");
    }
}
