package io.circuitscript.runtime;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.source.Span;
import java.util.Optional;

/** What expressions may ask of a session: its model's graph, and where files are. */
interface SessionView {
    /** The graph that nodes and edges are of, where it is known. */
    Optional<ModelGraph> graph();

    ScriptFiles files();

    /** @throws Mistake where it surely is not there */
    void require(Need need, String who, Span span);
}
