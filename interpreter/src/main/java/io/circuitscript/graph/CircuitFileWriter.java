package io.circuitscript.graph;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Writes a circuit as EAP-IG's JSON: nodes and edges by name, in the order in which EAP-IG creates them. */
final class CircuitFileWriter {
    /** Without spans, as EAP-IG has it. */
    private final ModelGraph graph;

    private final Circuit circuit;
    private final Optional<Scores> scores;
    private final Optional<Scores> totals;
    private final Optional<NodeScores> nodeScores;
    private final Optional<SourceConstants> constants;
    private final int dModel;
    private final String[] sourceNames;
    private final String[] slotNames;

    CircuitFileWriter(
            Circuit circuit,
            Optional<Scores> scores,
            Optional<NodeScores> nodeScores,
            Optional<SourceConstants> constants,
            int dModel) {
        if (scores.isPresent() && !scores.get().graph().equals(circuit.graph())) {
            throw new IllegalArgumentException("scores of another graph");
        }
        this.graph = circuit.graph().withoutSpans();
        this.circuit = circuit;
        this.scores = scores;
        this.totals = scores.map(Scores::overSpans);
        this.nodeScores = nodeScores;
        this.constants = constants;
        this.dModel = dModel;
        this.sourceNames = new String[graph.sources()];
        this.slotNames = new String[graph.slots()];
        for (int source = 0; source < sourceNames.length; source++)
            sourceNames[source] = graph.sourceNode(source).name();
        for (int slot = 0; slot < slotNames.length; slot++)
            slotNames[slot] = graph.slotAt(slot).name();
    }

