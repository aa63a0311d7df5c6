package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.evaluate.Arguments;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which rows of the data a statement asks for. What it leaves out, the data decide.
 *
 * @param count at most so many of a file, so many where they are made
 * @param seed shuffles a file's rows, or makes others
 * @param split how much is for training, above 0 and below 1
 */
public record RowChoice(OptionalInt count, OptionalLong seed, OptionalDouble split) {
    /** @param count the option that says how many */
    public static RowChoice of(Arguments arguments, String count) {
        return new RowChoice(
                arguments.given(count) ? OptionalInt.of(arguments.count(count)) : OptionalInt.empty(),
                arguments.given("seed") ? OptionalLong.of((long) arguments.number("seed")) : OptionalLong.empty(),
                arguments.given("split") ? OptionalDouble.of(arguments.number("split")) : OptionalDouble.empty());
    }

    /** What the task that is being taken wants, and where it says nothing this. */
    public RowChoice under(Optional<RowChoice> task) {
        return task.map(it -> new RowChoice(
                        it.count.isPresent() ? it.count : count,
                        it.seed.isPresent() ? it.seed : seed,
                        it.split.isPresent() ? it.split : split))
                .orElse(this);
    }

    /** @param otherwise the seed where none is chosen */
    public Optional<SplitRule> parts(long otherwise) {
        return split.isPresent()
                ? Optional.of(new SplitRule(split.getAsDouble(), seed.orElse(otherwise)))
                : Optional.empty();
    }
}
