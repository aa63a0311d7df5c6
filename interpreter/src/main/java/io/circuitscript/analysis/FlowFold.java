package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.InformationFlow;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Pairs;

/** The sum over examples of what part of a slot's input each source is, by edge number. */
final class FlowFold implements SumFold {
    private final Transformer model;
    private final Pairs pairs;
    private final ModelGraph graph;

    /** @param graph whose edges are scored: the model's, or those at spans of the pairs */
    FlowFold(Transformer model, Pairs pairs, ModelGraph graph) {
        this.model = model;
        this.pairs = pairs;
        this.graph = MetricFold.checked(graph, pairs);
    }

    @Override
    public double[] zero() {
        return new double[graph.edgeIndexBound()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        double[] scores = InformationFlow.scores(batch, graph, options);
        for (double score : scores) {
            if (!Double.isFinite(score)) throw notFinite(batch, examples, options);
        }
        return scores;
    }

    private RuntimeException notFinite(Batch batch, int[] examples, RunOptions options) {
        try (var scope = model.torch().scope()) {
            boolean[] finite = batch.finite(batch.takeCleanLogits(scope, options.cancel()));
            for (int i = 0; i < finite.length; i++) {
                if (!finite[i]) return NotFinite.of("the logits", pairs, examples[i]);
            }
        }
        return NotFinite.of("the scores", pairs, examples[0]);
    }

    @Override
    public Identity identify(Identity identity) {
        return identity.add("flow").add(graph);
    }

    @Override
    public String what() {
        return "information-flow-routes";
    }

    @Override
    public boolean sharesPrefix() {
        return false;
    }
}
