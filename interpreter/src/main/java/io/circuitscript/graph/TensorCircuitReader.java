package io.circuitscript.graph;

import io.circuitscript.io.PlainPickle;
import io.circuitscript.io.TorchArchive;
import io.circuitscript.io.TorchTensor;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;

/**
 * Reads a circuit from EAP-IG's {@code to_pt}: matrices {@code [source, slot]} of scores and of truth values, in our
 * own order of both.
 */
final class TensorCircuitReader {
    private static final String MADE_BY =
            "a graph that EAP-IG's to_pt wrote has cfg, src_nodes, dst_nodes, edges_in_graph and edges_scores";

    private static final String MADE_BY_SAVE = "`save` writes spans as {names, sees, read, scores, in_graph}";

    private final Path file;
    private Map<?, ?> content = Map.of();
    private ModelGraph graph;
    private OptionalInt dModel = OptionalInt.empty();

    TensorCircuitReader(Path file) {
        this.file = file;
    }

    CircuitFile.Opened read() {
        try {
            if (Files.size(file) > Runtime.getRuntime().maxMemory() / 4)
                throw bad("it is too large for this machine's memory", "");
            try (TorchArchive archive = new TorchArchive(file)) {
                return read(archive);
            }
        } catch (PlainPickle.Refused e) {
            throw bad(e.getMessage(), MADE_BY);
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    private CircuitFile.Opened read(TorchArchive archive) throws IOException {
        if (!(archive.pickle() instanceof Map<?, ?> map)) throw bad("it does not hold a dictionary", MADE_BY);
        content = map;
        readConfiguration();
        checkNames(
                "src_nodes", graph.sources(), source -> graph.sourceNode(source).name());
        checkNames("dst_nodes", graph.slots(), slot -> graph.slotAt(slot).name());
        double[] kept = numbers(archive, "edges_in_graph", graph.sources(), graph.slots())
                .orElseThrow(() -> bad("it has no \"edges_in_graph\"", MADE_BY));
        BitSet edges = Circuit.full(graph).edges();
        for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1))
            edges.set(edge, kept[edge] != 0);
        NodeFields ofNodes = readNodes(archive);
        List<String> notes = new ArrayList<>();
        Optional<Scores> scores = readScores(archive, ofNodes, notes);
        ofNodes.note(notes);
        Circuit circuit = new Circuit(graph, edges);
        if (content.containsKey("spans")) {
            Circuit totals = circuit;
            circuit = readSpans(archive);
            scores = readScoresAtSpans(archive, ofNodes, totals, scores, circuit);
        }
        return new CircuitFile.Opened(
                circuit.graph(),
                ofNodes.of(circuit),
                scores,
                ofNodes.nodeScores(),
                readConstants(archive),
                dModel,
                notes);
    }

