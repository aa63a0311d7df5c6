package io.circuitscript.analysis.methods;

import java.util.List;
import java.util.function.DoublePredicate;

/** An option that a method adds to {@code attribute}. Methods may share one by its name; its default is each method's own. */
public sealed interface MethodOption {
    String name();

    String doc();

    /** A {@link Double}, an {@link Integer}, a {@link String} or a {@link Boolean}. */
    Object byDefault();

    /**
     * A number.
     *
     * @param range which numbers it takes, in words: {@code from 0}
     */
    record OfNumber(String name, Double byDefault, String range, DoublePredicate inRange, String doc)
            implements MethodOption {}

    /** A whole number from 1 to {@code most}. */
    record OfCount(String name, Integer byDefault, int most, String doc) implements MethodOption {}

    /** One of a few words. */
    record OfWord(String name, List<String> words, String doc) implements MethodOption {
        @Override
        public String byDefault() {
            return words.getFirst();
        }
    }

    record OfTruth(String name, Boolean byDefault, String doc) implements MethodOption {}

    static MethodOption number(String name, double byDefault, String range, DoublePredicate inRange, String doc) {
        return new OfNumber(name, byDefault, range, inRange, doc);
    }

    static MethodOption count(String name, int byDefault, int most, String doc) {
        return new OfCount(name, byDefault, most, doc);
    }

    /** The first of the words is the default. */
    static MethodOption choice(String name, List<String> words, String doc) {
        return new OfWord(name, List.copyOf(words), doc);
    }

    static MethodOption truth(String name, boolean byDefault, String doc) {
        return new OfTruth(name, byDefault, doc);
    }
}
