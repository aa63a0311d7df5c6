package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.RecomputedAttention;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.function.BiFunction;

/** The sum over examples of every edge's score by AtP*, by edge number. */
final class AtpStarFold extends GradientFold {
    private final boolean drops;

    /**
     * @param drops whether gradients are dropped, a layer at a time
     * @param graph whose edges are scored: the model's, or those at spans of the pairs
     */
    AtpStarFold(Transformer model, Pairs pairs, Metric metric, boolean drops, Ablation ablation, ModelGraph graph) {
        super(model, pairs, metric, ablation, graph);
        this.drops = drops;
    }

    @Override
    public double[] zero() {
        return new double[graph().edgeIndexBound()];
    }

    @Override
    double[] scores(Batch batch, BiFunction<Scope, Tensor, Tensor> total, RunOptions options) {
        return RecomputedAttention.scores(batch, graph(), drops, ablation(), total, options);
    }

    @Override
    public Identity identify(Identity identity) {
        return super.identify(identity.add("atp*").add(drops ? 1 : 0));
    }

    @Override
    public String what() {
        return drops ? "atp*, " + graph().layers() + " layers dropped in turn" : "atp*";
    }

    @Override
    public String unit() {
        return "passes and layers";
    }

    @Override
    public long units() {
        return RecomputedAttention.units(graph(), drops);
    }
}
