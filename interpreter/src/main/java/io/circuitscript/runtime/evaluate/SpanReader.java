package io.circuitscript.runtime.evaluate;

import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads what stands behind {@code @}: the spans of positions at which edges are meant. */
final class SpanReader {
    private final Function<Expression, AbstractValue> edges;
    private final Function<Expression, AbstractValue> values;
    private final EvaluationContext context;
    private final WordReader words;

    /** @param edges evaluates where edges are wanted, and {@code values} where any value will do */
    SpanReader(
            Function<Expression, AbstractValue> edges,
            Function<Expression, AbstractValue> values,
            EvaluationContext context,
            WordReader words) {
        this.edges = edges;
        this.values = values;
        this.context = context;
        this.words = words;
    }

    /** Edges at spans: of any that they have, those at these. */
    AbstractValue at(Expression.AtSpan of) {
        return at(edges.apply(of.edges()), of);
    }

    /** The same of edges that are read already. */
    AbstractValue at(AbstractValue edges, Expression.AtSpan of) {
        Optional<Map<String, Span>> names = names(of.at());
        Optional<Spans> own = edges instanceof Value.EdgeSet set && set.graph().hasSpans()
                ? Optional.of(set.graph().spans())
                : Optional.empty();
        Optional<Spans> there = own.isPresent() ? own : context.facts().spans();
        Optional<List<String>> known = own.isPresent() ? own.map(Spans::names) : spans();
        // What the check does not know may have spans of its own.
        boolean surely = there.isPresent() || edges instanceof Value.EdgeSet;
        if (surely && names.isPresent() && known.isPresent()) {
            // In the check nobody knows yet whether some answer has several tokens.
            List<String> sure = known.get().stream()
                    .filter(it -> there.isPresent() || !it.equals(Spans.ANSWER))
                    .toList();
            names.get().forEach((name, span) -> {
                if (!known.get().contains(name)) Sets.checkSpan(sure, name, span);
            });
        }
        if (names.isEmpty() || there.isEmpty() || !(edges instanceof Value.EdgeSet set)) return Unknown.of(Type.EDGES);
        return Sets.at(set, there.get(), names.get().keySet(), of.span());
    }

    /** The names written, each with its place; empty where one is not known yet. */
    private Optional<Map<String, Span>> names(Expression at) {
        Map<String, Span> names = new LinkedHashMap<>();
        List<Expression> written = at instanceof Expression.ListLiteral list ? list.items() : List.of(at);
        for (Expression one : written) {
            AbstractValue value = one instanceof Expression.Word word ? word(word) : values.apply(one);
            switch (value) {
                case Value.Text(String name) -> names.put(name, one.span());
                case Value.ListOf(List<Value> items)
                when items.stream().allMatch(Value.Text.class::isInstance) ->
                    items.forEach(it -> names.put(((Value.Text) it).value(), one.span()));
                case Unknown it
                when it.type().mayBe(Type.TEXT, Type.LIST) -> {
                    return Optional.empty();
                }
                default ->
                    throw Mistake.value(
                            ErrorCode.WRONG_TYPE,
                            "a span is a name, not " + value.phrase(),
                            one.span(),
                            "a name, or a variable that holds one, stands behind `@`: m0->logits@end");
            }
        }
        return Optional.of(names);
    }

    /** The name itself where a span has it, else a variable that holds one. */
    private AbstractValue word(Expression.Word word) {
        Optional<List<String>> names = spans();
        if (names.isPresent() && names.get().contains(word.text())) return new Value.Text(word.text());
        Optional<AbstractValue> variable =
                words.variable(word).filter(it -> it.type().mayBe(Type.TEXT, Type.LIST));
        if (variable.isEmpty()) return new Value.Text(word.text());
        return names.isPresent() ? variable.get() : Unknown.of(Type.TEXT);
    }

    /** Whether a word behind {@code @} is a span's name, whatever variable there may be. */
    boolean names(Expression.Word word) {
        return spans().filter(it -> it.contains(word.text())).isPresent();
    }

    /** The names that there are, or may be; empty where they are not known. */
    private Optional<List<String>> spans() {
        return context.facts().spans().map(Spans::names).or(context.facts()::spanNames);
    }

    /** A span within the nodes of an edge, as in {@code m0 -> m1 + m2@end}: it cannot be of the whole edge. */
    static void checkWithin(Expression.Edges edges) {
        Expression to = edges.destinations() instanceof Expression.AtSpan at ? at.edges() : edges.destinations();
        boolean within = Stream.of(edges.sources(), to)
                .anyMatch(it -> Subexpressions.any(it, Expression.AtSpan.class::isInstance));
        if (!within) return;
        throw Mistake.form(
                ErrorCode.MISPLACED_SPAN,
                "a span stands at the end of an edge, and here it is in the middle of its nodes",
                edges.span(),
                "of several edges it stands behind parentheses: (m0 -> m1 + m2)@end");
    }

    /** {@code m0@S2->m1} */
    static Mistake misplaced(Expression.Edges edges, Expression.AtSpan at) {
        Expression to = edges.destinations() instanceof Expression.AtSpan also ? also.edges() : edges.destinations();
        return Mistake.form(
                ErrorCode.MISPLACED_SPAN,
                "a span stands at the end of an edge, since an edge has one span",
                at.span(),
                "write " + at.edges().span().text() + "->" + to.span().text() + "@"
                        + at.at().span().text());
    }
}
