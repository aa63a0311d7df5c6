package io.circuitscript.engine;

import java.util.List;

/**
 * Keys and values of the positions before the first one in which clean and corrupted differ: the same in every run of a batch under
 * patching, so that they are computed once and without gradients.
 *
 * @param length how many positions they are; the lists are empty where it is 0
 * @param keys for each layer, {@code [batch, prefixPos, head, dHead]}
 * @param values alike
 */
record Prefix(int length, List<Tensor> keys, List<Tensor> values) {
    static final Prefix NONE = new Prefix(0, List.of(), List.of());
}
