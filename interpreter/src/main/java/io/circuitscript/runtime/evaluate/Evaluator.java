package io.circuitscript.runtime.evaluate;

import io.circuitscript.graph.NodeNames;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.FieldAccess;
import io.circuitscript.runtime.value.Interpolation;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Ranges;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueLimits;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** Evaluates expressions. The check uses the same code with values that may be unknown. */
public final class Evaluator {
    private final EvaluationContext context;
    private final WordReader words;
    private final SpanReader spans;
    private final Calls calls;
    private final Optional<TextTrace> trace;
    private final ItemAccess items = new ItemAccess(this);

    public Evaluator(EvaluationContext context) {
        this(context, Optional.empty(), Optional.empty());
    }

    /** For rows. @param chance what {@code choose} does @param trace takes note of how texts are made */
    public Evaluator(EvaluationContext context, RandomChoice chance, TextTrace trace) {
        this(context, Optional.of(chance), Optional.of(trace));
    }

    private Evaluator(EvaluationContext context, Optional<RandomChoice> chance, Optional<TextTrace> trace) {
        this.context = context;
        this.trace = trace;
        this.words = new WordReader(context);
        this.spans = new SpanReader(this::edgesOf, this::value, context, words);
        this.calls = new Calls(this, context, words, chance);
    }

    /** Where any value will do. */
    public AbstractValue value(Expression expression) {
        return switch (expression) {
            case Expression.NumberLiteral n -> new Value.Number(n.percent() ? n.value() / 100 : n.value(), n.percent());
            case Expression.BooleanLiteral b -> new Value.Bool(b.value());
            case Expression.NoneLiteral _ -> new Value.None();
            case Expression.StringLiteral s ->
                Interpolation.text(
                        s,
                        this::value,
                        trace.<Interpolation.Listener>map(it -> it).orElse(Interpolation.Listener.NONE));
            case Expression.Word w -> words.value(w);
            case Expression.ListLiteral l -> list(l);
            case Expression.SetLiteral s -> set(s);
            case Expression.Range r -> range(r);
            case Expression.Edges e -> edges(e);
            case Expression.Port p -> port(p);
            case Expression.AtSpan it -> spans.at(it);
            case Expression.Unary u -> Operators.unary(u.operator(), value(u.operand()), u.span());
            case Expression.Binary b -> binary(b);
            case Expression.Call c -> calls.call(c);
            case Expression.Index i -> items.at(i);
            case Expression.Field f ->
                FieldAccess.of(value(f.target()), f.field().text(), f.field().span());
            case Expression.RecordLiteral it -> record(it);
            case Expression.Comprehension it -> comprehension(it);
            case Expression.BlockValue it -> context.block(it.statement());
            case Expression.StatementValue s -> statement(s.command());
        };
    }

    /** A statement for its result; a bare soft word is a variable where there is one of that name. */
    private AbstractValue statement(Statement.Command command) {
        Optional<AbstractValue> variable =
                command.asName().flatMap(name -> context.scope().find(name.text()));
        return variable.isPresent() ? variable.get() : context.statement(command);
    }

    private AbstractValue record(Expression.RecordLiteral literal) {
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        for (Statement.Option field : literal.fields()) fields.put(field.key().text(), value(field.value()));
        if (!fields.values().stream().allMatch(Value.class::isInstance)) return Unknown.record(fields);
        SequencedMap<String, Value> known = new LinkedHashMap<>();
        fields.forEach((name, value) -> known.put(name, (Value) value));
        Value.Fields record = Value.Fields.record(known);
        ValueLimits.checked(List.of(record), literal.span());
        return record;
    }

    private AbstractValue comprehension(Expression.Comprehension of) {
        Span listed = of.iteration().list().span();
        AbstractValue list = value(of.iteration().list());
        if (!list.type().mayBe(Type.LIST, Type.NODES, Type.EDGES)) throw Loops.noList(list, listed);
        if (list instanceof Value known) {
            List<Value> items = Loops.items(known, listed);
            if (context.follows(items.size())) return each(of, items);
        }
        return Unknown.listOf(one(of, Loops.itemOf(list)).orElse(Unknown.ANY));
    }

