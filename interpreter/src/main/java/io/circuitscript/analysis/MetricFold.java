package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Tensor;
import io.circuitscript.engine.Torch;
import io.circuitscript.engine.Transformer;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.List;

/** The metric of each example in one kind of run. */
final class MetricFold implements Fold<Values> {
    /** A kind of run: the logits at each example's last position, {@code [batch, dVocab]}. */
    interface Run {
        Tensor logits(Scope scope, Batch batch, RunOptions options);
    }

    private final String what;
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final boolean sharesPrefix;
    private final Run run;

    MetricFold(String what, Transformer model, Pairs pairs, Metric metric, boolean sharesPrefix, Run run) {
        this.what = what;
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.sharesPrefix = sharesPrefix;
        this.run = run;
    }

    @Override
    public Values zero() {
        return Values.NONE;
    }

    @Override
    public Values run(Batch batch, int[] examples, RunOptions options) {
        Torch torch = model.torch();
        try (Scope scope = torch.scope()) {
            Tensor logits = run.logits(scope, batch, options);
            boolean[] finite = batch.finite(logits);
            for (int i = 0; i < finite.length; i++) {
                if (!finite[i]) throw notFinite("the logits", examples[i]);
            }
            double[] values = torch.toHost(metric.apply(scope, torch, logits, examples));
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) throw notFinite("the metric " + metric.name(), examples[i]);
            }
            return new Values(examples, values);
        }
    }

    private UserError notFinite(String what, int example) {
        int row = pairs.pairs().get(example).row();
        return new UserError(
                UserError.Kind.FAILURE,
                "not-finite",
                what + " of row " + row + " of " + pairs.name() + " hold a NaN or an infinity",
                List.of("its clean text: " + pairs.pairs().get(example).cleanText()),
                "the model overflows on this example: leave the row out, or compute in a wider dtype");
    }

    @Override
    public Values merge(Values first, Values second) {
        return first.and(second);
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public boolean sharesPrefix() {
        return sharesPrefix;
    }

    @Override
    public long numbersPerExample(int width, int prefix) {
        ModelConfig config = model.config();
        long perPosition = (long) config.dModel() * (model.graph().sources() + 8L * config.layers() + 6L * config.heads() + 16);
        return width * perPosition + 2L * config.layers() * prefix * config.dModel() + 4L * config.dVocab();
    }
}
