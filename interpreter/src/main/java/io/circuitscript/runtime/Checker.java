package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.ArgumentBinder;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.AssignedNames;
import io.circuitscript.runtime.evaluate.CircuitEdges;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.EvaluationContext;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Expectation;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.ParameterText;
import io.circuitscript.runtime.evaluate.RowCondition;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.RowGenerator;
import io.circuitscript.runtime.metric.TaskSource;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.statements.DataGenerate;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.statements.TakeTask;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import io.circuitscript.syntax.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds what is wrong with a script before anything is loaded. It walks the statements as a run would, with what is
 * known: constants, and the graph of a model whose configuration can be read. Where the path depends on values that
 * only a run gives, it reports only what is wrong on every path, so that a script that may be right passes.
 */
final class Checker implements EvaluationContext {
    private static final int DEEPEST_CALL = 20;

    private final Statements statements;
    private final Map<String, String> parameters;
    private final Set<String> assignedSomewhere;
    private final ReportedMistakes reported;
    private final Evaluator evaluator = new Evaluator(this);
    private final Flow flow;
    private int depth;
    private final LoopCheck loops;

    private final BranchCheck branches;

    /** What the functions around the statement return, the innermost last. */
    private final List<List<AbstractValue>> returned = new ArrayList<>();

    private int importing;

    /** Not while a condition on rows is evaluated: none of its functions may run one. */
    private final StatementsAllowed statementsAllowed = new StatementsAllowed();

    private Optional<TaskSource> taking = Optional.empty();

    /** The tasks around the statement, the innermost last. */
    private final List<Statement.TaskDefinition> tasks = new ArrayList<>();

    private final Imports imports;
    private final CheckWatch watch;
    private final Map<String, Parsed> libraries = new LinkedHashMap<>();

    /**
     * @param facts what holds where the script begins; changed
     * @param watch is told which places the check comes to
     */
    Checker(
            Statements statements,
            Map<String, String> parameters,
            List<Statement> script,
            Scope globals,
            Facts facts,
            Imports imports,
            CheckWatch watch) {
        this.imports = imports;
        this.watch = watch;
        this.statements = statements;
        this.parameters = parameters;
        this.assignedSomewhere = new HashSet<>(AssignedNames.names(script));
        this.reported = new ReportedMistakes(assignedSomewhere);
        this.flow = new Flow(globals.copy(), facts);
        this.loops = new LoopCheck(flow, evaluator, this::block);
        this.branches = new BranchCheck(flow, evaluator, this::block, this::report);
    }

    /** All mistakes found, each once; those so far where the watch stopped it. */
    List<Mistake> check(List<Statement> script) {
        try {
            block(script);
        } catch (CheckWatch.Stopped enough) {
            return reported.mistakes();
        }
        return reported.mistakes();
    }

    private AbstractValue block(List<Statement> block) {
        AbstractValue last = new Value.None();
        for (int i = 0; i < block.size(); i++) {
            watch.at(block, i, flow);
            last = check(block.get(i));
        }
        watch.at(block, block.size(), flow);
        return last;
    }

    private AbstractValue check(Statement statement) {
        facts().cancel().check(); // loops are followed
        try {
            return visit(statement);
        } catch (Mistake mistake) {
            report(mistake);
            // The names that it would have set become unknown, so that their uses are not mistakes as well.
            flow.forgetNames(AssignedNames.names(List.of(statement)));
            return Unknown.ANY;
        } catch (OutOfMemoryError e) {
            // For what this statement is in to report: a loop is left.
            throw Mistake.at(statement.span(), HeapFull.error(e));
        }
    }

    private void report(Mistake mistake) {
        reported.add(mistake, flow.isSure());
    }

