package io.circuitscript.graph;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * Reads and writes circuits with their scores in the two formats of EAP-IG: JSON ({@code to_json}) and tensors ({@code
 * to_pt}).
 *
 * <p>Of a circuit over spans, EAP-IG's own keys hold what is true of an edge over all of them: its score is the sum, and it is in where it is in at any
 * span. The edges at spans are under the key {@code spans}, which EAP-IG passes over.
 */
public final class CircuitFile {
    private static final String TENSORS = ".pt";

    private CircuitFile() {}

    /**
     * What a file holds.
     *
     * @param graph with the file's spans
     * @param scores of edges; empty where the file has none
     * @param nodeScores of nodes or neurons, alike
     * @param constants what its ablated edges carry, where the file has them
     * @param dModel the width of the model's stream, where the file says it
     * @param notes what was in the file and is not used, a line each
     */
    public record Opened(
            ModelGraph graph,
            Circuit circuit,
            Optional<Scores> scores,
            Optional<NodeScores> nodeScores,
            Optional<SourceConstants> constants,
            OptionalInt dModel,
            List<String> notes) {
        public Opened {
            notes = List.copyOf(notes);
        }

        public Opened(
                ModelGraph graph, Circuit circuit, Optional<Scores> scores, OptionalInt dModel, List<String> notes) {
            this(graph, circuit, scores, Optional.empty(), Optional.empty(), dModel, notes);
        }
    }

    /**
     * Whether a circuit is written to a file of that name: asked before any work is done for it.
     *
     * @throws UserError where its ending is neither that of JSON nor PyTorch's
     */
    public static void checkEnding(Path file) {
        if (hasEnding(file, ".json") || hasEnding(file, TENSORS)) return;
        String message =
                "a circuit is saved as JSON or as PyTorch's tensors, and the name " + file + " does not say which";
        throw UserError.input(ErrorCode.UNKNOWN_FORMAT, message, "end its name in .json or .pt");
    }

    private static boolean hasEnding(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    /**
     * Writes a circuit, whole or not at all, as tensors where the name ends in .pt and as JSON elsewhere. A missing folder is made.
     *
     * @param scores of edges
     * @param nodeScores of nodes or neurons
     * @throws UserError where the file cannot be written
     */
    public static void save(
            Path file, Circuit circuit, Optional<Scores> scores, Optional<NodeScores> nodeScores, int dModel) {
        save(file, circuit, scores, nodeScores, Optional.empty(), dModel);
    }

    /** The same with what its ablated edges carry, under a key that EAP-IG passes over. */
    public static void save(
            Path file,
            Circuit circuit,
            Optional<Scores> scores,
            Optional<NodeScores> nodeScores,
            Optional<SourceConstants> constants,
            int dModel) {
        SpanFields.checkCanBeWritten(file, circuit.graph().spans());
        AtomicFile.write(file, out -> {
            if (hasEnding(file, TENSORS))
                new TensorCircuitWriter(circuit, scores, nodeScores, constants, dModel).write(out);
            else new CircuitFileWriter(circuit, scores, nodeScores, constants, dModel).write(out);
        });
    }

    /**
     * Reads a circuit, tensors or JSON by what the file begins with; JSON in the current form or in the older one, which has no {@code d_model} and plain
     * truth values for nodes.
     *
     * @throws UserError naming file and place, where the file is missing or is not such a circuit
     */
    public static Opened open(Path file) {
        if (!Files.isRegularFile(file)) return new CircuitFileReader(file).read(); // which says what is wrong
        return switch (firstByte(file)) {
            case 'P' -> new TensorCircuitReader(file).read(); // a zip begins with PK
            case 0x80 ->
                throw UserError.input(
                        ErrorCode.BAD_CIRCUIT_FILE,
                        file
                                + " is not a circuit that can be opened: it is a bare pickle, as PyTorch wrote before version 1.6",
                        "open it with EAP-IG in Python and save it again with to_pt or to_json");
            default -> new CircuitFileReader(file).read();
        };
    }

    private static int firstByte(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read();
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    /** What is said of edges, nodes or neurons without a score. @param infinite whether the file has an infinity in place of one of these scores; NaN, as EAP-IG has it, is none as null is */
    static String unscored(int without, boolean infinite, String unit) {
        return without + " " + unit + (without == 1 ? " has" : "s have") + (infinite ? " no finite score" : " no score")
                + ": taken as 0";
    }

    /**
     * What is said of a file whose flag {@code "scored"} is false, which is what {@code save} writes where there are no scores, and which has some all the same.
     *
     * @param scores how many scores of edges it has, other than 0
     */
    static void noteFlag(int scores, List<String> notes) {
        if (scores == 0) return;
        String numbers = scores == 1 ? "1 edge has a score" : scores + " edges have scores";
        notes.add("\"scored\": false in the file says that its edges have no scores; " + numbers
                + " anyway, which are not used: delete \"scored\" to use them");
    }

    /** Whether scores of edges are there at all: EAP-IG writes nothing but zeros where it scored nodes or neurons. */
    static boolean says(Scores scores, NodeFields ofNodes) {
        return ofNodes.nodeScores().isEmpty()
                || DoubleStream.of(scores.toArray()).anyMatch(score -> score != 0);
    }

    /** @throws UserError where a model of that size does not fit into this machine */
    static ModelGraph graph(Path file, int layers, int heads, boolean parallel) {
        double numbers = (1 + layers * (heads + 1.0)) * (layers * (3.0 * heads + 1) + 1);
        if (numbers <= Integer.MAX_VALUE
                && numbers * Double.BYTES <= Runtime.getRuntime().maxMemory() / 2.0)
            return new ModelGraph(layers, heads, parallel);
        String reason =
                "a model of " + layers + " layers of " + heads + " heads is too large for this machine's memory";
        throw UserError.input(ErrorCode.BAD_CIRCUIT_FILE, file + " is not a circuit that can be opened: " + reason, "");
    }
}
