package io.circuitscript.runtime.evaluate;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.Span;
import java.util.List;
import java.util.Optional;

/** What an expression may ask of the session: the graph of the model, and where files are. */
public interface SessionView {
    /** The graph that nodes and edges are of, where it is known. */
    Optional<ModelGraph> graph();

    ScriptFiles files();

    /** The spans of the rows, {@link Spans#NONE} where they have none; empty in the check of a script. */
    default Optional<Spans> spans() {
        return Optional.empty();
    }

    /**
     * The names that spans of the data may have, in their order: a name that is not here is none of them, while one that is may occur in no row. An empty
     * list where the data, if any, have no spans; empty where nothing is known.
     */
    default Optional<List<String>> spanNames() {
        return Optional.empty();
    }

    /** The columns of the data, where they are known. */
    default Optional<List<String>> columns() {
        return Optional.empty();
    }

    /** @throws Mistake where it surely is not there */
    void require(Need need, String who, Span span);
}
