package io.circuitscript.syntax;

import io.circuitscript.source.Span;
import java.util.List;
import java.util.Optional;

/** A statement of a script. Every statement has a span; lists are copies. */
public sealed interface Statement {
    Span span();

    /**
     * The name that it is where a variable has that name: a statement of one soft word, as {@code rows} or {@code break}. Only its reader knows the
     * variables.
     */
    default Optional<Name> asName() {
        return switch (this) {
            case Command command
            when command.isBare()
                    && Words.SOFT_STATEMENTS.contains(command.word().text()) -> Optional.of(command.word());
            case Jump jump -> Optional.of(jump.word());
            case Return alone when alone.value().isEmpty() -> Optional.of(alone.word());
            default -> Optional.empty();
        };
    }

    /**
     * A statement of the table in the language's reference: {@code load demo dtype=float32}, {@code evaluate}, {@code set memory=2GB}.
     * Words and options are checked by the statement's own declaration, not by the grammar.
     */
    record Command(Name word, List<Expression> arguments, List<Option> options, Span span) implements Statement {
        public Command {
            arguments = List.copyOf(arguments);
            options = List.copyOf(options);
        }

        /** Whether it is its word alone. */
        public boolean isBare() {
            return arguments.isEmpty() && options.isEmpty();
        }
    }

    /** {@code let name = value}. */
    record Let(Name name, Expression value, Span span) implements Statement {}

    /** {@code param name = value}: a value that the command line can replace. */
    record Param(Name name, Expression value, Span span) implements Statement {}

    /** {@code print a, b}. */
    record Print(List<Expression> values, Span span) implements Statement {
        public Print {
            values = List.copyOf(values);
        }
    }

    /** {@code expect condition}. */
    record Expect(Expression condition, Span span) implements Statement {}

    /** {@code for x in list, y in other { … }}: the body for each combination, the first variable the slowest. */
    record For(List<Iteration> iterations, Block body, Span span) implements Statement {
        public For {
            iterations = List.copyOf(iterations);
        }
    }

    /** {@code x in list}, of a loop or a comprehension. */
    record Iteration(Name variable, Expression list, Span span) {}

    /** {@code while c { … }}. */
    record While(Expression condition, Block body, Span span) implements Statement {}

    /** {@code quiet { … }}: the block, its results not shown. */
    record Quiet(Block body, Span span) implements Statement {}

    /** {@code break} or {@code continue}. */
    record Jump(Name word, Span span) implements Statement {
        public boolean leaves() {
            return word.text().equals("break");
        }
    }

    /** {@code return value}, or {@code return} alone. */
    record Return(Name word, Optional<Expression> value, Span span) implements Statement {}

    /** {@code if c { … } else if d { … } else { … }}: the branches in order, then what {@code else} holds. */
    record If(List<Branch> branches, Optional<Block> otherwise, Span span) implements Statement {
        public If {
            branches = List.copyOf(branches);
        }
    }

    /** One condition of an {@link If} and what it guards. */
    record Branch(Expression condition, Block body, Span span) {}

    /** {@code def f(a, b=2) { … }}. */
    record Def(Name name, List<Parameter> parameters, Block body, Span span) implements Statement {
        public Def {
            parameters = List.copyOf(parameters);
        }
    }

    /** A parameter of a {@link Def}, with its default where it has one. */
    record Parameter(Name name, Optional<Expression> byDefault, Span span) {}

    /** {@code import "lib"}. */
    record Import(Expression path, Span span) implements Statement {}

    /** {@code circuit name { edges … }}: an expression a line, each a set of edges. */
    record CircuitDefinition(Name name, List<Expression> edges, Span span) implements Statement {
        public CircuitDefinition {
            edges = List.copyOf(edges);
        }
    }

    /** {@code task name { … }}: data and metric together. */
    record TaskDefinition(Name name, Block body, Span span) implements Statement {}

    /** {@code metric name(columns…) = expr where x = …}, or {@code loss …} of which less is better. */
    record MetricDefinition(
            boolean loss, Name name, List<Name> columns, Expression body, List<Binding> where, Span span)
            implements Statement {
        public MetricDefinition {
            columns = List.copyOf(columns);
            where = List.copyOf(where);
        }
    }

    /** {@code data generate count=1000 seed=0 { noun = choose(…) … where … }}: one binding a line, in order, and what must hold of a row. */
    record GenerateData(List<Option> options, List<Binding> columns, List<Expression> conditions, Span span)
            implements Statement {
        public GenerateData {
            options = List.copyOf(options);
            columns = List.copyOf(columns);
            conditions = List.copyOf(conditions);
        }
    }

    /** {@code help} or {@code help WORD}. */
    record Help(Optional<String> topic, Span span) implements Statement {}

    /** An expression by itself: a call of a {@link Def}, or, at the prompt, a value to look at. */
    record ExpressionStatement(Expression expression, Span span) implements Statement {}

    /** A statement word that the language does not have; reported by the builder, kept so that the rest is still checked. */
    record Unknown(Name word, Span span) implements Statement {}

    /** Statements between braces. */
    record Block(List<Statement> statements, Span span) {
        public Block {
            statements = List.copyOf(statements);
        }
    }

    /** {@code key=value}. */
    record Option(Name key, Expression value, Span span) {}

    /** {@code name = value} in a {@code where} or in generated data. */
    record Binding(Name name, Expression value, Span span) {}

    /** A word with its place. */
    record Name(String text, Span span) {
        @Override
        public String toString() {
            return text;
        }
    }
}
