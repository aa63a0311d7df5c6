package io.circuitscript.engine.torch;

import java.util.List;

/**
 * The native operations, a method for each, in the order in which they stand in {@code operations.torchscript}: what they compute and the shapes that they take are
 * said there. What an operation gives belongs to the scope. The file is long because there are many operations, and each method only passes its arguments on.
 */
public abstract class Operations {
    Operations() {}

    /** Runs an operation that gives one tensor, which the scope owns. */
    abstract Tensor call(Scope scope, String operation, Object... arguments);

    /** Runs an operation that gives a list of tensors, which the scope owns. */
    abstract List<Tensor> callList(Scope scope, String operation, Object... arguments);

    // ---- to and from the host

    Tensor toDevice(Scope scope, Tensor x, String device) {
        return call(scope, "to_device", x, device);
    }

    Tensor toDeviceAs(Scope scope, Tensor x, String device, long type) {
        return call(scope, "to_device_as", x, device, type);
    }

    Tensor pairsAsBfloat16(Scope scope, Tensor x) {
        return call(scope, "pairs_as_bfloat16", x);
    }

    Tensor bfloat16ToDeviceAs(Scope scope, Tensor x, String device, long type) {
        return call(scope, "bfloat16_to_device_as", x, device, type);
    }

    Tensor hostDoubles(Scope scope, Tensor x) {
        return call(scope, "host_doubles", x);
    }

    // ---- precision: a model of half precision keeps its stream, differences and sums in float32; elsewhere these
    // change nothing

    public Tensor wide(Scope scope, Tensor x) {
        return call(scope, "wide", x);
    }

    public Tensor asTypeOf(Scope scope, Tensor x, Tensor like) {
        return call(scope, "as_type_of", x, like);
    }

    public Tensor copyAs(Scope scope, Tensor x, Tensor like) {
        return call(scope, "copy_as", x, like);
    }

    public Tensor contiguousAs(Scope scope, Tensor x, Tensor like) {
        return call(scope, "contiguous_as", x, like);
    }

    public Tensor cast(Scope scope, Tensor x, long type) {
        return call(scope, "cast", x, type);
    }

    // ---- shapes and sums

    public Tensor columns(Scope scope, Tensor x, long start, long end) {
        return call(scope, "columns", x, start, end);
    }

    public Tensor rows(Scope scope, Tensor x, long start, long end) {
        return call(scope, "rows", x, start, end);
    }

    public Tensor copyPositions(Scope scope, Tensor x, long start, long end) {
        return call(scope, "copy_positions", x, start, end);
    }

    public Tensor positions(Scope scope, Tensor x, long start, long end) {
        return call(scope, "positions", x, start, end);
    }

    public Tensor copyRows(Scope scope, Tensor x, long start, long end) {
        return call(scope, "copy_rows", x, start, end);
    }

    public Tensor catRows(Scope scope, List<Tensor> xs) {
        return call(scope, "cat_rows", xs);
    }

    public Tensor catPositions(Scope scope, List<Tensor> xs) {
        return call(scope, "cat_positions", xs);
    }

    public Tensor zeros(Scope scope, Tensor like, int[] shape) {
        return call(scope, "zeros", like, shape);
    }

    public Tensor empty(Scope scope, Tensor like, int[] shape) {
        return call(scope, "empty", like, shape);
    }

    public Tensor catLast(Scope scope, List<Tensor> xs) {
        return call(scope, "cat_last", xs);
    }

    public Tensor add(Scope scope, Tensor x, Tensor y) {
        return call(scope, "add", x, y);
    }

    public Tensor addInto(Scope scope, Tensor sum, Tensor x) {
        return call(scope, "add_into", sum, x);
    }

    public Tensor subtract(Scope scope, Tensor x, Tensor y) {
        return call(scope, "subtract", x, y);
    }

    public Tensor keepPositions(Scope scope, Tensor x, Tensor keep) {
        return call(scope, "keep_positions", x, keep);
    }

    public Tensor sumExamples(Scope scope, Tensor x, boolean positional) {
        return call(scope, "sum_examples", x, positional);
    }

    public Tensor scale(Scope scope, Tensor x, double by) {
        return call(scope, "scale", x, by);
    }

    public Tensor scaleInPlace(Scope scope, Tensor x, double by) {
        return call(scope, "scale_in_place", x, by);
    }

