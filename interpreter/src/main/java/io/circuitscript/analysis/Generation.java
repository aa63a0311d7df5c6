package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CircuitPass;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Transformer;
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
        return run((now, beside) -> model.logitsAfter(now, options.cancel()), ids, ids, count, options);
    }

    /**
     * With every edge outside the circuit patched from the corrupted text, which goes on with the same tokens.
     *
     * @param circuit runs as it stands: prune it first
     * @param corrupted as long as {@code ids}
     */
    public static List<Analyses.Likely> ofCircuit(
            Transformer model, Circuit circuit, int[] ids, int[] corrupted, int count, RunOptions options) {
        return run((now, beside) -> {
            int mismatch = Arrays.mismatch(now, beside);
            int start = mismatch < 0 ? now.length - 1 : Math.min(mismatch, now.length - 1);
            try (Batch batch = Batch.of(model, List.of(now), List.of(beside), start); Scope scope = model.torch().scope()) {
                return model.torch().toHost(CircuitPass.logits(scope, batch, circuit, Ablation.PATCHING, options.cancel()));
            }
        }, ids, corrupted, count, options);
    }

    private static List<Analyses.Likely> run(Next next, int[] ids, int[] corrupted, int count, RunOptions options) {
        List<Analyses.Likely> said = new ArrayList<>();
        int[] now = ids;
        int[] beside = corrupted;
        options.progress().begin("generate", count, "tokens");
        try {
            while (said.size() < count) {
                options.cancel().check();
                Analyses.Likely likeliest = Analyses.likeliest(next.logits(now, beside), 1).getFirst();
                said.add(likeliest);
                now = with(now, likeliest.id());
                beside = with(beside, likeliest.id());
                options.progress().advance(1);
            }
        } finally {
            options.progress().end();
        }
        return said;
    }

    private static int[] with(int[] ids, int id) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = id;
        return longer;
    }
}
