package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.CircuitEdges;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.EvaluationContext;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Loops;
import io.circuitscript.runtime.evaluate.ParameterText;
import io.circuitscript.runtime.evaluate.RowCondition;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.MetricChoices;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.RowChoice;
import io.circuitscript.runtime.metric.TaskSource;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.statements.CircuitSize;
import io.circuitscript.runtime.statements.DataGenerate;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.statements.TakeTask;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Defect;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Runs the statements of a script one after the other. */
final class Interpreter implements EvaluationContext {
    /** What becomes of a statement's value. */
    enum Use {
        /** Nobody reads it: a loop does not keep its rounds' values. */
        UNREAD,
        /** It is the script's: it is shown as it would be anywhere, and kept. */
        LAST,
        /** It is part of a value, and not there to be looked at. */
        READ
    }

    private final State state;
    private final Statements statements;
    private final CancelToken cancel;
    private final Map<String, String> parameters;
    private final Imports imports;
    private final Evaluator evaluator = new Evaluator(this);
    private Scope scope;
    private int depth;

    private final LoopVariables variables = new LoopVariables();
    private final StatementText texts = new StatementText(evaluator, variables);
    private final LoopRunner loops = new LoopRunner(this, evaluator, variables);

    /** The call that stands alone as a statement and whose value nobody reads. */
    private Optional<Span> unread = Optional.empty();

    private final ResultReporter results;
    private int importing;

    /** Not while a condition on rows is evaluated: none of its functions may run one. */
    private final StatementsAllowed statementsAllowed = new StatementsAllowed();

    private Optional<TaskSource> taking = Optional.empty();

    Interpreter(
            State state,
            Scope globals,
            Statements statements,
            Output output,
            CancelToken cancel,
            Map<String, String> parameters,
            Imports imports) {
        this.imports = imports;
        this.state = state;
        this.statements = statements;
        this.cancel = cancel;
        this.parameters = parameters;
        this.scope = globals;
        this.results = new ResultReporter(state, output, evaluator, variables);
    }

    /** @return the value of the last statement */
    Value run(List<Statement> block) {
        return run(block, Use.READ, (statement, value) -> {});
    }

    /**
     * @param use what becomes of the value of the last statement
     * @param done is told of each statement that ran to its end, with its value
     */
    Value run(List<Statement> block, Use use, BiConsumer<Statement, Value> done) {
        Value last = new Value.None();
        boolean aheadOutside = state.metricAhead();
        Optional<MetricSource> nextOutside = state.nextMetric();
        int lastChoice = block.size() - 1;
        while (lastChoice >= 0 && !MetricChoices.in(block.get(lastChoice))) lastChoice--;
        try {
            for (int i = 0; i < block.size(); i++) {
                cancel.check();
                state.setMetricAhead(aheadOutside || i < lastChoice);
                state.setNextMetric(new NextMetric(state, scope, statements).after(block, i));
                last = run(block.get(i), i == block.size() - 1 ? use : Use.UNREAD);
                done.accept(block.get(i), last);
            }
        } finally {
            state.setMetricAhead(aheadOutside);
            state.setNextMetric(nextOutside);
        }
        return last;
    }

    private Value run(Statement statement, Use use) {
        try {
            return visit(statement, use);
        } catch (UserError e) {
            throw Mistake.at(statement.span(), e);
        } catch (Mistake | CancellationException | Defect | Leaving e) {
            throw e;
        } catch (OutOfDeviceMemory e) {
            throw Mistake.at(statement.span(), e.failure());
        } catch (OutOfMemoryError e) {
            throw Mistake.at(statement.span(), HeapFull.error(e));
        } catch (RuntimeException e) {
            throw new Defect(statement.span(), e);
        }
    }