    public Tensor leaf(Scope scope, Tensor x) {
        return call(scope, "leaf", x);
    }

    public Tensor between(Scope scope, Tensor start, Tensor end, double alpha) {
        return call(scope, "between", start, end, alpha);
    }

    public Tensor affine(Scope scope, Tensor x, Tensor w, Tensor b) {
        return call(scope, "affine", x, w, b);
    }

    // ---- the forward pass

    public Tensor embed(Scope scope, Tensor table, Tensor ids) {
        return call(scope, "embed", table, ids);
    }

    public Tensor addPositions(Scope scope, Tensor x, Tensor table, long start) {
        return call(scope, "add_positions", x, table, start);
    }

    public Tensor rmsNorm(Scope scope, Tensor x, Tensor weight, double epsilon) {
        return call(scope, "rms_norm", x, weight, epsilon);
    }

    public Tensor alias(Scope scope, Tensor x) {
        return call(scope, "alias", x);
    }

    public Tensor constant(Scope scope, Tensor x) {
        return call(scope, "constant", x);
    }

    public Tensor transposed(Scope scope, Tensor x) {
        return call(scope, "transposed", x);
    }

    public Tensor plusNumber(Scope scope, Tensor x, double y) {
        return call(scope, "plus_number", x, y);
    }

    public Tensor partByHead(Scope scope, Tensor w, long kvHeads, long each, long start, long end) {
        return call(scope, "part_by_head", w, kvHeads, each, start, end);
    }

    public Tensor flat(Scope scope, Tensor x) {
        return call(scope, "flat", x);
    }

    public Tensor spreadFlat(Scope scope, Tensor x, long kvHeads, long group) {
        return call(scope, "spread_flat", x, kvHeads, group);
    }

    public Tensor spread(Scope scope, Tensor x, long group) {
        return call(scope, "spread", x, group);
    }

    public Tensor layerNorm(Scope scope, Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return call(scope, "layer_norm", x, weight, bias, epsilon);
    }

    public Tensor project(Scope scope, Tensor x, Tensor w, Tensor b, long heads) {
        return call(scope, "project", x, w, b, heads);
    }

    public Tensor fixedRmsNorm(Scope scope, Tensor x, Tensor weight, double epsilon) {
        return call(scope, "fixed_rms_norm", x, weight, epsilon);
    }

    public Tensor fixedLayerNorm(Scope scope, Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return call(scope, "fixed_layer_norm", x, weight, bias, epsilon);
    }

    public Tensor headNorm(Scope scope, Tensor x, Tensor weight, double epsilon) {
        return call(scope, "head_norm", x, weight, epsilon);
    }

    public Tensor wholeNorm(Scope scope, Tensor x, Tensor weight, double epsilon) {
        return call(scope, "whole_norm", x, weight, epsilon);
    }

    public Tensor headLayerNorm(Scope scope, Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return call(scope, "head_layer_norm", x, weight, bias, epsilon);
    }

    public Tensor headNormAt(
            Scope scope, Tensor x, Tensor at, Tensor weight, double epsilon, boolean together, boolean centring) {
        return call(scope, "head_norm_at", x, at, weight, epsilon, together, centring);
    }

    public Tensor plusHeadBias(Scope scope, Tensor x, Tensor bias) {
        return call(scope, "plus_head_bias", x, bias);
    }

    public Tensor turnHalves(Scope scope, Tensor x, Tensor cos, Tensor sin) {
        return call(scope, "turn_halves", x, cos, sin);
    }

    public Tensor turnPairs(Scope scope, Tensor x, Tensor cos, Tensor sin) {
        return call(scope, "turn_pairs", x, cos, sin);
    }

    public Tensor visible(Scope scope, Tensor queries, Tensor keys, long window) {
        return call(scope, "visible", queries, keys, window);
    }

    public Tensor hideOthers(Scope scope, Tensor mask, long prefix, long width) {
        return call(scope, "hide_others", mask, prefix, width);
    }

    public Tensor slopes(Scope scope, Tensor mask, Tensor queries, Tensor keys, Tensor slopes, long type) {
        return call(scope, "slopes", mask, queries, keys, slopes, type);
    }

