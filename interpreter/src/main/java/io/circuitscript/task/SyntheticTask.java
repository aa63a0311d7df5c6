package io.circuitscript.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Pairs of random tokens and a metric over two of the vocabulary's: work of a known shape for any model, where what it means is of no interest.
 * A pair differs in one token.
 */
public record SyntheticTask(Pairs pairs, Metric metric) {
    /** Tokens of a text, unless others are asked for: so many as the greater-than task's have. */
    public static final int LENGTH = 13;

    private static final long SEED = 1;

    /** Which token of a pair differs. */
    public enum Difference {
        /** The second: nearly all of a text is run twice. */
        EARLY {
            @Override
            int at(int length) {
                return Math.min(1, length - 1);
            }
        },
        /** One as far in as the greater-than task's, 8 of 13. */
        LATE {
            @Override
            int at(int length) {
                return Math.min(length * 8 / 13, length - 1);
            }
        };

        abstract int at(int length);

        /** As options name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param dVocab how many tokens the model knows
     * @param length tokens of each text
     */
    public static SyntheticTask of(int count, int dVocab, int length, Difference differs) {
        int difference = differs.at(length);
        Random random = new Random(SEED);
        int correct = random.nextInt(dVocab);
        int incorrect = other(correct, dVocab, random);
        List<Pair> pairs = new ArrayList<>(count);
        for (int row = 1; row <= count; row++) {
            int[] clean = random.ints(length, 0, dVocab).toArray();
            int[] corrupted = clean.clone();
            corrupted[difference] = other(clean[difference], dVocab, random);
            pairs.add(new Pair(row, "random tokens", "random tokens", clean, corrupted, Map.of()));
        }
        int[] right = new int[count];
        int[] wrong = new int[count];
        Arrays.fill(right, correct);
        Arrays.fill(wrong, incorrect);
        return new SyntheticTask(new Pairs("random tokens", List.of(), pairs), metric(right, wrong));
    }

    private static Metric metric(int[] right, int[] wrong) {
        Formula difference = new Formula.Combine(
                Formula.Operator.SUBTRACT,
                new Formula.Token(TokenFunction.LOGIT, Formula.Run.CURRENT, right),
                new Formula.Token(TokenFunction.LOGIT, Formula.Run.CURRENT, wrong));
        return new FormulaMetric(
                "logit_diff", "logit(one token) - logit(another)", false, difference, new AnswerPoints(right.length));
    }

    /** Any token but one. */
    private static int other(int token, int dVocab, Random random) {
        return (token + 1 + random.nextInt(dVocab - 1)) % dVocab;
    }
}