    private Circuit readSpans(TorchArchive archive) throws IOException {
        if (!(content.get("spans") instanceof Map<?, ?> spans)) throw bad("its spans are no dictionary", MADE_BY_SAVE);
        if (!(spans.get("names") instanceof List<?> all)) throw bad("its spans have no names", MADE_BY_SAVE);
        List<String> names = new ArrayList<>();
        for (Object name : all) {
            if (!(name instanceof String text)) throw bad("a name of its spans is not a text", MADE_BY_SAVE);
            names.add(text);
        }
        SpanFields.faultOfNames(names)
                .or(() -> SpanFields.faultOfSize(graph, names.size()))
                .ifPresent(this::refuse);
        double[] sees = numbers(archive, spans.get("sees"), "sees", names.size(), names.size());
        List<BitSet> seen = new ArrayList<>();
        for (int span = 0; span < names.size(); span++) {
            int first = span * names.size();
            seen.add(those(names.size(), other -> sees[first + other] != 0));
        }
        SpanFields.faultOfSight(names, seen).ifPresent(this::refuse);
        double[] read = numbers(archive, spans.get("read"), "read", names.size());
        ModelGraph at = graph.at(Spans.of(names, seen, those(names.size(), span -> read[span] != 0)));
        double[] kept =
                atSpans(archive, "in_graph", at).orElseThrow(() -> bad("its spans have no in_graph", MADE_BY_SAVE));
        BitSet edges = Circuit.full(at).edges();
        for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1))
            edges.set(edge, kept[edge] != 0);
        return new Circuit(at, edges);
    }

    private static BitSet those(int count, IntPredicate which) {
        BitSet set = new BitSet();
        for (int i = 0; i < count; i++) set.set(i, which.test(i));
        return set;
    }

    private Optional<Scores> readScoresAtSpans(
            TorchArchive archive, NodeFields ofNodes, Circuit totals, Optional<Scores> sums, Circuit at)
            throws IOException {
        boolean unscored = Boolean.FALSE.equals(content.get("scored"));
        Optional<double[]> found = unscored ? Optional.empty() : atSpans(archive, "scores", at.graph());
        for (int edge = 0; found.isPresent() && edge < found.get().length; edge++) {
            if (!at.graph().exists(edge)) found.get()[edge] = 0;
            if (!Double.isFinite(found.get()[edge]))
                throw bad("the score of edge " + at.graph().edgeName(edge) + " is not a finite number", "");
        }
        boolean summed =
                sums.isPresent() && DoubleStream.of(sums.get().toArray()).anyMatch(it -> it != 0);
        if (found.isEmpty() && summed) throw bad("its edges have scores, and its spans have none", MADE_BY_SAVE);
        Optional<double[]> wanted =
                found.map(it -> sums.map(Scores::toArray).orElseGet(() -> new double[graph.edgeIndexBound()]));
        SpanFields.contradiction(totals, wanted, at, found.orElse(new double[0]))
                .ifPresent(this::refuse);
        return found.map(it -> new Scores(at.graph(), it)).filter(it -> CircuitFile.says(it, ofNodes));
    }

    /** By number, from one table for each span; empty where there are none. */
    private Optional<double[]> atSpans(TorchArchive archive, String key, ModelGraph at) throws IOException {
        Object found = ((Map<?, ?>) content.get("spans")).get(key);
        if (found == null) return Optional.empty();
        if (!(found instanceof List<?> tables) || tables.size() != at.perEdge())
            throw bad(
                    "the " + key + " of its spans are no list of " + at.perEdge() + " tables, one for each span",
                    MADE_BY_SAVE);
        double[] all = new double[at.edgeIndexBound()];
        for (int span = 0; span < at.perEdge(); span++) {
            double[] one = numbers(archive, tables.get(span), key, graph.sources(), graph.slots());
            for (int edge = 0; edge < one.length; edge++) all[edge * at.perEdge() + span] = one[edge];
        }
        return Optional.of(all);
    }

    /** Of a tensor of the spans, which must be there. */
    private double[] numbers(TorchArchive archive, Object found, String key, long... shape) throws IOException {
        if (!(found instanceof TorchTensor tensor)) throw bad("its spans have no tensor for " + key, MADE_BY_SAVE);
        return numbers(archive, "spans' " + key, tensor, shape);
    }

    private void refuse(String reason) {
        throw bad(reason, MADE_BY_SAVE);
    }

    private Optional<SourceConstants> readConstants(TorchArchive archive) throws IOException {
        if (!(content.get("constants") instanceof TorchTensor others)
                || !(content.get("constants_of_heads") instanceof TorchTensor heads)) return Optional.empty();
        if (others.shape().length != 2 || heads.shape().length != 2)
            throw bad("its constants are no table with a row for each source", "");
        double[] ofOthers = numbers(
                        archive,
                        "constants",
                        1 + graph.layers(),
                        dModel.isPresent() ? dModel.getAsInt() : others.shape()[1])
                .orElseThrow();
        double[] ofHeads = numbers(
                        archive, "constants_of_heads", (long) graph.layers() * graph.heads(), heads.shape()[1])
                .orElseThrow();
        for (double[] some : List.of(ofOthers, ofHeads)) {
            if (some.length == 0 || !DoubleStream.of(some).allMatch(Double::isFinite))
                throw bad("its constants are not all finite numbers", "");
        }
        return Optional.of(SourceConstants.of(graph, ofOthers, ofHeads));
    }

    private void readConfiguration() {
        if (!(content.get("cfg") instanceof Map<?, ?> cfg)) throw bad("it has no \"cfg\"", MADE_BY);
        if (!(cfg.get("parallel_attn_mlp") instanceof Boolean parallel))
            throw bad("its cfg has no parallel_attn_mlp", "");
        if (cfg.get("d_model") != null) dModel = OptionalInt.of(count(cfg, "d_model"));
        graph = CircuitFile.graph(file, count(cfg, "n_layers"), count(cfg, "n_heads"), parallel);
    }

    private int count(Map<?, ?> cfg, String key) {
        if (cfg.get(key) instanceof Long number && number >= 1 && number <= Integer.MAX_VALUE) return number.intValue();
        throw bad(
                cfg.containsKey(key) ? key + " of its cfg is not a whole number from 1 up" : "its cfg has no " + key,
                "");
    }

    /** EAP-IG goes by the order alone: another order than its own means another graph. */
    private void checkNames(String key, int count, IntFunction<String> name) {
        if (!(content.get(key) instanceof List<?> names)) throw bad("it has no \"" + key + "\"", MADE_BY);
        String cfg = "its cfg has " + graph.layers() + " layers of " + graph.heads() + " heads";
        if (names.size() != count) throw bad("its " + key + " are " + names.size() + ", and should be " + count, cfg);
        for (int i = 0; i < count; i++) {
            if (name.apply(i).equals(names.get(i))) continue;
            throw bad(
                    "its " + key + " are in another order, or of another model: number " + i + " is not "
                            + name.apply(i),
                    cfg);
        }
    }

    /** EAP-IG has an infinity wherever no edge is, and NaN or an infinity at edges that it did not score. */
    private Optional<Scores> readScores(TorchArchive archive, NodeFields ofNodes, List<String> notes)
            throws IOException {
        Optional<double[]> read = numbers(archive, "edges_scores", graph.sources(), graph.slots());
        if (read.isEmpty()) return Optional.empty();
        double[] scores = read.get();
        int unscored = 0;
        boolean infinite = false;
        for (int edge = 0; edge < scores.length; edge++) {
            boolean finite = Double.isFinite(scores[edge]);
            if (!finite && graph.exists(edge)) {
                unscored++;
                infinite |= Double.isInfinite(scores[edge]);
            }
            if (!finite || !graph.exists(edge)) scores[edge] = 0;
        }
        if (Boolean.FALSE.equals(content.get("scored"))) {
            CircuitFile.noteFlag(
                    (int) DoubleStream.of(scores).filter(it -> it != 0).count(), notes);
            return Optional.empty();
        }
        if (unscored == graph.edgeCount()) return Optional.empty();
        Optional<Scores> found = Optional.of(new Scores(graph, scores)).filter(it -> CircuitFile.says(it, ofNodes));
        if (found.isPresent() && unscored > 0) notes.add(CircuitFile.unscored(unscored, infinite, "edge"));
        return found;
    }

    private NodeFields readNodes(TorchArchive archive) throws IOException {
        NodeFields fields = new NodeFields(graph);
        Optional<double[]> nodes = numbers(archive, "nodes_scores", graph.sources());
        for (int source = 0; nodes.isPresent() && source < graph.sources(); source++) {
            fields.score(source, nodes.get()[source]);
        }
        Optional<double[]> chosen = neurons(archive, "neurons_in_graph");
        Optional<double[]> scores = neurons(archive, "neurons_scores");
        for (int source = 0; source < graph.sources(); source++) {
            if (chosen.isPresent()) fields.choose(source, row(fields, chosen.get(), source));
            if (scores.isPresent()) fields.neuronScores(source, row(fields, scores.get(), source));
        }
        return fields;
    }

    private List<Double> row(NodeFields fields, double[] neurons, int source) {
        int width = neurons.length / graph.sources();
        if (!fields.fits(width)) throw bad("its neurons_in_graph and neurons_scores have different sizes", "");
        return DoubleStream.of(neurons)
                .skip((long) source * width)
                .limit(width)
                .boxed()
                .toList();
    }

    /** {@code [source, dModel]}, as wide as the file says or as the tensor is. */
    private Optional<double[]> neurons(TorchArchive archive, String key) throws IOException {
        if (!(content.get(key) instanceof TorchTensor tensor)) return Optional.empty();
        long width = dModel.isPresent() ? dModel.getAsInt() : tensor.shape().length == 2 ? tensor.shape()[1] : 0;
        if (width < 1 || width > Integer.MAX_VALUE / graph.sources())
            throw bad("its " + key + " has no place for neurons", "");
        return numbers(archive, key, graph.sources(), width);
    }

    private Optional<double[]> numbers(TorchArchive archive, String key, long... shape) throws IOException {
        if (!(content.get(key) instanceof TorchTensor tensor)) return Optional.empty();
        return Optional.of(numbers(archive, key, tensor, shape));
    }

    private double[] numbers(TorchArchive archive, String key, TorchTensor tensor, long... shape) throws IOException {
        if (tensor.hasShape(shape)) return archive.numbers(tensor);
        throw bad("its " + key + " is " + shape(tensor.shape()) + ", and should be " + shape(shape), "");
    }

    private static String shape(long[] shape) {
        StringBuilder text = new StringBuilder();
        for (long length : shape) text.append(text.isEmpty() ? "" : " × ").append(length);
        return text.isEmpty() ? "one number" : text.toString();
    }

    private UserError bad(String reason, String help) {
        return UserError.input(
                ErrorCode.BAD_CIRCUIT_FILE, file + " is not a circuit that can be opened: " + reason, help);
    }
}
