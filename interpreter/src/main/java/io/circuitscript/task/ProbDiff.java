package io.circuitscript.task;

import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Tensor;
import io.circuitscript.engine.Torch;
import io.circuitscript.model.Tokenizer;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The probability of the years above the start year less that of the rest, over the tokens 00 … 99 (Hanna, Liu and Variengien 2023).
 *
 * @param column holds each pair's start year, 0 to 99
 * @param years each pair's start year
 * @param tokens the ids of 00 … 99
 */
record ProbDiff(String column, int[] years, int[] tokens) implements Metric {
    static final String NAME = "prob_diff";
    private static final int YEARS = 100;

    /** @throws UserError where a year is no number from 0 to 99, or a two-digit number is no single token */
    static ProbDiff of(Pairs pairs, String column, Tokenizer tokenizer) {
        int[] years = pairs.pairs().stream().mapToInt(pair -> year(pairs, pair, column)).toArray();
        int[] tokens = IntStream.range(0, YEARS)
                .map(year -> LabelTokens.single("%02d".formatted(year), tokenizer, "a year of the metric " + NAME))
                .toArray();
        return new ProbDiff(column, years, tokens);
    }

    private static int year(Pairs pairs, Pair pair, String column) {
        String value = pair.columns().get(column).strip();
        if (value.matches("[0-9]{1,2}")) return Integer.parseInt(value);
        throw new UserError(
                UserError.Kind.INPUT,
                "not-a-year",
                "'" + value + "' is no year from 0 to 99 (row " + pair.row() + " of " + pairs.name() + ", column " + column + ")",
                List.of(NAME + " compares the last two digits of years"),
                "choose another column, or another metric");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String expression() {
        return "sum(p[%1$s + 1 .. 99]) - sum(p[0 .. %1$s]) where p = prob([\"00\" .. \"99\"])".formatted(column);
    }

    @Override
    public boolean lessIsBetter() {
        return false;
    }

    @Override
    public Tensor apply(Scope scope, Torch torch, Tensor logits, int[] examples) {
        double[] signs = new double[examples.length * YEARS];
        for (int i = 0; i < examples.length; i++) {
            for (int year = 0; year < YEARS; year++) signs[i * YEARS + year] = year > years[examples[i]] ? 1 : -1;
        }
        Tensor ids = torch.longs(scope, IntStream.of(tokens).asLongStream().toArray(), YEARS);
        Tensor probabilities = torch.call(scope, "softmax", logits); // [batch, dVocab]
        Tensor ofYears = torch.call(scope, "take", probabilities, ids); // [batch, year]
        return torch.call(scope, "weighted_sum", ofYears, torch.numbers(scope, signs, examples.length, YEARS)); // [batch]
    }
}
