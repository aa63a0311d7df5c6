package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitParser.*;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression.Word;
import io.circuitscript.syntax.Statement.Binding;
import io.circuitscript.syntax.Statement.Block;
import io.circuitscript.syntax.Statement.Branch;
import io.circuitscript.syntax.Statement.Command;
import io.circuitscript.syntax.Statement.Name;
import io.circuitscript.syntax.Statement.Option;
import io.circuitscript.syntax.Statement.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds statements from the parse tree. Only this class and {@link ExpressionBuilder} read it. */
final class StatementBuilder {
    private final VariableNames names;
    private final ExpressionBuilder expressions;
    private final List<Diagnostic> diagnostics;

    StatementBuilder(Source source, List<Diagnostic> diagnostics) {
        this.diagnostics = diagnostics;
        this.names = new VariableNames(source, diagnostics);
        this.expressions = new ExpressionBuilder(names, this::blockValue);
    }

    List<Statement> script(ScriptContext context) {
        return statements(context.statements());
    }

    /** Statements that were read to their end; one with a mistake has been reported and is left out. */
    private List<Statement> statements(StatementsContext context) {
        var statements = new ArrayList<Statement>();
        for (StatementContext child : whole(context)) statement(child).ifPresent(statements::add);
        return statements;
    }

    private static List<StatementContext> whole(StatementsContext context) {
        return context.statement().stream()
                .filter(child -> child.exception == null)
                .toList();
    }

    private Block block(BlockContext context) {
        return new Block(statements(context.statements()), names.span(context));
    }

    private Optional<Statement> statement(StatementContext context) {
        Span span = names.span(context);
        return Optional.ofNullable(
                switch (context) {
                    case LetStatementContext let ->
                        new Statement.Let(names.variable(let.variable()), expressions.value(let.value()), span);
                    case ParamStatementContext param ->
                        new Statement.Param(names.variable(param.variable()), expressions.value(param.value()), span);
                    case PrintStatementContext print ->
                        new Statement.Print(
                                print.value().stream().map(expressions::value).toList(), span);
                    case ExpectStatementContext expect ->
                        new Statement.Expect(expressions.expression(expect.expression()), span);
                    case BlockStatementContext block -> blockValue(block.blockValue());
                    case WhileStatementContext loop ->
                        new Statement.While(expressions.expression(loop.expression()), block(loop.block()), span);
                    case JumpStatementContext jump -> new Statement.Jump(firstWord(jump), span);
                    case ReturnStatementContext it ->
                        new Statement.Return(
                                firstWord(it), Optional.ofNullable(it.value()).map(expressions::value), span);
                    case DefStatementContext def ->
                        new Statement.Def(
                                names.variable(def.variable()),
                                def.parameter().stream().map(this::parameter).toList(),
                                block(def.block()),
                                span);
                    case ImportStatementContext load -> imported(load, span);
                    case HelpStatementContext help ->
                        new Statement.Help(Optional.ofNullable(help.name()).map(NameContext::getText), span);
                    case CircuitStatementContext circuit -> circuit(circuit, span);
                    case TaskStatementContext task ->
                        new Statement.TaskDefinition(names.any(task.name()), block(task.block()), span);
                    case MetricStatementContext metric -> metric(metric, span);
                    case GenerateStatementContext generate -> generate(generate, span);
                    case SettingStatementContext setting -> expressions.command(setting);
                    case ResultStatementContext result -> command(result.command());
                    case AssignmentStatementContext assignment -> {
                        missingLet(assignment);
                        yield null;
                    }
                    case WhereStatementContext where -> {
                        names.report(
                                ErrorCode.WHERE_ALONE,
                                "`where` belongs in a metric or in the block of `data generate`",
                                names.span(where),
                                "a condition is written `if CONDITION { … }`");
                        yield null;
                    }
                    case UnknownStatementContext unknown -> unknown(unknown, span);
                    case LookStatementContext look ->
                        new Statement.ExpressionStatement(expressions.expression(look.expression()), span);
                    default -> throw new IllegalStateException("statement: " + context.getClass());
                });
    }

    private Name firstWord(StatementContext context) {
        return new Name(context.getStart().getText(), names.span(context.getStart(), context.getStart()));
    }

    private Statement blockValue(BlockValueContext context) {
        Span span = names.span(context);
        return switch (context) {
            case ForBlockContext loop ->
                new Statement.For(
                        loop.iteration().stream().map(expressions::iteration).toList(), block(loop.block()), span);
            case IfBlockContext choice -> choice(choice, span);
            case QuietBlockContext quiet -> new Statement.Quiet(block(quiet.block()), span);
            default -> throw new IllegalStateException("block: " + context.getClass());
        };
    }

    private Statement choice(IfBlockContext context, Span span) {
        // The parse tree searches for its children at each call, so they are asked for once.
        List<ExpressionContext> conditions = context.expression();
        List<BlockContext> blocks = context.block();
        var branches = new ArrayList<Branch>();
        for (int i = 0; i < conditions.size(); i++) {
            Span branch = names.span(conditions.get(i).getStart(), blocks.get(i).getStop());
            branches.add(new Branch(expressions.expression(conditions.get(i)), block(blocks.get(i)), branch));
        }
        Optional<Block> otherwise = Optional.empty();
        if (blocks.size() > branches.size()) otherwise = Optional.of(block(blocks.getLast()));
        return new Statement.If(branches, otherwise, span);
    }

