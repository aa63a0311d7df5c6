package io.circuitscript.engine.masks;

import io.circuitscript.engine.AblatedRun;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.LayerWeights;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import java.util.ArrayList;
import java.util.List;

/** What ablated edges carry in a masked run, and the residual stream that nothing but ablated edges enter. */
public interface AblatedValues {
    /** That stream before a layer's attention. {@code [batch, pos, dModel]} */
    Tensor residPre(int layer);

    /** The same before its MLP. */
    Tensor mlpIn(int layer);

    /** The same after the last block. */
    Tensor last();

    /** What attention adds to it, before the norm over that; asked only where there is such a norm. {@code [batch, pos, dModel]} */
    Tensor attentionSum(int layer);

    /** What {@code input} gives, less what its ablated edges carry. {@code [batch, pos, dModel]} → the same */
    Tensor inputChange(Scope pass, Tensor given);

    /** The same for a layer's heads; keeps gradients. z {@code [batch, pos, head, dHead]} → {@code [head, n, dModel]} */
    Tensor headsChange(Scope pass, int layer, Tensor z);

    /** The same for its MLP. {@code [batch, pos, dModel]} → {@code [1, n, dModel]} */
    Tensor mlpChange(Scope pass, int layer, Tensor out);

    /** The constants, {@code [source, dModel]}, where they are constants of which gradients can be taken; else null. */
    default Tensor constants() {
        return null;
    }

    /** Of an ablation that a script can name. */
    static AblatedValues of(Batch batch, Ablation ablation, CancelToken cancel) {
        return new OfRun(batch.model(), batch.ablated(ablation, cancel));
    }

    /**
     * A vector for each source, the same in all examples and positions.
     *
     * @param scope owns the streams
     * @param constants {@code [source, dModel]}
     * @param batch without a prefix: constants change all positions
     */
    static AblatedValues constants(Scope scope, Batch batch, Tensor constants) {
        if (batch.start() > 0) throw new IllegalArgumentException("a window that begins at " + batch.start());
        return Constants.of(scope, batch, constants);
    }

    /** As a run has them that was computed for all circuits and methods. */
    record OfRun(Transformer model, AblatedRun run) implements AblatedValues {
        @Override
        public Tensor residPre(int layer) {
            return run.residPre().get(layer);
        }

        @Override
        public Tensor mlpIn(int layer) {
            return run.mlpIn().get(layer);
        }

        @Override
        public Tensor last() {
            return run.last();
        }

        @Override
        public Tensor attentionSum(int layer) {
            return run.attentionSum().get(layer);
        }

        @Override
        public Tensor inputChange(Scope pass, Tensor given) {
            return model.torch().subtract(pass, given, run.input()); // [batch, pos, dModel]
        }

        @Override
        public Tensor headsChange(Scope pass, int layer, Tensor z) {
            Torch torch = model.torch();
            Tensor change = torch.subtract(pass, z, run.z().get(layer)); // [batch, pos, head, dHead]
            return torch.eachHeadOut(pass, change, model.layer(layer).wO()); // [head, n, dModel]
        }

        @Override
        public Tensor mlpChange(Scope pass, int layer, Tensor out) {
            Torch torch = model.torch();
            Tensor change = torch.subtract(pass, out, run.mlpOut().get(layer)); // [batch, pos, dModel]
            return torch.flatOne(pass, change); // [1, n, dModel]
        }
    }

    /** @param constants {@code [source, dModel]} */
    record Constants(
            Transformer model,
            Tensor constants,
            List<Tensor> residPres,
            List<Tensor> mlpIns,
            List<Tensor> attentionSums,
            Tensor last)
            implements AblatedValues {
        private static Constants of(Scope scope, Batch batch, Tensor constants) {
            Transformer model = batch.model();
            Torch torch = model.torch();
            ModelGraph graph = model.graph();
            List<Tensor> residPres = new ArrayList<>();
            List<Tensor> mlpIns = new ArrayList<>();
            List<Tensor> sums = new ArrayList<>();
            int[] shape = {batch.size(), batch.width(), model.config().dModel()};
            Tensor nothing = torch.zeros(scope, constants, shape); // [batch, pos, dModel]
            Tensor input = torch.add(scope, nothing, torch.rows(scope, constants, 0, 1)); // [batch, pos, dModel]
            Tensor stream = model.withPositions(scope, input, 0); // [batch, pos, dModel]
            for (int layer = 0; layer < graph.layers(); layer++) {
                LayerWeights w = model.layer(layer);
                int first = graph.firstHead(layer);
                int mlp = first + graph.heads();
                residPres.add(stream);
                if (model.config().parallel()) mlpIns.add(stream);
                Tensor heads = torch.rows(scope, constants, first, mlp); // [head, dModel]
                Tensor given = torch.add(scope, torch.sumFirst(scope, heads), torch.wide(scope, w.bO())); // [dModel]
                Tensor sum = torch.add(scope, nothing, given); // [batch, pos, dModel]
                stream = torch.add(scope, stream, model.norm(scope, sum, w.attentionOutNorm())); // [batch, pos, dModel]
                if (model.normsAttentionOut()) sums.add(sum);
                if (!model.config().parallel()) mlpIns.add(stream);
                stream = torch.add(scope, stream, torch.rows(scope, constants, mlp, mlp + 1)); // [batch, pos, dModel]
            }
            return new Constants(model, constants, residPres, mlpIns, sums, stream);
        }

        @Override
        public Tensor residPre(int layer) {
            return residPres.get(layer);
        }

        @Override
        public Tensor mlpIn(int layer) {
            return mlpIns.get(layer);
        }

        @Override
        public Tensor attentionSum(int layer) {
            return attentionSums.get(layer);
        }

        @Override
        public Tensor inputChange(Scope pass, Tensor given) {
            Torch torch = model.torch();
            return torch.subtract(pass, given, torch.rows(pass, constants, 0, 1)); // [batch, pos, dModel]
        }

        @Override
        public Tensor headsChange(Scope pass, int layer, Tensor z) {
            Torch torch = model.torch();
            int first = model.graph().firstHead(layer);
            Tensor theirs =
                    torch.rows(pass, constants, first, first + model.graph().heads()); // [head, dModel]
            Tensor given = torch.eachHeadOut(pass, z, model.layer(layer).wO()); // [head, n, dModel]
            return torch.lessConstants(pass, given, theirs); // [head, n, dModel]
        }

        @Override
        public Tensor mlpChange(Scope pass, int layer, Tensor out) {
            Torch torch = model.torch();
            int mlp = model.graph().firstHead(layer) + model.graph().heads();
            Tensor its = torch.rows(pass, constants, mlp, mlp + 1); // [1, dModel]
            return torch.lessConstants(pass, torch.flatOne(pass, torch.wide(pass, out)), its); // [1, n, dModel]
        }
    }
}