    private AbstractValue each(Expression.Comprehension of, List<Value> items) {
        List<AbstractValue> kept = new ArrayList<>();
        for (Value item : items) {
            one(of, item).ifPresent(kept::add);
            if (kept.size() > ValueLimits.MOST_ITEMS) break;
        }
        AbstractValue list = Shapes.list(kept);
        if (list instanceof Value.ListOf(List<Value> all)) ValueLimits.checked(all, of.span());
        return list;
    }

    /** What comes of one item; empty where its condition surely does not hold. */
    private Optional<AbstractValue> one(Expression.Comprehension of, AbstractValue item) {
        Scope inner = context.scope().inside();
        inner.set(of.iteration().variable().text(), item);
        AbstractValue[] made = new AbstractValue[1];
        context.within(inner, () -> {
            AbstractValue holds = of.condition().map(it -> truth(it, "`if`")).orElse(new Value.Bool(true));
            if (holds instanceof Value.Bool(boolean kept) && !kept) return holds;
            AbstractValue value = value(of.item());
            // Whether it is there at all is not known either.
            made[0] = holds instanceof Value || !(value instanceof Value) ? value : Shapes.loose(value);
            return made[0];
        });
        return Optional.ofNullable(made[0]);
    }

    /** Where a statement takes a word, a number, nodes. @param help for whoever writes another word there */
    AbstractValue forPlace(Expression expression, Declaration.Argument place, String help) {
        if (!(expression instanceof Expression.Word)) return forPlace(expression, place.kind());
        String takes =
                "`" + place.name() + "` takes " + place.kind().phrase() + (help.startsWith("as in") ? ", " + help : "");
        return helped(() -> forPlace(expression, place.kind()), takes);
    }

    /** Where text is not what is meant: an unknown name is not told to be written in quotes. */
    private static AbstractValue helped(Supplier<AbstractValue> reading, String help) {
        try {
            return reading.get();
        } catch (Mistake mistake) {
            boolean name = mistake.diagnostic().code() == ErrorCode.UNKNOWN_NAME;
            throw name && mistake.diagnostic().help().startsWith(WordReader.IN_QUOTES)
                    ? mistake.withHelp(help)
                    : mistake;
        }
    }

    private AbstractValue forPlace(Expression expression, Kind kind) {
        if (kind == Kind.TABLE) {
            AbstractValue value = expression instanceof Expression.Word word ? words.table(word) : value(expression);
            return TableArgument.ofResult(value, context);
        }
        if (kind == Kind.SPANS) return new SpanArgument(this::value, words).read(expression);
        if (expression instanceof Expression.Word word && kind.takesWords()) return words.valueOrText(word);
        if (expression instanceof Expression.ListLiteral list && kind == Kind.WORDS)
            return Shapes.list(
                    list.items().stream().map(it -> forPlace(it, kind)).toList());
        if (expression instanceof Expression.Word word && kind == Kind.EDGES) return words.edges(word);
        if (kind == Kind.EDGES) return named(value(expression));
        boolean file = kind == Kind.INPUT_FILE || kind == Kind.DATA_NAME || kind == Kind.OUTPUT_FILE;
        if (expression instanceof Expression.Word word && file) return words.file(word);
        return value(expression);
    }

    /** Where edges are wanted, a text may name a circuit. */
    private AbstractValue named(AbstractValue value) {
        if (!(value instanceof Value.Text(String text)) || NodeNames.readsAsPattern(text)) return value;
        return context.circuit(text, false).orElse(value);
    }

    /** As edges, where a circuit is written out. */
    AbstractValue edgesOf(Expression expression) {
        return coercion().edges(forPlace(expression, Kind.EDGES), expression.span());
    }