    public Tensor pickSlopes(Scope scope, Tensor mask, Tensor heads) {
        return call(scope, "pick_slopes", mask, heads);
    }

    public Tensor catPast(Scope scope, Tensor past, Tensor x) {
        return call(scope, "cat_past", past, x);
    }

    public Tensor attend(Scope scope, Tensor q, Tensor k, Tensor v, double scale) {
        return call(scope, "attend", q, k, v, scale);
    }

    public Tensor attendMasked(Scope scope, Tensor q, Tensor k, Tensor v, Tensor mask, double scale) {
        return call(scope, "attend_masked", q, k, v, mask, scale);
    }

    public Tensor attendCapped(Scope scope, Tensor q, Tensor k, Tensor v, Tensor mask, double scale, double cap) {
        return call(scope, "attend_capped", q, k, v, mask, scale, cap);
    }

    public Tensor attentionOut(Scope scope, Tensor x, Tensor z, Tensor w, Tensor b) {
        return call(scope, "attention_out", x, z, w, b);
    }

    public Tensor headsOut(Scope scope, Tensor z, Tensor w, Tensor b) {
        return call(scope, "heads_out", z, w, b);
    }

    public Tensor mlp(
            Scope scope, Tensor x, Tensor wIn, Tensor bIn, Tensor wOut, Tensor bOut, String activation, boolean rules) {
        return call(scope, "mlp", x, wIn, bIn, wOut, bOut, activation, rules);
    }

    public Tensor gatedMlp(
            Scope scope,
            Tensor x,
            Tensor wGate,
            Tensor bGate,
            Tensor wIn,
            Tensor bIn,
            Tensor wOut,
            Tensor bOut,
            String activation,
            boolean rules) {
        return call(scope, "gated_mlp", x, wGate, bGate, wIn, bIn, wOut, bOut, activation, rules);
    }

    public Tensor at(Scope scope, Tensor x, Tensor index) {
        return call(scope, "at", x, index);
    }

    public Tensor atPlaces(Scope scope, Tensor x, Tensor places) {
        return call(scope, "at_places", x, places);
    }

    public Tensor readRows(Scope scope, Tensor x, Tensor places) {
        return call(scope, "read_rows", x, places);
    }

    public Tensor placeRows(Scope scope, Tensor x, Tensor places, Tensor rows) {
        return call(scope, "place_rows", x, places, rows);
    }

    public Tensor placeRowsInZeros(Scope scope, Tensor like, Tensor places, Tensor rows) {
        return call(scope, "place_rows_in_zeros", like, places, rows);
    }

    public Tensor repeatPlaces(Scope scope, Tensor places, long variants, long n) {
        return call(scope, "repeat_places", places, variants, n);
    }

    public Tensor unembed(Scope scope, Tensor x, Tensor table) {
        return call(scope, "unembed", x, table);
    }

    public Tensor unembedBiased(Scope scope, Tensor x, Tensor table, Tensor bias) {
        return call(scope, "unembed_biased", x, table, bias);
    }

    public Tensor cap(Scope scope, Tensor x, double cap) {
        return call(scope, "cap", x, cap);
    }

    public Tensor finiteRows(Scope scope, Tensor x) {
        return call(scope, "finite_rows", x);
    }

    // ---- gradients

    public List<Tensor> gradients(Scope scope, Tensor y, List<Tensor> xs) {
        return callList(scope, "gradients", y, xs);
    }

    public List<Tensor> gradientsFrom(Scope scope, Tensor y, Tensor seed, List<Tensor> xs) {
        return callList(scope, "gradients_from", y, seed, xs);
    }

    public List<Tensor> gradientsBack(Scope scope, Tensor y, Tensor seed, List<Tensor> xs) {
        return callList(scope, "gradients_back", y, seed, xs);
    }

    // ---- scores

    public List<Tensor> normFrame(Scope scope, Tensor x, double epsilon, boolean centring) {
        return callList(scope, "norm_frame", x, epsilon, centring);
    }

    public Tensor backProjection(Scope scope, Tensor w, Tensor weight, long heads, boolean centring) {
        return call(scope, "back_projection", w, weight, heads, centring);
    }

    public Tensor scaledGradient(Scope scope, Tensor g, Tensor scale) {
        return call(scope, "scaled_gradient", g, scale);
    }