    private AbstractValue visit(Statement statement) {
        Optional<AbstractValue> variable = statement.asName().flatMap(it -> scope().find(it.text()));
        if (variable.isPresent()) return variable.get();
        if (!statementsAllowed.yes()) RowCondition.requireHarmless(statement);
        return switch (statement) {
            case Statement.Command command -> statement(command);
            case Statement.Let let -> set(let.name(), evaluator.value(let.value()));
            case Statement.Param param ->
                set(param.name(), ParameterText.choose(param, parameters, evaluator.value(param.value())));
            case Statement.Print print -> {
                List<Mistake> wrong = new ArrayList<>();
                for (Expression value : print.values()) ArgumentBinder.gather(wrong, () -> evaluator.value(value));
                Mistake.throwAll(wrong);
                yield new Value.None();
            }
            case Statement.Expect expect -> {
                Expectation.of(expect.condition(), evaluator);
                yield new Value.None();
            }
            case Statement.For loop -> loops.check(loop);
            case Statement.While loop -> loops.check(loop);
            case Statement.If choice -> branches.check(choice);
            case Statement.Quiet quiet -> block(quiet.body().statements());
            case Statement.Jump jump -> {
                if (!loops.isInside()) throw outside(jump.word(), "a loop");
                yield new Value.None();
            }
            case Statement.Return it -> {
                if (returned.isEmpty()) throw outside(it.word(), "a function");
                AbstractValue value = it.value().map(evaluator::value).orElse(new Value.None());
                returned.getLast().add(value);
                yield value;
            }
            case Statement.Def def -> define(def);
            case Statement.CircuitDefinition circuit -> circuit(circuit);
            case Statement.ExpressionStatement alone -> evaluator.value(alone.expression());
            case Statement.Unknown unknown -> {
                // It may have done whatever it was meant to do.
                for (Need need : Need.values()) flow.loosen(need);
                facts().mayAddCircuits();
                boolean mayWrite = Spelling.nearest(unknown.word().text(), Words.STATEMENTS, 3).stream()
                        .flatMap(word -> statements.find(word).stream())
                        .anyMatch(handler -> handler.declaration().writesFile());
                if (mayWrite) facts().files().mayWriteOthers();
                yield Unknown.ANY;
            }
            case Statement.Import it -> include(it);
            case Statement.Help help -> {
                help.topic().ifPresent(word -> HelpPages.require(word, help.span(), statements.declarations()));
                yield new Value.None();
            }
            case Statement.TaskDefinition task -> task(task);
            case Statement.MetricDefinition metric -> metric(metric);
            case Statement.GenerateData data -> generate(data);
        };
    }

    /** The imported files, in the order in which they were met. */
    Collection<Parsed> libraries() {
        return libraries.values();
    }

    private AbstractValue include(Statement.Import it) {
        try {
            Imports.Library library =
                    imports.open(evaluator.value(it.path()), it.path().span(), facts().files());
            watch.imports(it.path().span(), library.key(), library.parsed());
            if (!facts().tasks().noteImport(library.key())) return new Value.None();
            libraries.put(library.key(), library.parsed());
            assignedSomewhere.addAll(AssignedNames.names(library.parsed().statements()));
            importing++;
            try {
                imports.visit(library, () -> facts().files(), this::check, this::report);
            } finally {
                importing--;
            }
            if (library.parsed().hasErrors()) mayBeAnything();
        } catch (Mistake mistake) {
            mayBeAnything();
            throw mistake;
        }
        return new Value.None();
    }

    /** Where definitions could not be read, an unknown name may be one of them. */
    private void mayBeAnything() {
        facts().tasks().mayDefineOthers();
        facts().mayAddCircuits();
        reported.setUnread();
    }

    private AbstractValue task(Statement.TaskDefinition definition) {
        var task = new TaskSource(definition, Optional.of(facts().files().readFolder()), false);
        facts().tasks().define(task);
        // Checked by itself, since it may never be taken; and again where it is taken.
        flow.speculatively(() -> {
            flow.forgetNames(assignedSomewhere);
            facts().invalidate();
            return body(task);
        });
        return new Value.None();
    }

