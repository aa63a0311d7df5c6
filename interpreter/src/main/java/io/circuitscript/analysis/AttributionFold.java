package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.NodeAttribution;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * Sums gradient scores over examples, in float64 across batches: the score of every edge, by edge number, or of every
 * neuron, {@code [source, dModel]}.
 */
final class AttributionFold extends GradientFold {
    /** What is scored. */
    private enum Of {
        EDGES,
        NEURONS
    }

    private final Of of;
    private final GradientPath path;

    private AttributionFold(
            Of of,
            Transformer model,
            Pairs pairs,
            Metric metric,
            GradientPath path,
            Ablation ablation,
            ModelGraph graph) {
        super(model, pairs, metric, ablation, graph);
        this.of = of;
        this.path = path;
    }

    /** Of the edges of the model, or of those at spans of the pairs. */
    static AttributionFold ofEdges(
            ModelGraph graph, Transformer model, Pairs pairs, Metric metric, GradientPath path, Ablation ablation) {
        return new AttributionFold(Of.EDGES, model, pairs, metric, path, ablation, graph);
    }

    static AttributionFold ofNeurons(
            Transformer model, Pairs pairs, Metric metric, GradientPath path, Ablation ablation) {
        return new AttributionFold(Of.NEURONS, model, pairs, metric, path, ablation, model.graph());
    }

    @Override
    public double[] zero() {
        return new double
                [switch (of) {
                    case EDGES -> graph().edgeIndexBound();
                    case NEURONS -> graph().sources() * model().config().dModel();
                }];
    }

    @Override
    double[] scores(Batch batch, BiFunction<Scope, Tensor, Tensor> total, RunOptions options) {
        return switch (of) {
            case EDGES -> EdgeAttribution.scores(batch, graph(), path, ablation(), total, options);
            case NEURONS -> NodeAttribution.scores(batch, path, ablation(), total, options);
        };
    }

    @Override
    public Identity identify(Identity identity) {
        return super.identify(identity.add(of.name().toLowerCase(Locale.ROOT))
                .add(path.kind().name())
                .add(path.steps())
                .add(path.rules().name()));
    }

    @Override
    public boolean canSaveMemory() {
        return true;
    }

    @Override
    public String what() {
        String word = path.word();
        return path.kind().stepped() ? word + ", " + path.steps() + " steps" : word;
    }

    @Override
    public String unit() {
        return runs() == 1 ? "examples" : "gradients";
    }

    @Override
    public long units() {
        return runs() == 1 ? 1 : runs() + 1L;
    }

    private int runs() {
        return path.runs(graph().layers());
    }
}