    public Tensor addScaledGradient(Scope scope, Tensor sum, Tensor g, Tensor scale) {
        return call(scope, "add_scaled_gradient", sum, g, scale);
    }

    public Tensor gradientAlong(Scope scope, Tensor g, Tensor value, Tensor constant, Tensor scale, long dModel) {
        return call(scope, "gradient_along", g, value, constant, scale, dModel);
    }

    public Tensor normBack(
            Scope scope, Tensor g, Tensor weight, Tensor scale, Tensor unit, boolean centring, boolean fixed) {
        return call(scope, "norm_back", g, weight, scale, unit, centring, fixed);
    }

    public Tensor throughNorm(
            Scope scope,
            Tensor delta,
            long at,
            long rows,
            Tensor weight,
            Tensor scale,
            Tensor unit,
            boolean centring,
            boolean fixed) {
        return call(scope, "through_norm", delta, at, rows, weight, scale, unit, centring, fixed);
    }

    public Tensor flatRows(Scope scope, Tensor x) {
        return call(scope, "flat_rows", x);
    }

    public Tensor flatPositions(Scope scope, Tensor x) {
        return call(scope, "flat_positions", x);
    }

    public Tensor asBatchRows(Scope scope, Tensor x, long batch) {
        return call(scope, "as_batch_rows", x, batch);
    }

    public Tensor splitHeads(Scope scope, Tensor x, long heads) {
        return call(scope, "split_heads", x, heads);
    }

    public Tensor headSlots(Scope scope, Tensor out, long at, Tensor sum, Tensor back) {
        return call(scope, "head_slots", out, at, sum, back);
    }

    public Tensor put(Scope scope, Tensor out, long at, Tensor x) {
        return call(scope, "put", out, at, x);
    }

    public Tensor expandSources(
            Scope scope,
            Tensor out,
            Tensor input,
            List<Tensor> z,
            List<Tensor> mlp,
            List<Tensor> wO,
            long start,
            long end) {
        return call(scope, "expand_sources", out, input, z, mlp, wO, start, end);
    }

    public Tensor headsThrough(Scope scope, Tensor z, Tensor wO, long start, long end) {
        return call(scope, "heads_through", z, wO, start, end);
    }

    public Tensor fillSlots(
            Scope scope, Tensor out, long at, List<Tensor> sums, List<Tensor> backs, Tensor mlp, long start, long end) {
        return call(scope, "fill_slots", out, at, sums, backs, mlp, start, end);
    }

    public Tensor along(Scope scope, Tensor delta, List<Tensor> units, long start, long end) {
        return call(scope, "along", delta, units, start, end);
    }

    public Tensor addScores(Scope scope, Tensor sum, Tensor delta, Tensor slots, long rows, long parts) {
        return call(scope, "add_scores", sum, delta, slots, rows, parts);
    }

    public Tensor addScoresBySpan(
            Scope scope, Tensor sum, Tensor delta, Tensor slots, Tensor member, long start, long end, long atOnce) {
        return call(scope, "add_scores_by_span", sum, delta, slots, member, start, end, atOnce);
    }

    public Tensor addSmallScores(
            Scope scope, Tensor sum, Tensor along, long first, List<Tensor> parts, long start, long end) {
        return call(scope, "add_small_scores", sum, along, first, parts, start, end);
    }

    public Tensor addSmallScoresBySpan(
            Scope scope,
            Tensor sum,
            Tensor along,
            long first,
            List<Tensor> parts,
            Tensor member,
            long start,
            long end) {
        return call(scope, "add_small_scores_by_span", sum, along, first, parts, member, start, end);
    }

    public Tensor doublesLike(Scope scope, Tensor like, int[] shape) {
        return call(scope, "doubles_like", like, shape);
    }

    public Tensor atEach(Scope scope, Tensor x, long batch, Tensor index) {
        return call(scope, "at_each", x, batch, index);
    }

    public Tensor changesAt(Scope scope, Tensor x, Tensor places) {
        return call(scope, "changes_at", x, places);
    }

    // ---- scores with attention computed anew

    public Tensor scaledByHead(Scope scope, Tensor g, Tensor scale) {
        return call(scope, "scaled_by_head", g, scale);
    }

    public Tensor cutAlong(Scope scope, Tensor out, long at, long rows, Tensor unit) {
        return call(scope, "cut_along", out, at, rows, unit);
    }