    private AbstractValue body(TaskSource task) {
        Optional<TaskSource> before = taking;
        tasks.add(task.definition());
        Optional<Path> folder = task.folder().map(facts().files()::enter);
        taking = Optional.of(task);
        try {
            return flow.in(
                    scope().root().inside(),
                    () -> block(task.definition().body().statements()));
        } finally {
            taking = before;
            tasks.removeLast();
            folder.ifPresent(it -> facts().files().enter(it));
        }
    }

    private AbstractValue metric(Statement.MetricDefinition definition) {
        MetricSource source = MetricSource.own(definition, scope());
        facts().tasks().define(source);
        if (importing == 0) {
            facts().set(Need.METRIC, Facts.Known.YES);
            facts().tasks().choose(Optional.of(source));
        }
        MetricBinder.check(source);
        if (importing == 0) facts().tasks().checkColumns(definition.name().span());
        return metricShape();
    }

    private static AbstractValue metricShape() {
        var fields = new LinkedHashMap<String, AbstractValue>();
        for (String field : List.of("metric", "expression", "better")) fields.put(field, Unknown.of(Type.TEXT));
        return Unknown.result("metric", fields);
    }

    private AbstractValue generate(Statement.GenerateData data) {
        String name = taking.map(TaskSource::name).orElse("generated data");
        AbstractValue result = statement(DataGenerate.asCommand(data), new DataGenerate(name, data, scope(), false));
        RowGenerator.check(data, scope(), DataGenerate.asCommand(data).word().span());
        return result;
    }

    private AbstractValue set(Statement.Name name, AbstractValue assigned) {
        // The parser has reported that the name is taken; its uses are not mistakes as well.
        if (!NodeNotation.readsAsNode(name.text())) scope().set(name.text(), assigned);
        return assigned;
    }

    private AbstractValue circuit(Statement.CircuitDefinition definition) {
        facts().addCircuit(definition.name().text());
        try {
            CircuitEdges.of(definition, this);
        } catch (Mistake mistake) {
            if (mistake.diagnostic().code() == ErrorCode.TOO_EARLY) flow.loosen(Need.GRAPH);
            throw mistake;
        }
        return CheckedStatement.circuitShape();
    }

    @Override
    public Optional<Declaration> declaration(String word) {
        return statements.find(word).map(StatementHandler::declaration);
    }

    @Override
    public Facts facts() {
        return flow.facts();
    }

    @Override
    public Scope scope() {
        return flow.scope();
    }

    @Override
    public AbstractValue statement(Statement.Command command) {
        if (!statementsAllowed.yes()) throw RowCondition.inFunction(command.span());
        return statement(
                command,
                statements
                        .find(command.word().text())
                        .orElseThrow(() -> new IllegalStateException("no statement " + command.word())));
    }

    private AbstractValue statement(Statement.Command command, StatementHandler handler) {
        try {
            CheckedStatement prepared = CheckedStatement.of(command, handler, this, facts());
            if (handler instanceof TakeTask) take(prepared.arguments());
            prepared.noteFiles(facts().files());
            return prepared.result();
        } catch (Mistake mistake) {
            suppose(handler.declaration(), mistake);
            throw mistake;
        }
    }

    private void take(Arguments arguments) {
        Optional<TaskSource> task = arguments.knownText("task").flatMap(facts().tasks()::task);
        facts().tasks().choose(Optional.empty());
        if (task.isPresent()) {
            // By identity: another of that name may stand in it.
            if (tasks.stream().anyMatch(it -> it == task.get().definition()))
                throw Mistake.form(
                        ErrorCode.TOO_DEEP,
                        "the task " + task.get().name() + " takes itself",
                        arguments.spanOf("task"),
                        "let it read or generate data, or take another task");
            body(task.get());
            facts().tasks().setOfTask();
        } else facts().tasks().setColumns("the task", Optional.empty());
        if (arguments.given("split")) facts().set(Need.TEST_PART, Facts.Known.YES);
        else if (task.isEmpty()) facts().set(Need.TEST_PART, Facts.Known.MAYBE);
        facts().set(Need.DATA, Facts.Known.YES);
        if (facts().met(Need.METRIC) == Facts.Known.NO) facts().set(Need.METRIC, Facts.Known.MAYBE);
    }

