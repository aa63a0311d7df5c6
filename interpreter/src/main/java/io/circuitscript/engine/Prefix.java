package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.List;

/**
 * Keys and values of the positions before the first one in which clean and corrupted differ: the same in every run of a batch under
 * patching, so that they are computed once and without gradients.
 *
 * @param length how many positions they are; the lists are empty where it is 0
 * @param keys as scores take them, for each layer {@code [batch, prefixPos, head, dHead]}
 * @param values alike
 */
public record Prefix(int length, List<Tensor> keys, List<Tensor> values) {
    /** Of one layer; null where the prefix is empty. */
    public Tensor keys(int layer) {
        return length == 0 ? null : keys.get(layer);
    }

    public Tensor values(int layer) {
        return length == 0 ? null : values.get(layer);
    }

    /** The same for a batch that holds each example several times: once in its order, then again. */
    Prefix repeated(Torch torch, Scope scope, int times) {
        return length == 0
                ? this
                : new Prefix(length, repeated(torch, scope, keys, times), repeated(torch, scope, values, times));
    }

    private static List<Tensor> repeated(Torch torch, Scope scope, List<Tensor> tensors, int times) {
        return tensors.stream()
                .map(tensor -> torch.repeatBatch(scope, tensor, times))
                .toList(); // [times * batch, prefixPos, head, dHead]
    }

    static final Prefix NONE = new Prefix(0, List.of(), List.of());
}
