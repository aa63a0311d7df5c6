package io.circuitscript.editor.names;

import io.circuitscript.editor.names.Occurrence.Definition;
import io.circuitscript.editor.names.Occurrence.Form;
import io.circuitscript.editor.names.Occurrence.Role;
import io.circuitscript.editor.names.Symbol.Space;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Walks a script and finds what its names mean, by the rules of the language: a block has no variables of its own; a function and a task have, and see
 * those of the script; a comprehension, a metric and the rules of generated data add theirs to those around them.
 */
final class NameReader {
    private final Function<String, Optional<Declaration>> declarations;
    private final Set<Symbol> imported;
    private final List<Occurrence> found = new ArrayList<>();

    /** The script's own variables, and where each is set first. */
    private final Map<String, Integer> globals = new LinkedHashMap<>();

    /** Names of circuits, metrics and tasks that the script defines. */
    private final Set<Symbol> defined = new HashSet<>();

    private final Map<String, List<Statement.Def>> functions = new HashMap<>();

    private final Map<Statement.Def, String> scopes = new IdentityHashMap<>();
    private int unnamed;

    /** The variables around the place, beside the script's. */
    private Local local;

    /** Variables that only a part of the script sees. */
    private static final class Local {
        private final String scope;
        private final Optional<Local> around;

        /** Whether `let` sets variables here. */
        private final boolean own;

        private final Map<String, Integer> variables = new LinkedHashMap<>();
        private final Space space;

        Local(String scope, Optional<Local> around, boolean own, Space space) {
            this.scope = scope;
            this.around = around;
            this.own = own;
            this.space = space;
        }

        void add(String name, int from) {
            variables.merge(name, from, Math::min);
        }

        /** @param anywhere whether it is enough that it is set further down */
        Optional<Symbol> find(String name, int offset, boolean anywhere) {
            Integer from = variables.get(name);
            if (from != null && (anywhere || from <= offset)) return Optional.of(new Symbol(space, name, scope));
            return around.flatMap(it -> it.find(name, offset, anywhere));
        }
    }

    NameReader(Function<String, Optional<Declaration>> declarations, Set<Symbol> imported) {
        this.declarations = declarations;
        this.imported = imported;
    }

    List<Occurrence> read(List<Statement> script) {
        assigned(script, globals);
        collect(script);
        functions.forEach((name, all) ->
                all.forEach(def -> scopes.put(def, name + Symbol.OF_FUNCTION + (all.size() == 1 ? "" : next()))));
        script.forEach(this::statement);
        return found;
    }

