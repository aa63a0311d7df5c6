package io.circuitscript.task;

import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** One computation of a formula over the rows of a batch, vectorised over them, in float64 from the logits on. */
final class FormulaRun {
    private final Scope scope;
    private final Torch torch;
    private final RunLogits logits;
    private final int[] rows;
    private final Map<Formula, Tensor> known = new IdentityHashMap<>();

    /** How often each of the batch's examples is among the rows. */
    private final int variants;

    /** What is made of a whole run's logits, at every point, {@code [variant * point, dVocab]}. */
    private final Map<Whole, Tensor> wholes = new HashMap<>();

    /** Of those, what stands at each row's own text's end, {@code [row, dVocab]}. */
    private final Map<Whole, Tensor> ends = new HashMap<>();

    private record Whole(TokenFunction quantity, Formula.Run run) {}

    FormulaRun(Scope scope, Torch torch, RunLogits logits, int[] rows) {
        this.scope = scope;
        this.torch = torch;
        this.logits = logits;
        this.rows = rows;
        this.variants = rows.length / logits.batch().examples();
    }

    /** {@code [row]}, or of a vector {@code [row, width]} */
    Tensor value(Formula formula) {
        Tensor before = known.get(formula);
        if (before != null) return before;
        Tensor value = switch (formula) {
            case Formula.Numbers numbers -> numbers(numbers.values()); // [row]
            case Formula.Rows table -> table(table.values(), table.lengths().width()); // [row, width]
            case Formula.Token token -> token(token); // [row]
            case Formula.Tokens tokens -> tokens(tokens); // [row, width]
            case Formula.Texts texts -> texts(texts); // [row] or [row, width]
            case Formula.Divergence(RunFunction function, Formula.Run from) ->
                function.of(
                        torch, scope, end(function.reads(), from), end(function.reads(), Formula.Run.CURRENT)); // [row]
            case Formula.Apply(NumberFunction function, Formula of) -> function.of(torch, scope, value(of));
            case Formula.Negate(Formula of) -> torch.scale(scope, value(of), -1.0);
            case Formula.Combine combine -> combine(combine);
            case Formula.Reduce(VectorFunction function, Formula of) -> reduce(function, of); // [row]
            case Formula.Slice slice -> slice(slice); // [row, width]
            case Formula.Item(Formula of, int[] at) -> torch.takeEach(scope, value(of), longs(at)); // [row]
            case Formula.Stack stack ->
                torch.stackLast(scope, stack.parts().stream().map(this::value).toList()); // [row, width]
        };
        known.put(formula, value);
        return value;
    }

    private Tensor numbers(double[] ofExamples) {
        return torch.doubles(
                scope, IntStream.of(rows).mapToDouble(row -> ofExamples[row]).toArray(), rows.length);
    }