    /** A truth value, for {@code if}, {@code expect}, {@code and}. */
    public AbstractValue truth(Expression condition, String who) {
        AbstractValue truth = value(condition);
        if (truth.type().mayBe(Type.TRUTH)) return truth instanceof Value ? truth : Unknown.of(Type.TRUTH);
        String help = truth.type() == Type.NUMBER ? "compare it: x > 0" : "";
        throw Mistake.value(
                ErrorCode.WRONG_TYPE,
                who + " takes a truth value, and this is " + truth.phrase(),
                condition.span(),
                help);
    }

    EvaluationContext context() {
        return context;
    }

    /** Whether what stands behind {@code @} is a span's own name, and no variable. */
    public boolean isSpanName(Expression at) {
        return at instanceof Expression.Word word && spans.names(word);
    }

    public boolean isVariable(Expression.Word word) {
        return words.variable(word).isPresent();
    }

    private ArgumentCoercion coercion() {
        return new ArgumentCoercion(context.facts());
    }

    private AbstractValue list(Expression.ListLiteral list) {
        List<AbstractValue> items = new ArrayList<>();
        for (Expression item : list.items()) {
            AbstractValue element = value(item);
            if (!(item instanceof Expression.Range)) items.add(element);
            else if (element instanceof Value.ListOf(List<Value> spread)) items.addAll(spread);
            else items.add(Shapes.itemOf(element));
            if (items.size() > ValueLimits.MOST_ITEMS) break;
        }
        AbstractValue all = Shapes.list(items);
        if (all instanceof Value.ListOf(List<Value> known)) ValueLimits.checked(known, list.span());
        return all;
    }

    private AbstractValue set(Expression.SetLiteral set) {
        List<AbstractValue> members = new ArrayList<>();
        for (Expression item : set.items()) {
            AbstractValue element = besideSet(node(item), item);
            boolean edges =
                    element.type() == Type.EDGES || element instanceof Value.Text(String text) && text.contains("->");
            members.add(
                    edges ? coercion().edges(element, item.span()) : coercion().nodes(element, item.span()));
        }
        return coercion().union(Type.NODES, members, set.span());
    }

    private AbstractValue range(Expression.Range range) {
        if (range.from() instanceof Expression.Word from
                && range.to() instanceof Expression.Word to
                && words.readsAsNodes(from, to)) {
            return words.nodes(from.text() + ".." + to.text(), range.span());
        }
        if (range.from() instanceof Expression.Word from
                && range.to() instanceof Expression.Word to
                && to.text().matches("h[0-9]+")
                && from.text().matches("a[0-9]+\\.h[0-9]+")
                && words.variable(to).isEmpty()) {
            String last = from.text().substring(0, from.text().indexOf('.') + 1) + to.text();
            throw Mistake.form(
                    ErrorCode.UNKNOWN_NAME,
                    "`" + to.text() + "` is not a node",
                    range.span(),
                    "write " + from.text() + ".." + last);
        }
        return Ranges.of(value(range.from()), value(range.to()), range.span());
    }

    private AbstractValue edges(Expression.Edges edges) {
        if (edges.sources() instanceof Expression.AtSpan at) throw SpanReader.misplaced(edges, at);
        SpanReader.checkWithin(edges);
        // `@` binds tighter than `->`, and means the edge.
        if (edges.destinations() instanceof Expression.AtSpan at) {
            AbstractValue whole = edges(new Expression.Edges(edges.sources(), at.edges(), edges.span()));
            return spans.at(whole, at);
        }
        if (edges.sources() instanceof Expression.Port port) {
            String help = "write " + port.nodes().span().text() + " -> "
                    + edges.destinations().span().text();
            throw Mistake.form(
                    ErrorCode.PORT_OF_SOURCE,
                    "an edge enters a head by a port, and leaves a node without one",
                    port.span(),
                    help);
        }
        AbstractValue from = nodes(edges.sources());
        AbstractValue to = nodes(edges.destinations());
        if (!(from instanceof Value.Nodes a) || !(to instanceof Value.Nodes b)) return Unknown.of(Type.EDGES);
        return Sets.edges(
                a, b, edges.sources().span().text(), edges.destinations().span().text(), edges.span());
    }

    private AbstractValue port(Expression.Port port) {
        AbstractValue nodes = nodes(port.nodes());
        return nodes instanceof Value.Nodes known ? Sets.withPorts(known, port.ports(), port.span()) : nodes;
    }

