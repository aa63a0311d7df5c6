package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.NodeAttribution;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;

/** The sum over examples of every neuron's score, {@code [source, dModel]}. */
final class NodeFold implements SumFold {
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final GradientPath path;
    private final Ablation ablation;

    NodeFold(Transformer model, Pairs pairs, Metric metric, GradientPath path, Ablation ablation) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.path = path;
        this.ablation = ablation;
    }

    @Override
    public double[] zero() {
        return new double[model.graph().sources() * model.config().dModel()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        double[] scores = NodeAttribution.scores(
                batch, path, ablation, AttributionFold.total(model, metric, batch, examples, options), options);
        for (double score : scores) {
            if (!Double.isFinite(score)) throw NotFinite.of("the scores of a batch that begins", pairs, examples[0]);
        }
        return scores;
    }

    @Override
    public Identity identify(Identity identity) {
        return identity.add("neurons").add(path.kind().name()).add(path.steps()).add(ablation).add(metric);
    }

    @Override
    public Ablation ablation() {
        return ablation;
    }

    @Override
    public String what() {
        return AttributionFold.title(path);
    }

    @Override
    public String unit() {
        return path.runs(model.graph().layers()) == 1 ? "examples" : "gradients";
    }

    @Override
    public long units() {
        int runs = path.runs(model.graph().layers());
        return runs == 1 ? 1 : runs + 1L;
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