    /** Leaves the stream open. */
    void write(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        try (JsonGenerator json = new JsonFactory().createGenerator(buffered, JsonEncoding.UTF8)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            LinePerEntry lines = new LinePerEntry();
            json.setPrettyPrinter(lines);
            json.writeStartObject();
            writeConfiguration(json);
            // EAP-IG's reader needs a number for every score, so zeros are written; this key, which it ignores, says
            // that there are no scores.
            if (scores.isEmpty()) json.writeBooleanField("scored", false);
            writeNodes(json);
            writeEdges(json, this::writeEdge);
            if (constants.isPresent()) writeConstants(json, constants.get());
            if (circuit.graph().hasSpans()) {
                lines.deepest = 3;
                writeSpans(json, circuit.graph().spans());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        buffered.flush();
    }

    private void writeConfiguration(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cfg");
        json.writeNumberField("n_layers", graph.layers());
        json.writeNumberField("n_heads", graph.heads());
        json.writeBooleanField("parallel_attn_mlp", graph.parallel());
        json.writeNumberField("d_model", dModel);
        json.writeEndObject();
    }

    private void writeNodes(JsonGenerator json) throws IOException {
        BitSet kept = circuit.touchedSources();
        json.writeObjectFieldStart("nodes");
        for (int source = 0; source < graph.sources(); source++) {
            json.writeObjectFieldStart(sourceNames[source]);
            json.writeBooleanField("in_graph", kept.get(source));
            if (nodeScores.isPresent())
                json.writeNumberField("score", nodeScores.get().of(source));
            writeNeurons(json, source, kept);
            json.writeEndObject();
        }
        json.writeObjectFieldStart(Node.LOGITS.name());
        json.writeBooleanField("in_graph", true);
        json.writeEndObject();
        json.writeEndObject();
    }

    /**
     * Which neurons are in the circuit, and their scores, if there are any. For heads, EAP-IG reads one array with a
     * row for each head of the layer: it is written with the layer's first head.
     */
    private void writeNeurons(JsonGenerator json, int source, BitSet kept) throws IOException {
        boolean scored = nodeScores.isPresent() && nodeScores.get().hasNeurons();
        Node node = graph.sourceNode(source);
        boolean head = node.kind() == Node.Kind.HEAD;
        if (!scored && !circuit.choosesNeurons() || head && node.head() > 0) return;
        int end = head ? source + graph.heads() : source + 1;
        int width =
                circuit.choosesNeurons() ? circuit.width() : nodeScores.get().width();
        json.writeArrayFieldStart("neurons");
        for (int row = source; row < end; row++) {
            if (head) json.writeStartArray();
            for (int i = 0; i < width; i++) json.writeBoolean(kept.get(row) && circuit.containsNeuron(row, i));
            if (head) json.writeEndArray();
        }
        json.writeEndArray();
        if (!scored) return;
        json.writeArrayFieldStart("neurons_scores");
        for (int row = source; row < end; row++) {
            if (head) json.writeStartArray();
            for (int i = 0; i < width; i++) json.writeNumber(nodeScores.get().ofNeuron(row * width + i));
            if (head) json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** Of a head its vector before the output projection. */
    private void writeConstants(JsonGenerator json, SourceConstants of) throws IOException {
        json.writeObjectFieldStart("constants");
        for (int source = 0; source < graph.sources(); source++) {
            json.writeArrayFieldStart(sourceNames[source]);
            for (int i = 0; i < of.width(source); i++) json.writeNumber(of.values()[of.offset(source) + i]);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private interface EdgeWriter {
        void write(JsonGenerator json, int source, int slot) throws IOException;
    }

    private void writeEdges(JsonGenerator json, EdgeWriter writer) throws IOException {
        json.writeObjectFieldStart("edges");
        for (int layer = 0; layer < graph.layers(); layer++) {
            int mlp = graph.firstSlot(layer, Slot.Port.WHOLE);
            for (int source = 0; source < graph.sourcesBefore(graph.firstSlot(layer)); source++) {
                for (int head = 0; head < graph.heads(); head++) {
                    for (Slot.Port port : Slot.Port.OF_HEAD)
                        writer.write(json, source, graph.firstSlot(layer, port) + head);
                }
                if (graph.parallel()) writer.write(json, source, mlp);
            }
            for (int source = 0; !graph.parallel() && source < graph.sourcesBefore(mlp); source++)
                writer.write(json, source, mlp);
        }
        for (int source = 0; source < graph.sources(); source++) writer.write(json, source, graph.slots() - 1);
        json.writeEndObject();
    }

    private void writeEdge(JsonGenerator json, int source, int slot) throws IOException {
        json.writeObjectFieldStart(sourceNames[source] + "->" + slotNames[slot]);
        json.writeNumberField("score", totals.isPresent() ? totals.get().of(graph.edge(source, slot)) : 0.0);
        json.writeBooleanField("in_graph", circuit.contains(source, slot));
        json.writeEndObject();
    }

    private void writeSpans(JsonGenerator json, Spans spans) throws IOException {
        json.writeObjectFieldStart("spans");
        writeNames(json, "names", spans, span -> true);
        json.writeObjectFieldStart("sees");
        for (int span = 0; span < spans.size(); span++) {
            int reader = span;
            writeNames(json, spans.name(span), spans, other -> spans.sees(reader, other));
        }
        json.writeEndObject();
        writeNames(json, "read", spans, spans::isRead);
        writeEdges(json, this::writeAtSpans);
        json.writeEndObject();
    }

    private static void writeNames(JsonGenerator json, String key, Spans spans, IntPredicate which) throws IOException {
        json.writeArrayFieldStart(key);
        for (int span = 0; span < spans.size(); span++) if (which.test(span)) json.writeString(spans.name(span));
        json.writeEndArray();
    }

    private void writeAtSpans(JsonGenerator json, int source, int slot) throws IOException {
        ModelGraph at = circuit.graph();
        json.writeObjectFieldStart(sourceNames[source] + "->" + slotNames[slot]);
        if (scores.isPresent()) {
            json.writeArrayFieldStart("scores");
            for (int span = 0; span < at.perEdge(); span++)
                json.writeNumber(scores.get().of(at.edge(source, slot, span)));
            json.writeEndArray();
        }
        writeNames(json, "in_graph", at.spans(), span -> circuit.contains(source, slot, span));
        json.writeEndObject();
    }

    /** A line for each node and each edge, so that two files can be compared line by line. */
    private static final class LinePerEntry extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1L;
        private int depth;

        /** The depth of the innermost objects that have a line for each entry. */
        private int deepest = 2;

        @Override
        public void writeStartObject(JsonGenerator json) throws IOException {
            depth++;
            super.writeStartObject(json);
        }

        @Override
        public void beforeObjectEntries(JsonGenerator json) throws IOException {
            if (depth <= deepest) json.writeRaw('\n');
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
            json.writeRaw(depth <= deepest ? ",\n" : ", ");
        }

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(": ");
        }

        @Override
        public void writeEndObject(JsonGenerator json, int entries) throws IOException {
            if (depth <= deepest) json.writeRaw('\n');
            depth--;
            super.writeEndObject(json, entries);
        }
    }
}
