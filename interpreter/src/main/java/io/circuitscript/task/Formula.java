package io.circuitscript.task;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A metric as a tree of operations over logits, bound to pairs: everything that follows from a row alone is already a number. A node that is used
 * twice is computed once. A vector may have another length for each example; what its rows hold beyond their lengths is of no meaning.
 */
public sealed interface Formula extends Serializable {
    /** Which run is read. */
    enum Run {
        /** The one that is measured. */
        CURRENT,
        CLEAN,
        CORRUPTED
    }

    /** An operation on two numbers, or on each of one vector and a number, or on two vectors of one length. Comparisons give 1 or 0. */
    enum Operator {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        POWER,
        LESS,
        LESS_OR_EQUAL,
        EQUAL;

        boolean compares() {
            return this == LESS || this == LESS_OR_EQUAL || this == EQUAL;
        }
    }

    /**
     * How long a vector is.
     *
     * @param each for each example
     * @param width the longest, at least 1: how many columns the tensor has
     */
    record Lengths(int[] each, int width) implements Serializable {
        /** Of one length for all examples. */
        public static Lengths of(int examples, int length) {
            int[] each = new int[examples];
            Arrays.fill(each, length);
            return new Lengths(each, Math.max(1, length));
        }

        public static Lengths of(int[] each) {
            return new Lengths(each, Math.max(1, Arrays.stream(each).max().orElse(1)));
        }

        boolean full() {
            return Arrays.stream(each).allMatch(length -> length == width);
        }
    }

    /** A number of each example's own, not of a run. */
    record Numbers(double[] values) implements Formula {}

    /** A vector of each example's own; rows are as long as the width. */
    record Rows(double[][] values, Lengths lengths) implements Formula {}

    /** The logit or the like of one token of each example's. */
    record Token(TokenFunction quantity, Run run, int[] ids) implements Formula {}

    /**
     * The logits or the like of several tokens. Rows are as long as the width.
     *
     * @param ids of each example; the same array for all where they do not depend on it
     */
    record Tokens(TokenFunction quantity, Run run, int[][] ids, Lengths lengths) implements Formula {}

    /**
     * The probability or the like of texts, of which one at least has several tokens.
     *
     * @param texts of each example; the same array for all where they do not depend on it
     * @param lengths null where it is one text for each example
     */
    record Texts(TokenFunction quantity, Run run, AnswerPoints points, AnswerPoints.Answer[][] texts, Lengths lengths)
            implements Formula {
        /** How many texts an example has at most. */
        int width() {
            return lengths == null ? 1 : lengths.width;
        }
    }

    /** How far the measured run is from a plain one. */
    record Divergence(RunFunction function, Run from) implements Formula {}

    record Negate(Formula of) implements Formula {}

    record Apply(NumberFunction function, Formula of) implements Formula {}

    record Combine(Operator operator, Formula left, Formula right) implements Formula {}

    record Reduce(VectorFunction function, Formula of) implements Formula {}

    /** The items from {@code from} on of each example, as many as {@code lengths} say. */
    record Slice(Formula of, int[] from, Lengths lengths) implements Formula {}

    /** One item of each example's vector. */
    record Item(Formula of, int[] at) implements Formula {}

    /** Numbers as a vector. */
    record Stack(List<Formula> parts, Lengths lengths) implements Formula {
        public Stack {
            parts = List.copyOf(parts);
        }
    }

    /** How long it is where it is a vector; null where it is a number. */
    default Lengths lengths() {
        return switch (this) {
            case Numbers _, Token _, Divergence _, Reduce _, Item _ -> null;
            case Rows rows -> rows.lengths;
            case Tokens tokens -> tokens.lengths;
            case Texts texts -> texts.lengths;
            case Slice slice -> slice.lengths;
            case Stack stack -> stack.lengths;
            case Apply apply -> apply.of.lengths();
            case Negate negate -> negate.of.lengths();
            case Combine(Operator _, Formula left, Formula right) -> left.vector() ? left.lengths() : right.lengths();
        };
    }

    default boolean vector() {
        return lengths() != null;
    }

    /** What it is made of. */
    default List<Formula> parts() {
        return switch (this) {
            case Numbers _, Rows _, Token _, Tokens _, Texts _, Divergence _ -> List.of();
            case Apply(NumberFunction _, Formula of) -> List.of(of);
            case Negate(Formula of) -> List.of(of);
            case Reduce(VectorFunction _, Formula of) -> List.of(of);
            case Slice slice -> List.of(slice.of);
            case Item item -> List.of(item.of);
            case Stack stack -> stack.parts;
            case Combine(Operator _, Formula left, Formula right) -> List.of(left, right);
        };
    }
}
