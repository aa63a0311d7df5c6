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

    /** The spans of the data's rows, {@link Spans#NONE} where they have none; empty where they are not known. */
    default Optional<Spans> spans() {
        return Optional.empty();
    }

    /** The columns of the data, where they are known. */
    default Optional<List<String>> columns() {
        return Optional.empty();
    }

    /** @throws Mistake where it surely is not there */
    void require(Need need, String who, Span span);
}