    public Tensor rowScores(Scope scope, Tensor delta, Tensor slots, long rows) {
        return call(scope, "row_scores", delta, slots, rows);
    }

    public Tensor groupTotals(Scope scope, Tensor x, Tensor group, long examples, long spans, boolean sizes) {
        return call(scope, "group_totals", x, group, examples, spans, sizes);
    }

    public Tensor projectChanges(Scope scope, Tensor delta, Tensor scale, Tensor back, long batch) {
        return call(scope, "project_changes", delta, scale, back, batch);
    }

    public List<Tensor> attentionRows(
            Scope scope, Tensor q, Tensor keys, long head, Tensor mask, double scale, double cap) {
        return callList(scope, "attention_rows", q, keys, head, mask, scale, cap);
    }

    public Tensor probabilityGradients(Scope scope, List<Tensor> z, Tensor values, long head) {
        return call(scope, "probability_gradients", z, values, head);
    }

    public Tensor queryProducts(
            Scope scope,
            Tensor dq,
            Tensor keys,
            long head,
            List<Tensor> rows,
            Tensor mask,
            double scale,
            double cap,
            Tensor g,
            boolean each) {
        return call(scope, "query_products", dq, keys, head, rows, mask, scale, cap, g, each);
    }

    public Tensor keyProducts(
            Scope scope,
            Tensor dk,
            Tensor q,
            long head,
            List<Tensor> rows,
            double scale,
            double cap,
            Tensor g,
            boolean each) {
        return call(scope, "key_products", dk, q, head, rows, scale, cap, g, each);
    }

    public Tensor headOfEach(Scope scope, Tensor x, long head, long batch) {
        return call(scope, "head_of_each", x, head, batch);
    }

    // ---- neurons

    public Tensor neuronScores(Scope scope, Tensor delta, Tensor g, boolean centred) {
        return call(scope, "neuron_scores", delta, g, centred);
    }

    public Tensor flowParts(Scope scope, Tensor outputs, long before, Tensor x, boolean centred, long positions) {
        return call(scope, "flow_parts", outputs, before, x, centred, positions);
    }

    public Tensor flowPartsBySpan(
            Scope scope, Tensor outputs, long before, Tensor x, boolean centred, long positions, Tensor member) {
        return call(scope, "flow_parts_by_span", outputs, before, x, centred, positions, member);
    }

    // ---- running a circuit

    public Tensor mix(Scope scope, Tensor base, Tensor keep, Tensor change) {
        return call(scope, "mix", base, keep, change);
    }

    public Tensor repeatBase(Scope scope, Tensor base, long slots) {
        return call(scope, "repeat_base", base, slots);
    }

    public Tensor projectHeads(Scope scope, Tensor x, Tensor w, Tensor b, long heads, Tensor which, long batch) {
        return call(scope, "project_heads", x, w, b, heads, which, batch);
    }

    public Tensor pickHeads(Scope scope, Tensor x, Tensor which) {
        return call(scope, "pick_heads", x, which);
    }

    public Tensor withHeads(Scope scope, Tensor x, Tensor y, Tensor places) {
        return call(scope, "with_heads", x, y, places);
    }

    public Tensor putHeadsChange(
            Scope scope, Tensor out, long at, Tensor z, Tensor base, Tensor wO, long heads, Tensor which) {
        return call(scope, "put_heads_change", out, at, z, base, wO, heads, which);
    }

    public Tensor headsChange(Scope scope, Tensor z, Tensor base, Tensor wO, long heads, Tensor which) {
        return call(scope, "heads_change", z, base, wO, heads, which);
    }

    public Tensor cutNeurons(Scope scope, Tensor changes, long at, Tensor kept, boolean centred) {
        return call(scope, "cut_neurons", changes, at, kept, centred);
    }

    public Tensor addToRows(Scope scope, Tensor x, Tensor rows, Tensor change) {
        return call(scope, "add_to_rows", x, rows, change);
    }

    public Tensor putRows(Scope scope, Tensor out, long at, Tensor change) {
        return call(scope, "put_rows", out, at, change);
    }

    public Tensor addToEach(Scope scope, Tensor base, Tensor change) {
        return call(scope, "add_to_each", base, change);
    }

