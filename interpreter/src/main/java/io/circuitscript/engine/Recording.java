package io.circuitscript.engine;

import java.util.ArrayList;
import java.util.List;

/** What a pass through the blocks kept, a tensor a layer. Whoever opened the pass's scope owns them. */
final class Recording {
    /** The residual stream before each attention's norm. {@code [batch, pos, dModel]} */
    final List<Tensor> attentionIn = new ArrayList<>();

    /** Queries, keys and values: three lists. {@code [batch, pos, head, dHead]} */
    final List<List<Tensor>> ports = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    /** Each head's mixed values, before its output projection. {@code [batch, pos, head, dHead]} */
    final List<Tensor> mixed = new ArrayList<>();

    /** The residual stream before each MLP's norm. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpIn = new ArrayList<>();

    /** The output of each MLP's norm. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpNormed = new ArrayList<>();

    /** What each MLP adds to the residual stream, its bias included. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpOut = new ArrayList<>();
}