    private Parameter parameter(ParameterContext context) {
        Optional<Expression> byDefault = Optional.ofNullable(context.item()).map(expressions::item);
        return new Parameter(names.variable(context.variable()), byDefault, names.span(context));
    }

    private Statement imported(ImportStatementContext context, Span span) {
        Expression path = expressions.expression(context.expression());
        if (path instanceof Word word) quoteFile(word);
        return new Statement.Import(path, span);
    }

    /** Files are quoted; a bare word that looks like one is a mistake wherever a file is wanted. */
    private Command command(CommandContext context) {
        Command command = expressions.command(context);
        if (!Words.isFileStatement(context.getStart().getType())) return command;
        for (Expression argument : command.arguments()) {
            if (argument instanceof Word word
                    && (Words.readsAsFile(word.text()) || word.text().contains("/"))) quoteFile(word);
        }
        return command;
    }

    private void quoteFile(Word word) {
        names.report(
                ErrorCode.UNQUOTED_FILE,
                "files are quoted: \"" + word.text() + "\"",
                word.span(),
                "write \"" + word.text() + "\"");
    }

    private Statement circuit(CircuitStatementContext context, Span span) {
        var edges = new ArrayList<Expression>();
        for (StatementContext child : whole(context.block().statements())) {
            Optional<Name> name = child instanceof LookStatementContext
                    ? Optional.empty()
                    : statement(child).flatMap(Statement::asName);
            if (child instanceof LookStatementContext look) {
                edges.add(expressions.expression(look.expression()));
            } else if (name.isPresent()) {
                edges.add(new Word(name.get().text(), name.get().span()));
            } else {
                names.report(
                        ErrorCode.NOT_AN_EDGE,
                        "a circuit's block contains edges",
                        names.span(child),
                        "write sets of edges, as `m0 -> logits`, a line each");
            }
        }
        return new Statement.CircuitDefinition(names.any(context.name()), edges, span);
    }

    private Statement metric(MetricStatementContext context, Span span) {
        List<Name> columns = context.variable().stream().map(names::variable).toList();
        List<Binding> where = context.where() == null
                ? List.of()
                : context.where().binding().stream().map(this::binding).toList();
        return new Statement.MetricDefinition(
                context.LOSS() != null,
                names.any(context.name()),
                columns,
                expressions.expression(context.expression()),
                where,
                span);
    }

    private Binding binding(BindingContext context) {
        return new Binding(
                names.variable(context.variable()), expressions.expression(context.expression()), names.span(context));
    }

    private Statement generate(GenerateStatementContext context, Span span) {
        var columns = new ArrayList<Binding>();
        var conditions = new ArrayList<Expression>();
        for (StatementContext child : whole(context.block().statements())) {
            if (child instanceof WhereStatementContext where) {
                where.expression().forEach(condition -> conditions.add(expressions.expression(condition)));
            } else if (child instanceof AssignmentStatementContext column) {
                columns.add(
                        new Binding(names.any(column.name()), expressions.value(column.value()), names.span(column)));
            } else {
                names.report(
                        ErrorCode.NOT_A_COLUMN,
                        "generated data is made of columns",
                        names.span(child),
                        "write `NAME = EXPRESSION`, a line each, and `where CONDITION`");
            }
        }
        List<Option> options =
                context.option().stream().map(expressions::option).toList();
        return new Statement.GenerateData(options, columns, conditions, span);
    }

    private void missingLet(AssignmentStatementContext context) {
        String name = context.name().getText();
        if (name.equals("let") || name.equals("param")) {
            names.report(
                    ErrorCode.UNFINISHED,
                    "the variable's name is missing after `" + name + "`",
                    names.span(context.name()),
                    "write `" + name + " NAME = VALUE`");
            return;
        }
        names.report(
                ErrorCode.MISSING_LET,
                "a variable is defined with `let`",
                names.span(context.name()),
                "write `let " + name + " = …`");
    }

    private Statement unknown(UnknownStatementContext context, Span span) {
        var word = new Name(context.WORD().getText(), names.span(context.getStart(), context.getStart()));
        List<String> nearest = Spelling.nearest(word.text(), Words.STATEMENTS, 3);
        boolean spacedCall = nearest.isEmpty() && context.unknownStart().LEFT_PAREN() != null;
        if (spacedCall) {
            names.report(
                    ErrorCode.CALL_SPACE,
                    "a call has no space before its `(`",
                    names.span(context.unknownStart()),
                    "write `" + word + "(…)`");
        } else {
            diagnostics.add(
                    Diagnostic.error(ErrorCode.UNKNOWN_STATEMENT, "there is no statement `" + word + "`", word.span())
                            .withHelp(unknownHelp(word, nearest)));
        }
        return new Statement.Unknown(word, span);
    }

    private static String unknownHelp(Name word, List<String> nearest) {
        if (!nearest.isEmpty()) return Spelling.question(nearest);
        return switch (word.text()) {
            case "while" -> "a loop is written `while condition { … }`";
            case "break", "continue" -> "`" + word.text() + "` stands alone";
            case "var", "const", "auto" -> "variables are written `let name = value`";
            case "function", "func", "fn", "proc" -> "functions are written `def name(parameters) { … }`";
            case "elif", "elseif" -> "write `else if condition { … }` after the `}`";
            default -> "`help` lists the statements";
        };
    }
}
