package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the evaluator needs around an expression: variables, the session, and a way to run statements and calls. The
 * check, the run and rows of data each have their own.
 */
public interface EvaluationContext {
    SessionView facts();

    Scope scope();

    /** The result of a statement that stands where a value does. */
    AbstractValue statement(Statement.Command command);

    /** The declaration of the statement of that word, if there is one. */
    default Optional<Declaration> declaration(String word) {
        return Optional.empty();
    }

    /** The value of a statement with a block that stands where a value does. */
    AbstractValue block(Statement block);

    /** Evaluates what may run no statement, not even in a function that it calls. */
    default AbstractValue withoutStatements(Supplier<AbstractValue> work) {
        return work.get();
    }

    /** Evaluates with other variables, as a comprehension has them. */
    AbstractValue within(Scope inner, Supplier<AbstractValue> work);

    /** The edges of the circuit of that name. @param wanted whether edges are wanted: in the check, one that there may be will do then */
    default Optional<AbstractValue> circuit(String name, boolean wanted) {
        return Optional.empty();
    }

    /** The names of the circuits that there surely are. */
    default Collection<String> circuits() {
        return List.of();
    }

    /** Whether this is a run, in which every value is known. */
    default boolean isRun() {
        return false;
    }

    /** Whether so many items are evaluated one after the other; else once for all of them. */
    default boolean follows(long items) {
        return true;
    }

    /** What draws at random, as the seed says, a new one each time; empty in the check. @throws Mistake where nothing may be drawn */
    default Optional<RandomGenerator> chance(Span span) {
        return Optional.empty();
    }

    /** Seconds since the run began; empty in the check. @throws Mistake where nothing may read the clock */
    default OptionalDouble clock(Span span) {
        return OptionalDouble.empty();
    }

    /** The names of the data's spans; empty in the check. @throws Mistake where nothing may ask for them */
    default Optional<List<String>> spans(Span span) {
        return Optional.empty();
    }

    /** The value of a call of a function of the script's own. */
    AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span);
}