    /** Continues as if the statement were right, so that one mistake is reported once. */
    private void suppose(Declaration declaration, Mistake mistake) {
        if (mistake.diagnostic().code() == ErrorCode.TOO_EARLY)
            declaration.needs().forEach(flow::loosen);
        declaration.provides().forEach(flow::loosen);
        if (declaration.provides().contains(Need.MODEL)) facts().setGraph(Optional.empty());
        if (declaration.namesCircuit()) facts().mayAddCircuits();
        if (declaration.writesFile()) facts().files().mayWriteOthers();
    }

    private static Mistake outside(Statement.Name word, String what) {
        return Mistake.form(
                ErrorCode.JUMP_OUTSIDE,
                "`" + word + "` is outside of " + what,
                word.span(),
                what.equals("a loop")
                        ? "it stands in the block of a `for` or a `while`"
                        : "it stands in the block of a `def`; a script ends with its last line");
    }

    @Override
    public AbstractValue block(Statement block) {
        return visit(block);
    }

    @Override
    public AbstractValue withoutStatements(Supplier<AbstractValue> work) {
        return statementsAllowed.notIn(work);
    }

    @Override
    public AbstractValue within(Scope inner, Supplier<AbstractValue> work) {
        return flow.in(inner, work);
    }

    @Override
    public Optional<AbstractValue> circuit(String name, boolean wanted) {
        boolean there = facts().circuits().contains(name) || wanted && facts().otherCircuits();
        return there ? Optional.of(Unknown.of(Type.EDGES)) : Optional.empty();
    }

    @Override
    public Collection<String> circuits() {
        return facts().circuits();
    }

    @Override
    public boolean follows(long items) {
        return flow.affords(items);
    }

    /** Walks the body of a function. @return what is known of its value */
    private AbstractValue body(Statement.Def function) {
        List<Statement> body = function.body().statements();
        int outside = loops.enterFunction();
        returned.add(new ArrayList<>());
        try {
            if (!LoopCheck.leavesEarly(body)) return block(body);
            flow.forget(body);
            AbstractValue[] last = new AbstractValue[1];
            flow.speculatively(() -> last[0] = block(body));
            return returned.getLast().stream().reduce(last[0], Shapes::join);
        } finally {
            returned.removeLast();
            loops.leaveFunction(outside);
        }
    }

    /** Checks a function by itself, since it may never be called. It is checked again at each call, with what is known there. */
    private AbstractValue define(Statement.Def def) {
        scope().set(def.name().text(), new Value.Function(def));
        flow.speculatively(() -> {
            def.parameters().forEach(p -> p.byDefault().ifPresent(evaluator::value));
            flow.forgetNames(assignedSomewhere.stream()
                    .filter(name -> !name.equals(def.name().text()))
                    .toList());
            facts().invalidate();
            return flow.in(scope().inside(), () -> {
                flow.forgetNames(
                        def.parameters().stream().map(p -> p.name().text()).toList());
                return body(def);
            });
        });
        return new Value.None();
    }

    @Override
    public AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span) {
        List<Statement> body = function.body().statements();
        if (depth >= DEEPEST_CALL || !flow.affords(InnerStatements.size(body))) {
            facts().invalidate();
            return Unknown.ANY;
        }
        depth++;
        try {
            return flow.in(scope().root().inside(), () -> {
                arguments.forEach(scope()::set);
                return body(function);
            });
        } finally {
            depth--;
        }
    }
}
