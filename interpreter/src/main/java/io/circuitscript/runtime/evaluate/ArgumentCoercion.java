package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.MemorySize;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.util.List;

/** Converts a value to what a parameter takes, or says why the parameter does not take it. */
final class ArgumentCoercion {
    private final SessionView session;

    ArgumentCoercion(SessionView session) {
        this.session = session;
    }

    /** @param literal whether the value is written there as a literal: a mistake is then one on every path */
    AbstractValue take(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        AbstractValue taken = switch (argument.kind()) {
            case VALUE, SPANS -> given;
            case NUMBER -> number(argument, given, span, literal);
            case COUNT -> whole(argument, given, span, literal, 1);
            case WHOLE -> whole(argument, given, span, literal, 0);
            case SIZE -> size(argument, given, span, literal);
            case SHARE -> typed(argument, given, span, literal, Type.NUMBER);
            case BYTES -> bytes(argument, given, span, literal);
            case TRUTH -> typed(argument, given, span, literal, Type.TRUTH);
            case TEXT, PROSE -> text(argument, given, span, literal);
            case NAME, CHOICE -> name(argument, given, span, literal);
            case CONDITION ->
                throw new IllegalStateException("a condition has no value of its own: " + argument.name());
            case FIELD, COLUMN, DATA_NAME -> typed(argument, given, span, literal, Type.TEXT);
            case TABLE -> TableArgument.of(argument, given, span);
            case INPUT_FILE -> file(argument, given, span, literal, true);
            case OUTPUT_FILE -> file(argument, given, span, literal, false);
            case NODES -> nodes(given, span);
            case EDGES -> edges(given, span);
            case LIST -> typed(argument, given, span, literal, Type.LIST);
            case WORDS -> words(argument, given, span, literal);
        };
        if (taken instanceof Value.ListOf(List<Value> items) && argument.kind() == Kind.WORDS)
            items.forEach(it -> checkAllowed(argument, it, span, literal));
        else if (taken instanceof Value value && !argument.allowed().isEmpty())
            checkAllowed(argument, value, span, literal);
        return taken;
    }

    /** One word is a list of one. */
    private static AbstractValue words(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        if (given instanceof Value.Text) return new Value.ListOf(List.of((Value) given));
        if (!(given instanceof Value.ListOf(List<Value> items))) {
            if (given.type().mayBe(Type.TEXT, Type.LIST) && !(given instanceof Value)) return Unknown.of(Type.LIST);
            throw wrong(argument, given, span, literal);
        }
        if (items.isEmpty() || !items.stream().allMatch(Value.Text.class::isInstance))
            throw wrong(argument, given, span, literal);
        return given;
    }

    private static Mistake wrong(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        return wrong(argument, argument.kind().phrase(), given, span, literal);
    }

    private static Mistake wrong(
            Declaration.Argument argument, String wanted, AbstractValue given, Span span, boolean literal) {
        String is = given instanceof Value value && given.type() != Type.RESULT ? value.repr() : given.phrase();
        if (is.length() > 60) is = given.phrase();
        String message = "`" + argument.name() + "` takes " + wanted + ", not " + is;
        String help = "";
        if (given.type() == Type.RESULT && argument.kind().takesWords())
            help = "`" + span.text() + "` is a variable here: in quotes it is a name";
        else if (argument.kind() == Kind.LIST && literal)
            help = "a list is written in brackets: " + argument.name() + "=[" + span.text() + "]";
        return literal
                ? Mistake.form(ErrorCode.WRONG_VALUE, message, span, help)
                : Mistake.value(ErrorCode.WRONG_VALUE, message, span, help);
    }

    private static AbstractValue typed(
            Declaration.Argument argument, AbstractValue given, Span span, boolean literal, Type type) {
        if (!given.type().mayBe(type)) throw wrong(argument, given, span, literal);
        return given instanceof Value ? given : Unknown.of(type);
    }

    private static AbstractValue number(
            Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        return typed(argument, given, span, literal, Type.NUMBER);
    }

    private static AbstractValue whole(
            Declaration.Argument argument, AbstractValue given, Span span, boolean literal, int least) {
        boolean tooLarge = given instanceof Value.Number number && number.value() > argument.most();
        String wanted = "a whole number from " + least
                + (tooLarge || argument.most() < Integer.MAX_VALUE ? " to " + argument.most() : "");
        if (!given.type().mayBe(Type.NUMBER)) throw wrong(argument, wanted, given, span, literal);
        if (!(given instanceof Value.Number(double value, boolean percent))) return Unknown.of(Type.NUMBER);
        if (percent || value != Math.rint(value) || value < least || tooLarge)
            throw wrong(argument, wanted, given, span, literal);
        return given;
    }

    private AbstractValue size(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        AbstractValue number = number(argument, given, span, literal);
        if (!(number instanceof Value.Number(double value, boolean percent))) return number;
        boolean whole = !percent && value == Math.rint(value) && value >= 0 && value <= argument.most();
        if (whole || percent && value >= 0 && value <= 1) return given;
        String most = session.graph().map(graph -> graph.edgeCount() + "").orElse("all that the model has");
        Mistake wrong = wrong(
                argument,
                "a whole number of edges from 0 to " + most + ", or 0% to 100% of them",
                given,
                span,
                literal);
        boolean share = !percent && value > 0 && value < 1;
        throw share ? wrong.withHelp("a share of the edges is written with a percent sign: 5%") : wrong;
    }

    private static AbstractValue bytes(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        if (given instanceof Value.Number(double bytes, boolean percent)) {
            if (percent || bytes < 1 || bytes >= 1L << 53) throw wrong(argument, given, span, literal);
            return given;
        }
        AbstractValue text = typed(argument, given, span, literal, Type.TEXT);
        if (!(text instanceof Value.Text(String size))) return Unknown.of(Type.NUMBER);
        return new Value.Number(MemorySize.bytes(size).orElseThrow(() -> wrong(argument, given, span, literal)));
    }

