package io.circuitscript.runtime.evaluate;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The evaluation context of a single row of data: it has variables, but no session, no statements and none of the
 * script's functions.
 */
public final class RowContext implements EvaluationContext {
    /**
     * What is said to whom tries more.
     *
     * @param code of the mistake
     * @param helpForStatement what to do in place of a statement
     * @param helpForCall what to do in place of a call
     * @param helpForDraw what to do in place of {@code sample} and {@code shuffle}
     */
    public record Refusals(
            ErrorCode code,
            String statement,
            String helpForStatement,
            String call,
            String helpForCall,
            String draw,
            String helpForDraw) {}

    private final Refusals refusals;
    private Scope scope;

    public RowContext(Scope scope, Refusals refusals) {
        this.scope = scope;
        this.refusals = refusals;
    }

    public void setScope(Scope scope) {
        this.scope = scope;
    }

    @Override
    public SessionView facts() {
        return NoSession.INSTANCE;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public AbstractValue statement(Statement.Command command) {
        throw Mistake.form(refusals.code(), refusals.statement(), command.span(), refusals.helpForStatement());
    }

    @Override
    public AbstractValue block(Statement block) {
        throw Mistake.form(refusals.code(), refusals.statement(), block.span(), refusals.helpForStatement());
    }

    @Override
    public AbstractValue within(Scope inner, Supplier<AbstractValue> work) {
        Scope outside = scope;
        scope = inner;
        try {
            return work.get();
        } finally {
            scope = outside;
        }
    }

    @Override
    public Optional<RandomGenerator> chance(Span span) {
        throw Mistake.form(refusals.code(), refusals.draw(), span, refusals.helpForDraw());
    }

    @Override
    public OptionalDouble clock(Span span) {
        throw noClock(span);
    }

    @Override
    public Optional<List<String>> spans(Span span) {
        throw Mistake.form(
                ErrorCode.WRONG_ARGUMENTS,
                "`spans` cannot be asked for a row",
                span,
                "ask it outside, and name what it gives: let names = spans()");
    }

    /** What is asked of each row must be the same whenever it is asked. */
    static Mistake noClock(Span span) {
        return Mistake.form(
                ErrorCode.WRONG_ARGUMENTS,
                "`clock` cannot be asked for a row",
                span,
                "ask it outside, and name what it gives: let start = clock()");
    }

    @Override
    public AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span) {
        throw Mistake.form(refusals.code(), refusals.call(), span, refusals.helpForCall());
    }

    /** A row knows no model: a node's name is none there. */
    private enum NoSession implements SessionView {
        INSTANCE;

        @Override
        public Optional<ModelGraph> graph() {
            return Optional.empty();
        }

        @Override
        public ScriptFiles files() {
            return new ScriptFiles(Path.of(""), Path.of(""), Set.of());
        }

        @Override
        public void require(Need need, String who, Span span) {
            throw need.missing(who, span);
        }
    }
}