    public Tensor flatOne(Scope scope, Tensor x) {
        return call(scope, "flat_one", x);
    }

    public Tensor asBatch(Scope scope, Tensor x, long batch) {
        return call(scope, "as_batch", x, batch);
    }

    // ---- running a circuit at spans of positions

    public Tensor atPositions(Scope scope, Tensor x, Tensor positions) {
        return call(scope, "at_positions", x, positions);
    }

    public Tensor byPosition(Scope scope, Tensor x, Tensor places, long batch) {
        return call(scope, "by_position", x, places, batch);
    }

    public Tensor mixSpans(Scope scope, Tensor base, Tensor keep, Tensor change, int[] starts, int[] sizes) {
        return call(scope, "mix_spans", base, keep, change, starts, sizes);
    }

    public Tensor putPlaces(Scope scope, Tensor out, long at, Tensor places, Tensor x) {
        return call(scope, "put_places", out, at, places, x);
    }

    // ---- masked runs

    public Tensor asLeaf(Scope scope, Tensor x) {
        return call(scope, "as_leaf", x);
    }

    public Tensor maskedMix(
            Scope scope, Tensor base, Tensor masks, Tensor change, long first, long last, long slot, long end) {
        return call(scope, "masked_mix", base, masks, change, first, last, slot, end);
    }

    public Tensor maskedMixBack(
            Scope scope, Tensor sum, Tensor masks, Tensor g, long first, long last, long slot, long end) {
        return call(scope, "masked_mix_back", sum, masks, g, first, last, slot, end);
    }

    public Tensor maskGradients(
            Scope scope, Tensor sum, Tensor change, Tensor g, long rows, long first, long last, long slot, long end) {
        return call(scope, "mask_gradients", sum, change, g, rows, first, last, slot, end);
    }

    public Tensor constantGradients(
            Scope scope, Tensor sum, Tensor masks, Tensor g, long first, long last, long slot, long end) {
        return call(scope, "constant_gradients", sum, masks, g, first, last, slot, end);
    }

    public Tensor eachHeadOut(Scope scope, Tensor z, Tensor wO) {
        return call(scope, "each_head_out", z, wO);
    }

    public Tensor sumFirst(Scope scope, Tensor x) {
        return call(scope, "sum_first", x);
    }

    public Tensor lessConstants(Scope scope, Tensor x, Tensor constants) {
        return call(scope, "less_constants", x, constants);
    }

    public Tensor sumRows(Scope scope, Tensor x, Tensor example, long examples) {
        return call(scope, "sum_rows", x, example, examples);
    }

    public List<Tensor> gradientsAlong(Scope scope, Tensor y, List<Tensor> xs, Tensor weights, double grow) {
        return callList(scope, "gradients_along", y, xs, weights, grow);
    }

    // ---- one edge ablated at a time: variants stand side by side as further examples

    public Tensor vary(Scope scope, Tensor x, Tensor delta) {
        return call(scope, "vary", x, delta);
    }

    public Tensor atSpan(Scope scope, Tensor delta, Tensor sources, Tensor spans, Tensor ofPosition) {
        return call(scope, "at_span", delta, sources, spans, ofPosition);
    }

    public Tensor largestAt(Scope scope, Tensor delta) {
        return call(scope, "largest_at", delta);
    }

    public Tensor repeatBatch(Scope scope, Tensor x, long variants) {
        return call(scope, "repeat_batch", x, variants);
    }

    public Tensor oneHead(Scope scope, Tensor x, long head) {
        return call(scope, "one_head", x, head);
    }

    public Tensor withHead(Scope scope, Tensor stream, Tensor changed, Tensor clean, Tensor wO) {
        return call(scope, "with_head", stream, changed, clean, wO);
    }

    // ---- edges removed from a circuit one after the other

    public Tensor mixVariants(Scope scope, Tensor base, Tensor keep, Tensor change, long variants) {
        return call(scope, "mix_variants", base, keep, change, variants);
    }

    public Tensor repeatRows(Scope scope, Tensor x, long variants) {
        return call(scope, "repeat_rows", x, variants);
    }

    public Tensor putHeadsVariants(
            Scope scope, Tensor out, long at, Tensor z, Tensor base, Tensor wO, long heads, Tensor which) {
        return call(scope, "put_heads_variants", out, at, z, base, wO, heads, which);
    }