    /** For an option, {@code none} is a word like any other: {@code bos=none}. */
    private static AbstractValue text(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        if (given instanceof Value.None none && argument.byDefault().isPresent()) return new Value.Text(none.display());
        return typed(argument, given, span, literal, Type.TEXT);
    }

    private static AbstractValue name(Declaration.Argument argument, AbstractValue given, Span span, boolean literal) {
        if (given instanceof Value.None none) return new Value.Text(none.display());
        // A name may look like a node.
        if (given instanceof Value.Nodes && literal) return new Value.Text(span.text());
        boolean choice = argument.allowed().size() > 1;
        if (choice && !given.type().mayBe(Type.TEXT))
            throw wrong(argument, "one of " + String.join(", ", argument.allowed()), given, span, literal);
        return typed(argument, given, span, literal, Type.TEXT);
    }

    private static void checkAllowed(Declaration.Argument argument, Value value, Span span, boolean literal) {
        String text = value.display();
        if (argument.allowed().contains(text)) return;
        String all = String.join(", ", argument.allowed());
        String message = "`" + argument.name() + (argument.allowed().size() == 1 ? "` takes only " : "` is one of ")
                + all + ", not " + text;
        List<String> near = Spelling.nearest(text, argument.allowed(), 1);
        String help = near.isEmpty() ? "" : "did you mean " + argument.name() + "=" + near.getFirst() + "?";
        throw literal
                ? Mistake.form(ErrorCode.WRONG_VALUE, message, span, help)
                : Mistake.value(ErrorCode.WRONG_VALUE, message, span, help);
    }

    private AbstractValue file(
            Declaration.Argument argument, AbstractValue given, Span span, boolean literal, boolean reads) {
        AbstractValue name = typed(argument, given, span, literal, Type.TEXT);
        if (!(name instanceof Value.Text(String text))) {
            if (reads) session.files().reads().unknown(span);
            return name;
        }
        try {
            if (reads) session.files().toRead(text);
            else session.files().toWrite(text);
        } catch (UserError e) {
            throw Mistake.at(span, e);
        }
        return name;
    }

    /** As a set of nodes: a set, a text that names some, or a list of such. */
    AbstractValue nodes(AbstractValue given, Span span) {
        return switch (given) {
            case Value.Nodes nodes -> nodes;
            case Value.Text(String text)
            when session.graph().isPresent() -> Sets.named(session.graph().get(), text, span);
            case Value.Text _ -> later(Type.NODES, span);
            case Value.ListOf(List<Value> items) ->
                union(Type.NODES, items.stream().map(item -> nodes(item, span)).toList(), span);
            case Unknown unknown when unknown.type().mayBe(Type.NODES, Type.TEXT, Type.LIST) -> Unknown.of(Type.NODES);
            case Unknown _,
                    Value.Number _,
                    Value.Bool _,
                    Value.None _,
                    Value.Fields _,
                    Value.EdgeSet _,
                    Value.Function _ -> throw unwanted("nodes", "m3, a8.h*, {a0.h1, m2}", given, span);
        };
    }

    /** As a set of edges: a set, nodes for all edges that leave them, a text that names some, or a list of such. */
    AbstractValue edges(AbstractValue given, Span span) {
        return switch (given) {
            case Value.EdgeSet edges -> edges;
            case Value.Nodes nodes -> Sets.leaving(nodes, span);
            case Value.Text(String text)
            when text.contains("@") && session.spans().isEmpty() -> later(Type.EDGES, span);
            case Value.Text(String text)
            when session.graph().isPresent() -> Sets.edgesNamed(session.graph().get(), session.spans(), text, span);
            case Value.Text _ -> later(Type.EDGES, span);
            case Value.ListOf(List<Value> items) ->
                union(Type.EDGES, items.stream().map(item -> edges(item, span)).toList(), span);
            case Unknown unknown
            when unknown.type().mayBe(Type.EDGES, Type.NODES, Type.TEXT, Type.LIST) -> Unknown.of(Type.EDGES);
            case Unknown _, Value.Number _, Value.Bool _, Value.None _, Value.Fields _, Value.Function _ ->
                throw unwanted("edges", "m3->logits, or m* -> logits", given, span);
        };
    }

    private static Mistake unwanted(String wanted, String examples, AbstractValue given, Span span) {
        String message = wanted + " are expected here, and this is " + given.phrase();
        String help = wanted.equals("nodes") && given.type() == Type.EDGES
                ? "`->` binds less tightly than `&`, `+` and `-`: put it in parentheses, as in found & (m0 -> *); with `@`, nodes are edges"
                : wanted + " are written " + examples;
        return Mistake.value(ErrorCode.WRONG_TYPE, message, span, help);
    }

    /** One set of several; of nodes and edges together, edges. */
    AbstractValue union(Type empty, List<AbstractValue> sets, Span span) {
        if (sets.isEmpty()) {
            if (session.graph().isEmpty()) return later(empty, span);
            return empty == Type.NODES
                    ? Sets.nodes(session.graph().get(), List.of())
                    : new Value.EdgeSet(session.graph().get(), new java.util.BitSet());
        }
        AbstractValue all = sets.getFirst();
        for (AbstractValue set : sets.subList(1, sets.size())) {
            all = Operators.binary(io.circuitscript.syntax.Expression.Operator.ADD, all, set, span);
        }
        return all;
    }

    /** The result where the model is not known yet. */
    Unknown later(Type type, Span span) {
        session.require(Need.GRAPH, "this", span);
        return Unknown.of(type);
    }
}
