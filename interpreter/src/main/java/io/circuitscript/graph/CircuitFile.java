package io.circuitscript.graph;

import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** A circuit with its scores in EAP-IG's JSON: what its {@code to_json} writes and its {@code from_json} reads. */
public final class CircuitFile {
    private CircuitFile() {}

    /**
     * What a file holds.
     *
     * @param scores of edges; empty where the file has none
     * @param nodeScores of nodes or neurons, alike
     * @param dModel the width of the model's stream, where the file says it
     * @param notes what was in the file and is not used, a line each
     */
    public record Opened(ModelGraph graph, Circuit circuit, Optional<Scores> scores, Optional<NodeScores> nodeScores, OptionalInt dModel, List<String> notes) {
        public Opened {
            notes = List.copyOf(notes);
        }

        public Opened(ModelGraph graph, Circuit circuit, Optional<Scores> scores, OptionalInt dModel, List<String> notes) {
            this(graph, circuit, scores, Optional.empty(), dModel, notes);
        }
    }

    /**
     * Whether a circuit is written to a file of that name: asked before any work is done for it.
     *
     * @throws UserError where its ending is not that of JSON
     */
    public static void checkEnding(Path file) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".json")) return;
        throw UserError.input("unknown-format", "a circuit is saved as JSON, and the name " + file + " does not say so", "end its name in .json");
    }

    /**
     * Writes a circuit, whole or not at all. A missing folder is made.
     *
     * @throws UserError where the file cannot be written
     */
    public static void save(Path file, Circuit circuit, Optional<Scores> scores, int dModel) {
        save(file, circuit, scores, Optional.empty(), dModel);
    }

    /** The same with scores of nodes or neurons. */
    public static void save(Path file, Circuit circuit, Optional<Scores> scores, Optional<NodeScores> nodeScores, int dModel) {
        WholeFile.write(file, out -> new CircuitFileWriter(circuit, scores, nodeScores, dModel).write(out));
    }

    /**
     * Reads a circuit in the current form or in the older one, which has no {@code d_model} and plain truth values for nodes.
     *
     * @throws UserError naming file and place, where the file is missing or is not such a circuit
     */
    public static Opened open(Path file) {
        return new CircuitFileReader(file).read();
    }
}