    private Value visit(Statement statement, Use use) {
        Optional<Statement.Name> variable =
                statement.asName().filter(it -> scope.find(it.text()).isPresent());
        if (variable.isPresent()) {
            Statement.Name name = variable.get();
            return expression(
                    new Statement.ExpressionStatement(new Expression.Word(name.text(), name.span()), statement.span()),
                    use);
        }
        if (!statementsAllowed.yes()) RowCondition.requireHarmless(statement);
        return switch (statement) {
            case Statement.Command command -> statement(command);
            case Statement.Let let -> set(let.name(), value(let.value()));
            case Statement.Param param -> {
                Value chosen = (Value) ParameterText.choose(param, parameters, value(param.value()));
                variables.setParam(param.name().text(), chosen);
                yield set(param.name(), chosen);
            }
            case Statement.Print print -> results.print(print.values(), print.span());
            case Statement.Expect expect -> results.expect(expect);
            case Statement.For loop -> loops.run(loop, use);
            case Statement.While loop -> loops.run(loop);
            case Statement.If choice -> choose(choice, use);
            case Statement.Quiet quiet -> quietly(quiet, use);
            case Statement.Jump jump ->
                throw new Leaving(jump.leaves() ? Leaving.Kind.BREAK : Leaving.Kind.CONTINUE, new Value.None());
            case Statement.Return it ->
                throw new Leaving(
                        Leaving.Kind.RETURN, it.value().map(this::value).orElse(new Value.None()));
            case Statement.Def def -> set(def.name(), new Value.Function(def));
            case Statement.CircuitDefinition circuit -> circuit(circuit);
            case Statement.ExpressionStatement alone -> expression(alone, use);
            case Statement.Help help -> results.help(help, statements.declarations());
            case Statement.Import it -> include(it);
            case Statement.TaskDefinition task -> {
                state.defined()
                        .define(new TaskSource(task, Optional.of(state.files().readFolder()), false));
                yield new Value.None();
            }
            case Statement.MetricDefinition metric -> metric(metric);
            case Statement.GenerateData data -> generate(data);
            case Statement.Unknown _ ->
                throw new IllegalStateException(
                        "the check let this pass: " + statement.span().text());
        };
    }

    private Value include(Statement.Import it) {
        Imports.Library library = imports.open(value(it.path()), it.path().span(), state.files());
        if (!state.defined().noteImport(library.key())) return new Value.None();
        results.beginSilence();
        importing++;
        try {
            imports.visit(library, state::files, each -> run(each, Use.UNREAD), wrong -> {
                throw wrong;
            });
        } finally {
            importing--;
            results.endSilence();
        }
        return new Value.None();
    }

    /** A definition of a metric also chooses it, except in an imported script. */
    private Value metric(Statement.MetricDefinition definition) {
        long start = System.nanoTime();
        MetricSource source = MetricSource.own(definition, scope);
        MetricBinder.check(source);
        state.defined().define(source);
        if (importing > 0) return new Value.None();
        state.experiment().chooseMetric(source);
        Value.Fields fields = source.fields();
        results.show(new Result("metric", definition.span(), fields, seconds(start), view("metric")));
        return fields;
    }

    private Value generate(Statement.GenerateData data) {
        String name = taking.map(TaskSource::name).orElse("generated data");
        return statement(
                DataGenerate.asCommand(data),
                new DataGenerate(
                        name,
                        data,
                        scope.copy(),
                        taking.map(TaskSource::standard).orElse(false)));
    }

    /** Runs the statements of a task: its data, and its metric where the columns do not imply one. */
    private void take(TaskSource task, RowChoice rows, Span span) {
        Scope outside = scope;
        Optional<TaskSource> before = taking;
        Optional<RowChoice> rowsBefore = state.taking();
        Optional<Path> folder = task.folder().map(state.files()::enter);
        scope = scope.root().inside();
        taking = Optional.of(task);
        results.beginSilence();
        try {
            state.experiment().forgetChoice();
            state.setTaking(Optional.of(rows));
            run(task.definition().body().statements());
            state.experiment().setTask(task.name());
        } catch (Mistake mistake) {
            throw task.standard() ? mistake.movedTo(span) : mistake;
        } finally {
            results.endSilence();
            taking = before;
            state.setTaking(rowsBefore);
            scope = outside;
            folder.ifPresent(state.files()::enter);
        }
    }

    private Value value(Expression expression) {
        return (Value) evaluator.value(expression);
    }

    private Value set(Statement.Name name, Value value) {
        scope.set(name.text(), value);
        return value;
    }

    /** How a statement shows its result. */
    private ResultView view(String word) {
        return statements.find(word).orElseThrow().declaration().view();
    }

    private Value choose(Statement.If choice, Use use) {
        for (Statement.Branch branch : choice.branches()) {
            if (((Value.Bool) evaluator.truth(branch.condition(), "`if`")).value()) return run(branch.body(), use);
        }
        return choice.otherwise().map(block -> run(block, use)).orElse(new Value.None());
    }

    Value run(Statement.Block block, Use use) {
        return run(block.statements(), use, (statement, value) -> {});
    }

    private Value quietly(Statement.Quiet quiet, Use use) {
        results.beginQuiet();
        try {
            return run(quiet.body(), use);
        } finally {
            results.endQuiet();
        }
    }

    @Override
    public Value block(Statement block) {
        return visit(block, Use.READ);
    }

    @Override
    public AbstractValue withoutStatements(Supplier<AbstractValue> work) {
        return statementsAllowed.notIn(work);
    }

    @Override
    public AbstractValue within(Scope inner, Supplier<AbstractValue> work) {
        checkCancelled();
        Scope outside = scope;
        scope = inner;
        try {
            return work.get();
        } finally {
            scope = outside;
        }
    }