    /** Notes what statements set, and from where on it is set. */
    private static void assigned(List<Statement> statements, Map<String, Integer> set) {
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Let let ->
                    set.merge(let.name().text(), let.span().end(), Math::min);
                case Statement.Param param ->
                    set.merge(param.name().text(), param.span().end(), Math::min);
                case Statement.Def def ->
                    set.merge(def.name().text(), def.span().start(), Math::min);
                case Statement.For loop ->
                    loop.iterations()
                            .forEach(it -> set.merge(
                                    it.variable().text(), it.list().span().end(), Math::min));
                default -> {}
            }
            assigned(InnerStatements.of(statement), set);
        }
    }

    /** Notes functions, circuits, metrics and tasks, which may be named before they are defined. */
    private void collect(List<Statement> statements) {
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Def def -> {
                    functions
                            .computeIfAbsent(def.name().text(), name -> new ArrayList<>())
                            .add(def);
                    collect(def.body().statements());
                }
                case Statement.CircuitDefinition it -> define(Space.CIRCUIT, it.name());
                case Statement.MetricDefinition it -> define(Space.METRIC, it.name());
                case Statement.TaskDefinition it -> {
                    define(Space.TASK, it.name());
                    collect(it.body().statements());
                }
                case Statement.Command it -> {
                    if (naming(it))
                        it.arguments().stream().findFirst().ifPresent(name -> {
                            if (name instanceof Expression.Word word)
                                defined.add(new Symbol(Space.CIRCUIT, word.text(), Symbol.GLOBAL));
                        });
                }
                default -> {}
            }
            collect(InnerStatements.of(statement));
        }
    }

    private void define(Space space, Statement.Name name) {
        defined.add(new Symbol(space, name.text(), Symbol.GLOBAL));
    }

    private boolean naming(Statement.Command command) {
        return declarations
                .apply(command.word().text())
                .map(Declaration::namesCircuit)
                .orElse(false);
    }

    private String next() {
        return "#" + ++unnamed;
    }

    private void add(Span span, Symbol symbol, Role role) {
        found.add(new Occurrence(span, symbol, role, Optional.empty()));
    }

    private void add(Statement.Name name, Symbol symbol, Form form, Span whole, Statement statement) {
        found.add(new Occurrence(
                name.span(),
                symbol,
                Role.DEFINES,
                Optional.of(new Definition(form, whole, Optional.ofNullable(statement)))));
    }

    /** A variable that a statement sets. */
    private void set(Statement.Name name, Form form, Span whole, Statement statement) {
        Local own = local;
        while (own != null && !own.own) own = own.around.orElse(null);
        String scope = own == null ? Symbol.GLOBAL : own.scope;
        add(name, new Symbol(Space.VARIABLE, name.text(), scope), form, whole, statement);
    }

    /** What a name means as a variable, or as a column. */
    private Optional<Symbol> variable(String name, int offset) {
        Optional<Symbol> near = local == null ? Optional.empty() : local.find(name, offset, false);
        if (near.isPresent()) return near;
        Symbol global = new Symbol(Space.VARIABLE, name, Symbol.GLOBAL);
        if (globals.containsKey(name) || imported.contains(global)) return Optional.of(global);
        return local == null ? Optional.empty() : local.find(name, offset, true);
    }

    private Optional<Symbol> known(Space space, String name) {
        Symbol symbol = new Symbol(space, name, Symbol.GLOBAL);
        return defined.contains(symbol) || imported.contains(symbol) ? Optional.of(symbol) : Optional.empty();
    }

    private void block(Statement.Block block) {
        block.statements().forEach(this::statement);
    }

    private void statement(Statement statement) {
        Optional<Statement.Name> alone = statement.asName();
        if (alone.isPresent()) {
            Optional<Symbol> variable =
                    variable(alone.get().text(), alone.get().span().start());
            if (variable.isPresent()) {
                add(alone.get().span(), variable.get(), Role.READS);
                return;
            }
        }
        switch (statement) {
            case Statement.Command command -> command(command);
            case Statement.Let let -> {
                expression(let.value());
                set(let.name(), Form.LET, let.span(), let);
            }
            case Statement.Param param -> {
                expression(param.value());
                set(param.name(), Form.PARAM, param.span(), param);
            }
            case Statement.Print print -> print.values().forEach(this::expression);
            case Statement.Expect expect -> expression(expect.condition());
            case Statement.For loop -> {
                for (Statement.Iteration iteration : loop.iterations()) {
                    expression(iteration.list());
                    set(iteration.variable(), Form.LOOP, iteration.span(), null);
                }
                block(loop.body());
            }
            case Statement.While loop -> {
                expression(loop.condition());
                block(loop.body());
            }
            case Statement.If choice -> {
                for (Statement.Branch branch : choice.branches()) {
                    expression(branch.condition());
                    block(branch.body());
                }
                choice.otherwise().ifPresent(this::block);
            }
            case Statement.Quiet quiet -> block(quiet.body());
            case Statement.Return it -> it.value().ifPresent(this::expression);
            case Statement.Def def -> function(def);
            case Statement.TaskDefinition task -> {
                add(task.name(), symbol(Space.TASK, task.name()), Form.TASK, task.span(), task);
                within(apart(next(), task.body().statements()), () -> block(task.body()));
            }
            case Statement.CircuitDefinition circuit -> {
                add(circuit.name(), symbol(Space.CIRCUIT, circuit.name()), Form.CIRCUIT, circuit.span(), circuit);
                circuit.edges().forEach(this::expression);
            }
            case Statement.MetricDefinition metric -> metric(metric);
            case Statement.GenerateData data -> generate(data);
            case Statement.ExpressionStatement alone2 -> expression(alone2.expression());
            case Statement.Import it -> expression(it.path());
            case Statement.Jump _, Statement.Help _, Statement.Unknown _ -> {}
        }
    }

    private static Symbol symbol(Space space, Statement.Name name) {
        return new Symbol(space, name.text(), Symbol.GLOBAL);
    }

    /** Variables of a function or a task, which sees no others but the script's. */
    private static Local apart(String scope, List<Statement> body) {
        Local own = new Local(scope, Optional.empty(), true, Space.VARIABLE);
        Map<String, Integer> set = new LinkedHashMap<>();
        assigned(body, set);
        set.forEach(own::add);
        return own;
    }

    private void within(Local inner, Runnable walk) {
        Local before = local;
        local = inner;
        try {
            walk.run();
        } finally {
            local = before;
        }
    }

    private void function(Statement.Def def) {
        set(def.name(), Form.FUNCTION, def.span(), def);
        def.parameters().forEach(it -> it.byDefault().ifPresent(this::expression));
        Local own = apart(scopes.get(def), def.body().statements());
        def.parameters().forEach(it -> own.add(it.name().text(), def.span().start()));
        within(own, () -> {
            for (Statement.Parameter parameter : def.parameters())
                set(parameter.name(), Form.PARAMETER, parameter.span(), def);
            block(def.body());
        });
    }

    private void metric(Statement.MetricDefinition metric) {
        add(metric.name(), symbol(Space.METRIC, metric.name()), Form.METRIC, metric.span(), metric);
        Local columns = new Local(next(), Optional.ofNullable(local), false, Space.COLUMN);
        for (Statement.Name column : metric.columns()) {
            columns.add(column.text(), 0);
            add(column, new Symbol(Space.COLUMN, column.text(), columns.scope), Form.COLUMN, column.span(), metric);
        }
        Local parts = new Local(next(), Optional.of(columns), false, Space.VARIABLE);
        within(parts, () -> {
            for (Statement.Binding part : metric.where()) {
                expression(part.value());
                parts.add(part.name().text(), 0);
                add(
                        part.name(),
                        new Symbol(Space.VARIABLE, part.name().text(), parts.scope),
                        Form.LET,
                        part.span(),
                        null);
            }
            expression(metric.body());
        });
    }

    private void generate(Statement.GenerateData data) {
        data.options().forEach(it -> expression(it.value()));
        Local row = new Local(next(), Optional.ofNullable(local), false, Space.COLUMN);
        within(row, () -> {
            for (Statement.Binding column : data.columns()) {
                expression(column.value());
                row.add(column.name().text(), 0);
                add(
                        column.name(),
                        new Symbol(Space.COLUMN, column.name().text(), row.scope),
                        Form.COLUMN,
                        column.span(),
                        null);
            }
            data.conditions().forEach(this::expression);
        });
    }

    private void command(Statement.Command command) {
        Optional<Declaration> declared = declarations.apply(command.word().text());
        List<Declaration.Argument> places =
                declared.map(it -> it.filled(command.arguments().size())).orElse(List.of());
        for (int i = 0; i < command.arguments().size(); i++) {
            Expression argument = command.arguments().get(i);
            if (i < places.size())
                argument(command, places.get(i), argument, declared.get().namesCircuit());
            else expression(argument);
        }
        for (Statement.Option option : command.options()) {
            Optional<Declaration.Argument> place =
                    declared.flatMap(it -> it.option(option.key().text()));
            if (place.isPresent()) argument(command, place.get(), option.value(), false);
            else expression(option.value());
        }
    }

    private void argument(
            Statement.Command command, Declaration.Argument place, Expression written, boolean namesCircuit) {
        if (place.kind() == Kind.CONDITION) {
            ambiguously(written);
            return;
        }
        boolean column = place.kind() == Kind.FIELD || place.kind() == Kind.COLUMN || place.kind() == Kind.SPANS;
        boolean words = place.kind() == Kind.WORDS || column;
        if (words && !(written instanceof Expression.Word)) {
            ambiguously(written);
            return;
        }
        if (!(written instanceof Expression.Word word) || !place.kind().takesWords()) {
            expression(written);
            return;
        }
        if (column) {
            ambiguously(word);
            return;
        }
        if (isSetBefore(word) && variable(word)) return;
        Optional<Space> space = switch (place.offers()) {
            case CIRCUITS -> Optional.of(Space.CIRCUIT);
            case METRICS -> Optional.of(Space.METRIC);
            case TASKS -> Optional.of(Space.TASK);
            default -> Optional.empty();
        };
        if (namesCircuit) {
            Statement.Name name = new Statement.Name(word.text(), word.span());
            add(name, symbol(Space.CIRCUIT, name), Form.CIRCUIT, command.span(), command);
        } else space.ifPresent(it -> add(word.span(), new Symbol(it, word.text(), Symbol.GLOBAL), Role.READS));
    }

    /** An expression whose words may be columns rather than variables. */
    private void ambiguously(Expression expression) {
        int before = found.size();
        expression(expression);
        for (int i = before; i < found.size(); i++) {
            Occurrence it = found.get(i);
            if (it.role() == Role.READS)
                found.set(i, new Occurrence(it.span(), it.symbol(), Role.MAY_READ, it.definition()));
        }
    }

    /** Whether a variable that the word may mean has a value there. Where none has, the word is a circuit, or a word of the statement. */
    private boolean isSetBefore(Expression.Word word) {
        String name = word.text().split("\\.", 2)[0];
        Integer set = globals.get(name);
        return local != null || set == null || set <= word.span().start();
    }

    /** @return whether the word is a variable, or fields of one */
    private boolean variable(Expression.Word word) {
        String text = word.text();
        if (NodeNotation.readsAsNode(text)) return false;
        for (int end = text.length(); end > 0; end = text.lastIndexOf('.', end - 1)) {
            String name = text.substring(0, end);
            Optional<Symbol> symbol = variable(name, word.span().start());
            if (symbol.isEmpty()) continue;
            int start = word.span().start();
            Span span = new Span(word.span().source(), start, start + name.codePointCount(0, name.length()));
            add(span, symbol.get(), Role.READS);
            return true;
        }
        return false;
    }

    private void expression(Expression expression) {
        switch (expression) {
            case Expression.Word word -> {
                Optional<Symbol> circuit = known(Space.CIRCUIT, word.text());
                boolean variable = (circuit.isEmpty() || isSetBefore(word)) && variable(word);
                if (!variable) circuit.ifPresent(it -> add(word.span(), it, Role.READS));
            }
            case Expression.NumberLiteral _, Expression.BooleanLiteral _, Expression.NoneLiteral _ -> {}
            case Expression.StringLiteral string ->
                string.parts().forEach(part -> {
                    if (part instanceof Expression.Hole hole) expression(hole.value());
                });
            case Expression.ListLiteral list -> list.items().forEach(this::expression);
            case Expression.SetLiteral set -> set.items().forEach(this::expression);
            case Expression.Range range -> {
                expression(range.from());
                expression(range.to());
            }
            case Expression.Edges edges -> {
                expression(edges.sources());
                expression(edges.destinations());
            }
            case Expression.Port port -> expression(port.nodes());
            case Expression.AtSpan it -> {
                expression(it.edges());
                ambiguously(it.at());
            }
            case Expression.Unary unary -> expression(unary.operand());
            case Expression.Binary binary -> {
                expression(binary.left());
                expression(binary.right());
            }
            case Expression.Call call -> call(call);
            case Expression.Index index -> {
                expression(index.target());
                expression(index.index());
            }
            case Expression.Field field -> expression(field.target());
            case Expression.RecordLiteral it -> it.fields().forEach(field -> expression(field.value()));
            case Expression.Comprehension it -> comprehension(it);
            case Expression.BlockValue block -> statement(block.statement());
            case Expression.StatementValue value -> statement(value.command());
        }
    }

    private void comprehension(Expression.Comprehension it) {
        expression(it.iteration().list());
        Statement.Name name = it.iteration().variable();
        Local own = new Local(next(), Optional.ofNullable(local), false, Space.VARIABLE);
        own.add(name.text(), 0);
        add(
                name,
                new Symbol(Space.VARIABLE, name.text(), own.scope),
                Form.LOOP,
                it.iteration().span(),
                null);
        within(own, () -> {
            expression(it.item());
            it.condition().ifPresent(this::expression);
        });
    }

    private void call(Expression.Call call) {
        Optional<String> function = Optional.empty();
        if (call.function() instanceof Expression.Word word) {
            if (variable(word)) function = Optional.of(word.text());
        } else expression(call.function());
        call.arguments().forEach(this::expression);
        for (Statement.Option option : call.options()) {
            function.ifPresent(name -> parameter(name, option.key()));
            // A word may name a column of the table that the language's function is given.
            boolean perhapsColumn = function.isEmpty() && option.value() instanceof Expression.Word;
            if (perhapsColumn) ambiguously(option.value());
            else expression(option.value());
        }
    }

    /** The key of an argument is the name of a parameter of the function that is called. */
    private void parameter(String function, Statement.Name key) {
        List<Statement.Def> ours = functions.getOrDefault(function, List.of());
        boolean here = ours.stream()
                .flatMap(it -> it.parameters().stream())
                .anyMatch(it -> it.name().text().equals(key.text()));
        boolean elsewhere = ours.isEmpty() && imported.contains(new Symbol(Space.VARIABLE, function, Symbol.GLOBAL));
        String scope = ours.isEmpty() ? function + Symbol.OF_FUNCTION : scopes.get(ours.getFirst());
        if (here || elsewhere)
            add(
                    key.span(),
                    new Symbol(Space.VARIABLE, key.text(), scope),
                    ours.size() > 1 ? Role.MAY_READ : Role.READS);
    }
}