    public Tensor putAt(Scope scope, Tensor out, Tensor places, Tensor x) {
        return call(scope, "put_at", out, places, x);
    }

    // ---- activations of one run in another, a variant for each place

    public Tensor patchPositions(Scope scope, Tensor base, Tensor other, Tensor at) {
        return call(scope, "patch_positions", base, other, at);
    }

    public Tensor patchHeads(Scope scope, Tensor base, Tensor other, Tensor at) {
        return call(scope, "patch_heads", base, other, at);
    }

    // ---- metrics: in float64 from the logits on

    public Tensor softmax(Scope scope, Tensor x) {
        return call(scope, "softmax", x);
    }

    public Tensor take(Scope scope, Tensor x, Tensor ids) {
        return call(scope, "take", x, ids);
    }

    public Tensor takeEach(Scope scope, Tensor x, Tensor ids) {
        return call(scope, "take_each", x, ids);
    }

    public Tensor weightedSum(Scope scope, Tensor x, Tensor weights) {
        return call(scope, "weighted_sum", x, weights);
    }

    public Tensor logSoftmax(Scope scope, Tensor x) {
        return call(scope, "log_softmax", x);
    }

    public Tensor takeWide(Scope scope, Tensor x, Tensor ids) {
        return call(scope, "take_wide", x, ids);
    }

    public Tensor takeRows(Scope scope, Tensor x, Tensor ids) {
        return call(scope, "take_rows", x, ids);
    }

    public Tensor pickRows(Scope scope, Tensor x, Tensor points) {
        return call(scope, "pick_rows", x, points);
    }

    public Tensor sumTokens(Scope scope, Tensor x, Tensor places, Tensor keep) {
        return call(scope, "sum_tokens", x, places, keep);
    }

    public Tensor multiply(Scope scope, Tensor x, Tensor y) {
        return call(scope, "multiply", x, y);
    }

    public Tensor divide(Scope scope, Tensor x, Tensor y) {
        return call(scope, "divide", x, y);
    }

    public Tensor power(Scope scope, Tensor x, Tensor y) {
        return call(scope, "power", x, y);
    }

    public Tensor less(Scope scope, Tensor x, Tensor y) {
        return call(scope, "less", x, y);
    }

    public Tensor lessOrEqual(Scope scope, Tensor x, Tensor y) {
        return call(scope, "less_or_equal", x, y);
    }

    public Tensor equal(Scope scope, Tensor x, Tensor y) {
        return call(scope, "equal", x, y);
    }

    public Tensor exp(Scope scope, Tensor x) {
        return call(scope, "exp", x);
    }

    public Tensor log(Scope scope, Tensor x) {
        return call(scope, "log", x);
    }

    public Tensor abs(Scope scope, Tensor x) {
        return call(scope, "abs", x);
    }

    public Tensor sqrt(Scope scope, Tensor x) {
        return call(scope, "sqrt", x);
    }

    public Tensor sumLast(Scope scope, Tensor x) {
        return call(scope, "sum_last", x);
    }

    public Tensor meanLast(Scope scope, Tensor x) {
        return call(scope, "mean_last", x);
    }

    public Tensor minLast(Scope scope, Tensor x) {
        return call(scope, "min_last", x);
    }

    public Tensor maxLast(Scope scope, Tensor x) {
        return call(scope, "max_last", x);
    }

    public Tensor fillWhereNot(Scope scope, Tensor x, Tensor keep, double fill) {
        return call(scope, "fill_where_not", x, keep, fill);
    }

    public Tensor asColumn(Scope scope, Tensor x) {
        return call(scope, "as_column", x);
    }

    public Tensor stackLast(Scope scope, List<Tensor> xs) {
        return call(scope, "stack_last", xs);
    }

    public Tensor divergence(Scope scope, Tensor of, Tensor other) {
        return call(scope, "divergence", of, other);
    }

    public Tensor total(Scope scope, Tensor x) {
        return call(scope, "total", x);
    }

    // ---- the machine's own speed

    public Tensor randomSquare(Scope scope, Tensor like, long size) {
        return call(scope, "random_square", like, size);
    }

    public Tensor product(Scope scope, Tensor x, Tensor y) {
        return call(scope, "product", x, y);
    }
}