    private Tensor table(double[][] ofExamples, int width) {
        double[] flat = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) System.arraycopy(ofExamples[rows[i]], 0, flat, i * width, width);
        return torch.doubles(scope, flat, rows.length, width);
    }

    private Tensor longs(int[] ofExamples) {
        return torch.longs(
                scope, IntStream.of(rows).mapToLong(row -> ofExamples[row]).toArray(), rows.length);
    }

    private Tensor token(Formula.Token token) {
        return torch.takeEach(scope, end(token.quantity(), token.run()), longs(token.ids())); // [row]
    }

    private Tensor tokens(Formula.Tokens tokens) {
        Tensor all = end(tokens.quantity(), tokens.run()); // [row, dVocab]
        int[][] ids = tokens.ids();
        boolean same = IntStream.of(rows).allMatch(row -> ids[row] == ids[rows[0]]);
        if (same) {
            long[] once = IntStream.of(ids[rows[0]]).asLongStream().toArray();
            return torch.takeWide(scope, all, torch.longs(scope, once, once.length)); // [row, width]
        }
        return torch.takeRows(scope, all, table(ids, tokens.lengths().width())); // [row, width]
    }

    private Tensor table(int[][] ofExamples, int width) {
        long[] flat = new long[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < width; j++) flat[i * width + j] = ofExamples[rows[i]][j];
        }
        return torch.longs(scope, flat, rows.length, width);
    }

    private Tensor texts(Formula.Texts texts) {
        Tensor all = whole(TokenFunction.LOGPROB, texts.run()); // [variant * point, dVocab]
        long vocabulary = all.size(1);
        int width = texts.width();
        int longest = IntStream.of(rows)
                .flatMap(row -> Arrays.stream(texts.texts()[row]).mapToInt(answer -> answer.tokens().length))
                .max()
                .orElse(1);
        long[] places = new long[rows.length * width * longest];
        double[] keep = new double[places.length];
        for (int i = 0; i < rows.length; i++) {
            AnswerPoints.Answer[] answers = texts.texts()[rows[i]];
            for (int j = 0; j < answers.length; j++) {
                AnswerPoints.Answer answer = answers[j];
                for (int k = 0; k < answer.tokens().length; k++) {
                    int at = (i * width + j) * longest + k;
                    int point = firstPoint(i) + texts.points().point(rows[i], answer.nodes()[k]);
                    places[at] = point * vocabulary + answer.tokens()[k];
                    keep[at] = 1;
                }
            }
        }
        Tensor sums = torch.sumTokens(
                scope,
                all,
                torch.longs(scope, places, rows.length, width, longest),
                torch.doubles(scope, keep, rows.length, width, longest)); // [row, width]
        Tensor values = texts.quantity().ofSums(torch, scope, sums); // [row, width]
        return texts.vector() ? values : torch.sumLast(scope, values); // [row, width] or, of one text, [row]
    }

    /** The point at a row's own text's end, among those of all variants. */
    private int firstPoint(int row) {
        int examples = logits.batch().examples();
        return row / examples * logits.batch().points() + logits.batch().firstPoint(row % examples);
    }

    /** The logits of a run at each row's own text's end, or their softmax or its logarithm. {@code [row, dVocab]} */
    private Tensor end(TokenFunction quantity, Formula.Run run) {
        Tensor all = whole(quantity, run); // [variant * point, dVocab]
        if (logits.batch().plain()) return all;
        return ends.computeIfAbsent(new Whole(quantity, run), _ -> {
            long[] first =
                    IntStream.range(0, rows.length).mapToLong(this::firstPoint).toArray();
            return torch.pickRows(scope, all, torch.longs(scope, first, first.length));
        });
    }

    /** The logits of a run at every point, or their softmax or its logarithm. {@code [variant * point, dVocab]} */
    private Tensor whole(TokenFunction quantity, Formula.Run run) {
        Whole key = new Whole(quantity, run);
        Tensor before = wholes.get(key);
        if (before != null) return before;
        Tensor plain = switch (run) {
            case CURRENT -> logits.logits();
            case CLEAN -> logits.clean();
            case CORRUPTED -> logits.corrupted();
        };
        Tensor found = quantity.of(torch, scope, plain);
        if (run != Formula.Run.CURRENT && variants > 1) found = torch.repeatBatch(scope, found, variants);
        wholes.put(key, found);
        return found;
    }

    private Tensor combine(Formula.Combine combine) {
        Tensor left = value(combine.left());
        Tensor right = value(combine.right());
        if (combine.left().vector() && !combine.right().vector()) right = torch.asColumn(scope, right); // [row, 1]
        if (combine.right().vector() && !combine.left().vector()) left = torch.asColumn(scope, left); // [row, 1]
        return switch (combine.operator()) {
            case ADD -> torch.add(scope, left, right);
            case SUBTRACT -> torch.subtract(scope, left, right);
            case MULTIPLY -> torch.multiply(scope, left, right);
            case DIVIDE -> torch.divide(scope, left, right);
            case POWER -> torch.power(scope, left, right);
            case LESS -> torch.less(scope, left, right);
            case LESS_OR_EQUAL -> torch.lessOrEqual(scope, left, right);
            case EQUAL -> torch.equal(scope, left, right);
        };
    }

    private Tensor reduce(VectorFunction function, Formula of) {
        Formula.Lengths lengths = of.lengths();
        boolean weighs = function.weight() != VectorFunction.Weight.NONE;
        if (weighs && of instanceof Formula.Slice slice && slice.of().lengths().full()) {
            // Nothing is copied: what lies outside the slice weighs nothing.
            return weighted(function, slice.of(), slice.from(), lengths.each());
        }
        if (lengths.full()) return function.of(torch, scope, value(of)); // [row]
        Tensor inside = torch.fillWhereNot(
                scope,
                value(of),
                weights(lengths.width(), new int[lengths.each().length], lengths.each(), false),
                function.neutral());
        if (function.weight() != VectorFunction.Weight.SHARE) return function.of(torch, scope, inside); // [row]
        return torch.divide(
                scope,
                torch.sumLast(scope, inside), // [row]
                numbers(IntStream.of(lengths.each()).asDoubleStream().toArray()));
    }

    private Tensor weighted(VectorFunction function, Formula of, int[] from, int[] lengths) {
        boolean mean = function.weight() == VectorFunction.Weight.SHARE;
        Tensor weights = weights(of.lengths().width(), from, lengths, mean); // [row, width]
        return torch.weightedSum(scope, value(of), weights); // [row]
    }

    /** 1 for the items of a slice, or what sums to 1, and 0 elsewhere. {@code [row, width]} */
    private Tensor weights(int width, int[] from, int[] lengths, boolean mean) {
        double[] flat = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            int start = from[rows[i]];
            int length = lengths[rows[i]];
            for (int j = start; j < start + length; j++) flat[i * width + j] = mean ? 1.0 / length : 1;
        }
        return torch.doubles(scope, flat, rows.length, width);
    }

    private Tensor slice(Formula.Slice slice) {
        int width = slice.lengths().width();
        int last = slice.of().lengths().width() - 1;
        long[] flat = new long[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            // Beyond the slice's end stands what nobody reads.
            for (int j = 0; j < width; j++) flat[i * width + j] = Math.min(slice.from()[rows[i]] + j, last);
        }
        Tensor at = torch.longs(scope, flat, rows.length, width);
        return torch.takeRows(scope, value(slice.of()), at); // [row, width]
    }
}
