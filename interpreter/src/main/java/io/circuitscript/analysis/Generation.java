package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CircuitPass;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.graph.Circuit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a model, or a circuit of it alone, goes on to say: always the most likely next token. */
public final class Generation {
    private interface Next {
        double[] logits(int[] ids, int[] beside);
    }

    private Generation() {}

    /** @param ids what stands there, not empty */
    public static List<Analyses.Likely> ofModel(Transformer model, int[] ids, int count, RunOptions options) {
        Identity identity = new Identity().add("generate").add(ids).add(count).add(model, options);
        return run(
                (now, beside) -> RunLogits.afterLast(model, now, options.cancel()), ids, ids, count, identity, options);
    }

    /**
     * With every edge outside the circuit patched from the corrupted text, which goes on with the same tokens.
     *
     * @param circuit runs as it stands: prune it first
     * @param corrupted as long as {@code ids}
     */
    public static List<Analyses.Likely> ofCircuit(
            Transformer model, Circuit circuit, int[] ids, int[] corrupted, int count, RunOptions options) {
        Identity identity = new Identity()
                .add("circuit")
                .add(circuit)
                .add(ids)
                .add(corrupted)
                .add(count)
                .add(model, options);
        return run(
                (now, beside) -> {
                    int mismatch = Arrays.mismatch(now, beside);
                    int start = mismatch < 0 ? now.length - 1 : Math.min(mismatch, now.length - 1);
                    try (Batch batch = Batch.of(model, List.of(now), List.of(beside), start);
                            Scope scope = model.torch().scope()) {
                        return model.torch()
                                .toHost(CircuitPass.logits(scope, batch, circuit, Ablation.PATCHING, options.cancel()));
                    }
                },
                ids,
                corrupted,
                count,
                identity,
                options);
    }

    private static List<Analyses.Likely> run(
            Next next, int[] ids, int[] corrupted, int count, Identity identity, RunOptions options) {
        byte[] what = identity.bytes();
        StepCheckpoint checkpoint = new StepCheckpoint(options.checkpoints().begin(() -> what), count, 2);
        List<double[]> steps = new ArrayList<>(); // {id, probability}
        List<Analyses.Likely> said = new ArrayList<>();
        int[] now = ids;
        int[] beside = corrupted;
        options.progress().begin("generate", count, "tokens");
        try {
            while (said.size() < count) {
                options.cancel().check();
                boolean known = said.size() < checkpoint.done();
                Analyses.Likely likeliest = known
                        ? likely(checkpoint.partial().get(said.size()))
                        : Analyses.likeliest(next.logits(now, beside), 1).getFirst();
                said.add(likeliest);
                steps.add(new double[] {likeliest.id(), likeliest.probability()});
                now = with(now, likeliest.id());
                beside = with(beside, likeliest.id());
                if (!known) checkpoint.stepDone(steps.size(), steps);
                options.progress().advance(1);
            }
            checkpoint.end();
        } finally {
            options.progress().end();
        }
        return said;
    }

    private static Analyses.Likely likely(double[] step) {
        return new Analyses.Likely((int) step[0], step[1]);
    }

    private static int[] with(int[] ids, int id) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = id;
        return longer;
    }
}
