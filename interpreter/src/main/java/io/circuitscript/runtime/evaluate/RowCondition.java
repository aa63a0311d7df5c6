package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.syntax.Words;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A condition on the rows of the data. What a row has wins over the script's variables; for the rest it is an expression like any other, but for
 * statements: those would run once for each row.
 */
public final class RowCondition {
    private final Expression written;
    private final String word;
    private final EvaluationContext context;
    private final Evaluator evaluator;
    private final Set<String> words = new LinkedHashSet<>();

    /** @param word the statement that takes it */
    RowCondition(Expression written, String word, EvaluationContext context) {
        this.written = written;
        this.word = word;
        this.context = context;
        this.evaluator = new Evaluator(new WithoutStatements(context));
        collect(written);
    }

    private void collect(Expression expression) {
        if (expression instanceof Expression.Word it) words.add(it.text());
        Subexpressions.of(expression).forEach(this::collect);
    }

    public Span span() {
        return written.span();
    }

    /** Whether it reads what has that name, or a field of it. */
    public boolean reads(String name) {
        return words.stream().anyMatch(it -> it.equals(name) || it.startsWith(name + "."));
    }

    /** @param row what the row has, by name */
    public boolean holds(Map<String, ? extends AbstractValue> row) {
        return ((Value.Bool) truth(row, Optional.of(row.keySet()))).value();
    }

    /**
     * Finds what is wrong with it before there are rows.
     *
     * @param columns of the data, where they are known
     * @param more what a row has besides
     */
    public void check(Optional<List<String>> columns, Map<String, AbstractValue> more) {
        if (context.isRun())
            return; // it is evaluated for each row in a moment, and the script's functions take no unknown values now
        Map<String, AbstractValue> row = new LinkedHashMap<>();
        // Where the columns are not known, each of its words may be one.
        for (String name : columns.orElseGet(() -> List.copyOf(words))) row.put(name, Unknown.ANY);
        row.putAll(more);
        truth(row, columns.map(it -> row.keySet()));
    }

    private AbstractValue truth(Map<String, ? extends AbstractValue> row, Optional<? extends Set<String>> known) {
        Scope inner = context.scope().inside();
        row.forEach(inner::set);
        try {
            return context.withoutStatements(
                    () -> context.within(inner, () -> evaluator.truth(written, "`" + word + "`")));
        } catch (Mistake mistake) {
            throw named(mistake, known);
        }
    }

    /** Who misspells a column looks for one. */
    private Mistake named(Mistake mistake, Optional<? extends Set<String>> known) {
        Span at = mistake.diagnostic().span();
        boolean here = at.source().equals(written.span().source())
                && at.start() >= written.span().start()
                && at.end() <= written.span().end();
        if (mistake.diagnostic().code() != ErrorCode.UNKNOWN_NAME || !here) return mistake;
        String name = at.text();
        String said = mistake.diagnostic().help();
        String all = known.map(it -> "a row has " + String.join(", ", it)).orElse("");
        String help = said;
        if (Words.VALUE_STATEMENTS.contains(name)) help = WithoutStatements.HELP;
        else if (said.startsWith("did you mean") && !all.isEmpty()) help = said + " " + all;
        else if (said.startsWith(WordReader.IN_QUOTES)) help = said + (all.isEmpty() ? "" : "; " + all);
        return Mistake.form(ErrorCode.UNKNOWN_NAME, "there is no column and no variable `" + name + "`", at, help);
    }

    /** That a statement of a function which a condition calls defines nothing for those that follow. Commands are asked where they run: they are values too. */
    public static void requireHarmless(Statement statement) {
        boolean defines = statement instanceof Statement.CircuitDefinition
                || statement instanceof Statement.MetricDefinition
                || statement instanceof Statement.TaskDefinition
                || statement instanceof Statement.GenerateData
                || statement instanceof Statement.Import;
        if (defines) throw inFunction(statement.span());
    }

    /** What is said of a statement in a function which a condition calls. */
    public static Mistake inFunction(Span statement) {
        return Mistake.value(
                ErrorCode.NOT_IN_A_CONDITION,
                "a function that a condition on rows calls cannot run this: it would run for each row",
                statement,
                "run it before the `filter`; the function can take its result: let r = (evaluate).faithfulness");
    }

    /** The context around the condition, in which no statement runs. */
    private record WithoutStatements(EvaluationContext around) implements EvaluationContext {
        private static final String HELP = "give its result a name first: let r = (evaluate).faithfulness";

        @Override
        public SessionView facts() {
            return around.facts();
        }

        @Override
        public Scope scope() {
            return around.scope();
        }

        @Override
        public AbstractValue statement(Statement.Command command) {
            throw refused(command.span());
        }

        @Override
        public AbstractValue block(Statement block) {
            throw refused(block.span());
        }

        private static Mistake refused(Span span) {
            return Mistake.form(
                    ErrorCode.NOT_IN_A_CONDITION,
                    "a condition on rows cannot contain statements: it is evaluated for each row",
                    span,
                    HELP);
        }

        @Override
        public Optional<Declaration> declaration(String word) {
            return around.declaration(word);
        }

        @Override
        public AbstractValue within(Scope inner, Supplier<AbstractValue> work) {
            return around.within(inner, work);
        }

        @Override
        public Optional<AbstractValue> circuit(String name, boolean wanted) {
            return around.circuit(name, wanted);
        }

        @Override
        public Collection<String> circuits() {
            return around.circuits();
        }

        @Override
        public boolean follows(long items) {
            return around.follows(items);
        }

        @Override
        public Optional<RandomGenerator> chance(Span span) {
            return around.chance(span);
        }

        @Override
        public OptionalDouble clock(Span span) {
            throw RowContext.noClock(span);
        }

        @Override
        public Optional<List<String>> spans(Span span) {
            return around.spans(span);
        }

        @Override
        public AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span) {
            return around.call(function, arguments, span);
        }
    }
}