    /** @throws CancellationException where the user wants no more of it */
    void checkCancelled() {
        cancel.check();
    }

    @Override
    public Optional<AbstractValue> circuit(String name, boolean wanted) {
        return Optional.ofNullable(state.named().get(name))
                .map(it -> new Value.EdgeSet(it.circuit().graph(), it.circuit().edges()));
    }

    @Override
    public Collection<String> circuits() {
        return state.named().keySet();
    }

    @Override
    public Optional<RandomGenerator> chance(Span span) {
        return Optional.of(state.nextDraw());
    }

    @Override
    public OptionalDouble clock(Span span) {
        return OptionalDouble.of(state.secondsRun());
    }

    @Override
    public Optional<List<String>> spans(Span span) {
        return Optional.of(state.experiment().spans().names());
    }

    private Value circuit(Statement.CircuitDefinition definition) {
        long start = System.nanoTime();
        Value.EdgeSet edges = (Value.EdgeSet) CircuitEdges.of(definition, this);
        ScoredCircuit written = state.current().withOwn(new Circuit(edges.graph(), edges.edges()));
        state.named().put(definition.name().text(), written);
        if (importing > 0) return new Value.None();
        state.setCurrent(written);
        Value.Fields fields = CircuitSize.of("circuit", state);
        results.show(new Result("circuit", definition.span(), fields, seconds(start)));
        return fields;
    }

    /**
     * A call speaks by what its statements show, and in a function an expression is there to be its value; any other is there to be looked
     * at.
     */
    private Value expression(Statement.ExpressionStatement alone, Use use) {
        Expression expression = alone.expression();
        if (use == Use.UNREAD && expression instanceof Expression.Call) unread = Optional.of(expression.span());
        if (depth > 0 || use == Use.READ) return value(expression);
        boolean ownCall = expression instanceof Expression.Call call
                && !(call.function() instanceof Expression.Word name
                        && Functions.has(name.text())
                        && !evaluator.isVariable(name));
        if (ownCall || expression instanceof Expression.StatementValue || expression instanceof Expression.BlockValue)
            return value(expression);
        Value value = value(expression);
        results.show(new Result(
                "print",
                alone.span(),
                ResultFields.of("print").put("value", value).done(),
                0,
                ValueView.LOOKED_AT));
        return value;
    }

    @Override
    public Optional<Declaration> declaration(String word) {
        return statements.find(word).map(StatementHandler::declaration);
    }

    @Override
    public boolean isRun() {
        return true;
    }

    @Override
    public Facts facts() {
        return state.facts();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public Value statement(Statement.Command command) {
        if (!statementsAllowed.yes()) throw RowCondition.inFunction(command.span());
        String word = command.word().text();
        return statement(
                command, statements.find(word).orElseThrow(() -> new IllegalStateException("no statement " + word)));
    }

    private Value statement(Statement.Command command, StatementHandler handler) {
        long start = System.nanoTime();
        try {
            CheckedStatement prepared = CheckedStatement.of(command, handler, this, facts());
            String text = texts.of(command, handler.declaration());
            if (handler instanceof TakeTask) {
                Arguments arguments = prepared.arguments();
                take(
                        state.defined().task(arguments.text("task")).orElseThrow(),
                        RowChoice.of(arguments, "limit").under(state.taking()),
                        arguments.spanOf("task"));
            }
            Value value = handler.run(prepared.arguments(), state);
            prepared.noteFiles(state.files());
            Optional<Value.Fields> shown = handler.shown(value, prepared.arguments(), state);
            if (shown.isPresent())
                results.show(
                        new Result(
                                handler instanceof DataGenerate
                                        ? "data"
                                        : command.word().text(),
                                command.span(),
                                text,
                                shown.get(),
                                seconds(start),
                                handler.declaration().view()),
                        prepared.arguments().knownText("with"),
                        prepared.arguments().knownText("on"));
            return value;
        } catch (UserError e) {
            throw Mistake.at(command.span(), e);
        }
    }

    @Override
    public Value call(Statement.Def function, Map<String, AbstractValue> arguments, Span span) {
        if (depth == Loops.DEEPEST_CALL) throw Loops.tooDeep(function, span);
        Scope outside = scope;
        scope = scope.root().inside();
        Set<String> turningOutside = variables.enterCall(arguments.keySet());
        arguments.forEach(scope::set);
        Use use = unread.equals(Optional.of(span)) ? Use.UNREAD : Use.READ;
        unread = Optional.empty();
        depth++;
        try {
            return run(function.body(), use);
        } catch (Leaving leaving) {
            if (leaving.kind() != Leaving.Kind.RETURN) throw leaving;
            return leaving.value();
        } finally {
            depth--;
            variables.leaveCall(turningOutside);
            scope = outside;
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
