package io.circuitscript.syntax;

import io.circuitscript.source.Span;
import java.util.List;
import java.util.Optional;

/** An expression: something that has a value. Every expression has a span; lists are copies. */
public sealed interface Expression {
    Span span();

    /** {@code 400}, {@code .01}, {@code 1e-3}, {@code 5%}. For a percentage, {@code value} is what stands before the sign (5). */
    record NumberLiteral(double value, boolean percent, String text, Span span) implements Expression {
        /** Whether it was written as a whole number, without point, exponent or percent sign. */
        public boolean isWhole() {
            return !percent && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }

    record BooleanLiteral(boolean value, Span span) implements Expression {}

    record NoneLiteral(Span span) implements Expression {}

    /** {@code "…"}: text and holes in turn. */
    record StringLiteral(List<Part> parts, Span span) implements Expression {
        public StringLiteral {
            parts = List.copyOf(parts);
        }

        /** The text, where there are no holes. */
        public Optional<String> constant() {
            if (parts.isEmpty()) return Optional.of("");
            return parts.size() == 1 && parts.getFirst() instanceof Text text
                    ? Optional.of(text.text())
                    : Optional.empty();
        }
    }

    /** A piece of a string. */
    sealed interface Part {}

    /** Text, escapes already resolved. */
    record Text(String text) implements Part {}

    /** {@code {expr}}, {@code {year:02}}, {@code {x:.3}}; the format is what follows the colon, or empty. */
    record Hole(Expression value, String format, Span span) implements Part {}

    /**
     * A bare word as written: {@code demo}, {@code gpt2-small}, {@code m10}, {@code a8.h*}, {@code m0..m3}, {@code ./folder}. A variable if there
     * is one of that name, else what the place takes. {@code a.b} is one word: a field only follows a variable, which the reader of the word
     * resolves (longest variable name first), {@code )} or {@code ]}.
     */
    record Word(String text, Span span) implements Expression {}

    /** {@code [1, 2, 3]}. */
    record ListLiteral(List<Expression> items, Span span) implements Expression {
        public ListLiteral {
            items = List.copyOf(items);
        }
    }

    /** {@code {a0.h3, a0.h5}}: a set of nodes or of edges. */
    record SetLiteral(List<Expression> items, Span span) implements Expression {
        public SetLiteral {
            items = List.copyOf(items);
        }
    }

    /** {@code from .. to}, both ends included. */
    record Range(Expression from, Expression to, Span span) implements Expression {}

    /** {@code sources -> destinations}. */
    record Edges(Expression sources, Expression destinations, Span span) implements Expression {}

    /** {@code a8.h11<v>}: nodes and the ports meant of them, a subset of {@code qkv} as written. */
    record Port(Expression nodes, String ports, Span span) implements Expression {}

    /** {@code m0->logits@end}: edges at spans of positions. @param at a name, a text, a list of them, or what gives one */
    record AtSpan(Expression edges, Expression at, Span span) implements Expression {}

    /** A sign or {@code not}. */
    record Unary(Operator operator, Expression operand, Span span) implements Expression {}

    record Binary(Operator operator, Expression left, Expression right, Span span) implements Expression {}

    /** {@code f(a, b=2)}. */
    record Call(Expression function, List<Expression> arguments, List<Statement.Option> options, Span span)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
            options = List.copyOf(options);
        }
    }

    /** {@code target[index]}; a slice where the index is a {@link Range}. */
    record Index(Expression target, Expression index, Span span) implements Expression {}

    /** {@code target.field}. */
    record Field(Expression target, Statement.Name field, Span span) implements Expression {}

    /** {@code (seed=1, size=n)}: named fields in order. */
    record RecordLiteral(List<Statement.Option> fields, Span span) implements Expression {
        public RecordLiteral {
            fields = List.copyOf(fields);
        }
    }

    /** {@code [item for x in list if condition]}. */
    record Comprehension(Expression item, Statement.Iteration iteration, Optional<Expression> condition, Span span)
            implements Expression {}

    /** A statement with a block for its value: {@code for}, {@code if} or {@code quiet}. */
    record BlockValue(Statement statement, Span span) implements Expression {}

    /** {@code (evaluate with=zero)}, or the whole value of let, param or print: a statement for its result. */
    record StatementValue(Statement.Command command, Span span) implements Expression {}

    enum Operator {
        NEGATE("-"),
        PLUS("+"),
        NOT("not"),
        POWER("^"),
        MULTIPLY("*"),
        DIVIDE("/"),
        INTERSECT("&"),
        ADD("+"),
        SUBTRACT("-"),
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        IN("in"),
        AND("and"),
        OR("or");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