    private AbstractValue nodes(Expression expression) {
        return coercion().nodes(node(expression), expression.span());
    }

    /** Evaluates an expression where nodes are wanted. */
    private AbstractValue node(Expression expression) {
        if (!(expression instanceof Expression.Word)) return value(expression);
        return helped(
                () -> value(expression), "nodes are input, m3, a0.h1 and logits; patterns of them m*, a0.h* and a*.h1");
    }

    private AbstractValue binary(Expression.Binary binary) {
        Expression.Operator operator = binary.operator();
        if (operator == Expression.Operator.AND || operator == Expression.Operator.OR) return logic(binary);
        boolean ofSets = operator == Expression.Operator.INTERSECT;
        AbstractValue left = operand(binary.left(), operator, ofSets || mayHoldSet(binary.right()));
        AbstractValue right = operand(binary.right(), operator, ofSets || isSet(left));
        boolean sets = isSet(left) || isSet(right);
        if (sets && operator != Expression.Operator.EQUAL && operator != Expression.Operator.NOT_EQUAL) {
            left = quotedNodes(besideSet(left, binary.left()), binary.left());
            right = quotedNodes(besideSet(right, binary.right()), binary.right());
        }
        AbstractValue whole = Operators.binary(operator, left, right, binary.span());
        boolean joins = operator == Expression.Operator.ADD && trace.isPresent();
        if (joins && left instanceof Value first && right instanceof Value second && whole instanceof Value both)
            trace.get().joined(first, second, both);
        return whole;
    }

    private static boolean isSet(AbstractValue value) {
        return value.type() == Type.NODES || value.type() == Type.EDGES;
    }

    /** Whether what is written is nodes, a circuit's name, or in the check the name of a circuit that there may be. */
    private boolean mayHoldSet(Expression written) {
        return written instanceof Expression.Word word
                && !words.variable(word).isPresent()
                && context.circuit(word.text(), true).isPresent();
    }

    /** Beside a set a circuit's name means its edges, where a variable of that name holds none. */
    private AbstractValue besideSet(AbstractValue operand, Expression written) {
        boolean other = !operand.type().mayBe(Type.NODES, Type.EDGES, Type.TEXT);
        return other && written instanceof Expression.Word word ? words.edges(word) : operand;
    }

    /** What an operator takes; most take no text. */
    AbstractValue operand(Expression operand, Expression.Operator operator) {
        return operand(operand, operator, false);
    }

    /** @param besideSet whether the other operand is a set, so that the name of a circuit would do */
    private AbstractValue operand(Expression operand, Expression.Operator operator, boolean besideSet) {
        if (besideSet && operand instanceof Expression.Word word)
            return helped(
                    () -> words.besideSet(word),
                    "`keep " + word.text() + "` gives the current circuit that name, and `circuit " + word.text()
                            + " { … }` defines one");
        boolean texts = switch (operator) {
            case EQUAL, NOT_EQUAL, ADD -> true;
            default -> false;
        };
        if (texts || !(operand instanceof Expression.Word word)) return value(operand);
        return helped(
                () -> value(operand), "a variable is set by `let " + word.text().split("\\.")[0] + " = …`");
    }

    /** A quoted string beside a set is a node, a pattern or an edge. */
    private AbstractValue quotedNodes(AbstractValue quoted, Expression written) {
        if (!(quoted instanceof Value.Text(String text))) return quoted;
        return text.contains("->")
                ? coercion().edges(quoted, written.span())
                : coercion().nodes(quoted, written.span());
    }

    private AbstractValue logic(Expression.Binary binary) {
        boolean and = binary.operator() == Expression.Operator.AND;
        String who = "`" + binary.operator().text() + "`";
        AbstractValue left = truth(binary.left(), who);
        if (left instanceof Value.Bool(boolean decided) && decided != and) return left;
        AbstractValue right = truth(binary.right(), who);
        return left instanceof Value.Bool ? right : Unknown.of(Type.TRUTH);
    }
}
