package io.circuitscript.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a circuit as EAP-IG's {@code to_pt} does, in PyTorch's archive format: the same keys in the same order,
 * scores in float64, so that no digit is lost. The same circuit gives the same bytes.
 */
final class TensorCircuitWriter {
    private static final String FOLDER = "graph";

    /**
     * The time of every part. The earliest that a zip can say is 1980-01-01, and for that one Java writes a second, exact time beside it, which depends on
     * the time zone.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    /** Without spans, as EAP-IG has it. */
    private final ModelGraph graph;

    private final Circuit circuit;
    private final Optional<Scores> scores;
    private final Optional<NodeScores> nodeScores;
    private final Optional<SourceConstants> constants;
    private final int dModel;
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final List<byte[]> parts = new ArrayList<>();

    TensorCircuitWriter(
            Circuit circuit,
            Optional<Scores> scores,
            Optional<NodeScores> nodeScores,
            Optional<SourceConstants> constants,
            int dModel) {
        if (scores.isPresent() && !scores.get().graph().equals(circuit.graph()))
            throw new IllegalArgumentException("scores of another graph");
        this.graph = circuit.graph().withoutSpans();
        this.circuit = circuit;
        this.scores = scores;
        this.nodeScores = nodeScores;
        this.constants = constants;
        this.dModel = dModel;
    }

    /** Leaves the stream open. */
    void write(OutputStream out) throws IOException {
        writePickle();
        ZipOutputStream zip = new ZipOutputStream(out);
        add(zip, "data.pkl", pickle.toByteArray());
        add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < parts.size(); i++) add(zip, "data/" + i, parts.get(i));
        add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
        zip.finish();
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry(FOLDER + "/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    private void writePickle() {
        code(0x80, 2, '}', '(');
        writeConfiguration();
        text("src_nodes");
        names(graph.sources(), source -> graph.sourceNode(source).name());
        text("dst_nodes");
        names(graph.slots(), slot -> graph.slotAt(slot).name());
        text("edges_scores");
        numbers(
                scores.isPresent() ? scores.get().overSpans().toArray() : new double[graph.edgeIndexBound()],
                graph.sources(),
                graph.slots());
        text("edges_in_graph");
        truths(circuit.withoutSpans()::contains, graph.sources(), graph.slots());
        BitSet nodes = circuit.touchedSources();
        text("nodes_in_graph");
        truths(nodes::get, graph.sources());
        writeNodes(nodes);
        // EAP-IG, which passes over this key, has a number for every score; it says that they are none.
        if (scores.isEmpty()) {
            text("scored");
            code(0x89);
        }
        constants.ifPresent(this::writeConstants);
        if (circuit.graph().hasSpans()) writeSpans(circuit.graph().spans());
        code('u', '.');
    }

    private void writeConfiguration() {
        text("cfg");
        code('}', '(');
        text("n_layers");
        whole(graph.layers());
        text("n_heads");
        whole(graph.heads());
        text("parallel_attn_mlp");
        code(graph.parallel() ? 0x88 : 0x89);
        text("d_model");
        whole(dModel);
        code('u');
    }

    private void writeNodes(BitSet nodes) {
        if (nodeScores.isPresent()) {
            text("nodes_scores");
            numbers(nodeScores.get().nodes(), graph.sources());
        }
        boolean scored = nodeScores.isPresent() && nodeScores.get().hasNeurons();
        if (!scored && !circuit.choosesNeurons()) return;
        int width =
                circuit.choosesNeurons() ? circuit.width() : nodeScores.get().width();
        text("neurons_in_graph");
        truths(i -> nodes.get(i / width) && circuit.containsNeuron(i / width, i % width), graph.sources(), width);
        if (!scored) return;
        text("neurons_scores");
        numbers(nodeScores.get().neurons(), graph.sources(), width);
    }

    /** Those of heads, before their output projection, apart from those of {@code input} and MLPs: they have other widths. */
    private void writeConstants(SourceConstants of) {
        text("constants");
        numbers(of.ofOthers(), 1 + graph.layers(), of.dModel());
        text("constants_of_heads");
        numbers(of.ofHeads(), graph.layers() * graph.heads(), of.dHead());
    }

    /** For each span in turn, tables as {@code edges_scores} and {@code edges_in_graph} are. */
    private void writeSpans(Spans spans) {
        ModelGraph at = circuit.graph();
        text("spans");
        code('}', '(');
        text("names");
        names(spans.size(), spans::name);
        text("sees");
        truths(i -> spans.sees(i / spans.size(), i % spans.size()), spans.size(), spans.size());
        text("read");
        truths(spans::isRead, spans.size());
        if (scores.isPresent()) {
            text("scores");
            code(']', '(');
            for (int span = 0; span < spans.size(); span++) {
                double[] values = new double[graph.edgeIndexBound()];
                for (int edge = 0; edge < values.length; edge++)
                    values[edge] = scores.get().of(edge * at.perEdge() + span);
                numbers(values, graph.sources(), graph.slots());
            }
            code('e');
        }
        text("in_graph");
        code(']', '(');
        for (int span = 0; span < spans.size(); span++) {
            int first = span;
            truths(edge -> circuit.contains(edge * at.perEdge() + first), graph.sources(), graph.slots());
        }
        code('e', 'u');
    }

    private void names(int count, IntFunction<String> name) {
        code(']', '(');
        for (int i = 0; i < count; i++) text(name.apply(i));
        code('e');
    }

    private void numbers(double[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) bytes.putDouble(value);
        tensor("DoubleStorage", bytes.array(), shape);
    }

    private void truths(IntPredicate values, int... shape) {
        byte[] bytes = new byte[shape.length == 1 ? shape[0] : Math.multiplyExact(shape[0], shape[1])];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (values.test(i) ? 1 : 0);
        tensor("BoolStorage", bytes, shape);
    }

    /** {@code _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())}, the storage by its persistent name. */
    private void tensor(String storage, byte[] bytes, int... shape) {
        global("torch._utils", "_rebuild_tensor_v2");
        code('(', '(');
        text("storage");
        global("torch", storage);
        text(String.valueOf(parts.size()));
        text("cpu");
        int count = 1;
        for (int length : shape) count *= length;
        whole(count);
        code('t', 'Q');
        whole(0);
        tuple(shape);
        tuple(shape.length == 1 ? new int[] {1} : new int[] {shape[1], 1});
        code(0x89);
        global("collections", "OrderedDict");
        code(')', 'R', 't', 'R');
        parts.add(bytes);
    }

    private void tuple(int... numbers) {
        for (int number : numbers) whole(number);
        code(0x84 + numbers.length); // TUPLE1 … TUPLE3
    }

    private void global(String module, String name) {
        code('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void whole(int number) {
        code('J');
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        code('X');
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        pickle.writeBytes(bytes);
    }

    private void code(int... codes) {
        for (int code : codes) pickle.write(code);
    }
}
