package io.circuitscript.runtime.state;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.SessionView;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.source.Span;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of the session at a point of a script: whether there is a model, data, scores. In a run everything is
 * known; in the check, what surely holds.
 */
public final class Facts implements SessionView {
    /** Whether something exists. */
    public enum Known {
        NO,
        MAYBE,
        YES
    }

    private final Map<Need, Known> met = new EnumMap<>(Need.class);
    private Optional<ModelGraph> graph = Optional.empty();
    private final Set<String> circuits = new TreeSet<>();
    private boolean otherCircuits;
    private TaskFacts tasks = new TaskFacts();

    /** The method that made the circuit and no scores; empty where none did. */
    private Optional<String> unscored = Optional.empty();

    private final ScriptFiles files;
    private Settings settings;
    private final CancelToken cancel;

    /** Facts whose gathering nobody cancels. */
    public Facts(ScriptFiles files, Settings settings) {
        this(files, settings, new CancelToken());
    }

    /** @param cancel is asked where finding something out takes long */
    public Facts(ScriptFiles files, Settings settings, CancelToken cancel) {
        this.files = files;
        this.settings = settings;
        this.cancel = cancel;
        for (Need need : Need.values()) met.put(need, Known.NO);
    }

    public Facts copy() {
        return copy(files.copy(), cancel);
    }

    /** The same for other work, which somebody else cancels, and that reads files on its own account. */
    public Facts copy(ScriptFiles files, CancelToken cancel) {
        Facts copy = new Facts(files, settings, cancel);
        copy.met.putAll(met);
        copy.graph = graph;
        copy.circuits.addAll(circuits);
        copy.otherCircuits = otherCircuits;
        copy.unscored = unscored;
        copy.tasks = tasks.copy();
        return copy;
    }

    public Known met(Need need) {
        return met.get(need);
    }

    public void set(Need need, Known known) {
        met.put(need, known);
    }

    /** Takes note of scores, of which there are none of edges at spans. */
    public void setScores(Known edges, Known nodes) {
        setScores(edges, edges == Known.MAYBE ? Known.MAYBE : Known.NO, nodes);
    }

    /** Takes note of scores. @param spans whether those of edges are of edges at spans */
    public void setScores(Known edges, Known spans, Known nodes) {
        unscored = Optional.empty();
        set(
                Need.SCORES,
                edges == Known.YES || nodes == Known.YES
                        ? Known.YES
                        : edges == Known.NO && nodes == Known.NO ? Known.NO : Known.MAYBE);
        set(Need.EDGE_SCORES, edges);
        set(Need.SPAN_SCORES, spans);
        set(Need.NODE_SCORES, nodes);
    }

    /** Takes note that there are no scores, since a method made a circuit instead. */
    public void setUnscored(String method) {
        setScores(Known.NO, Known.NO);
        unscored = Optional.of(method);
    }

    @Override
    public void require(Need need, String who, Span span) {
        if (met(need) != Known.NO) return;
        throw need.ofScores() && unscored.isPresent()
                ? need.notMade(who, unscored.get(), span)
                : need.missing(who, span);
    }

    @Override
    public Optional<ModelGraph> graph() {
        return graph;
    }

    public void setGraph(Optional<ModelGraph> graph) {
        this.graph = graph;
        set(Need.GRAPH, graph.isPresent() ? Known.YES : Known.MAYBE);
    }

    /** The names of circuits, sorted. A copy. */
    public Set<String> circuits() {
        return new TreeSet<>(circuits);
    }

    /** Whether there may be named circuits besides {@link #circuits}. */
    public boolean otherCircuits() {
        return otherCircuits;
    }

    public void addCircuit(String name) {
        circuits.add(name);
    }

    public void mayAddCircuits() {
        otherCircuits = true;
    }

    public void dropCircuits() {
        circuits.clear();
        otherCircuits = false;
    }

    /** Tasks, metrics and the data's columns. */
    public TaskFacts tasks() {
        return tasks;
    }

    void setTasks(TaskFacts known) {
        tasks = known;
    }

    @Override
    public ScriptFiles files() {
        return files;
    }

    @Override
    public Optional<List<String>> columns() {
        return tasks.columns();
    }

    @Override
    public Optional<Spans> spans() {
        return tasks.spans();
    }

    @Override
    public Optional<List<String>> spanNames() {
        return tasks.spanNames();
    }

    public CancelToken cancel() {
        return cancel;
    }

    public Settings settings() {
        return settings;
    }

    public void setSettings(Settings settings) {
        this.settings = settings;
    }

    /** Keeps only what holds on both of two paths that may have led here: this one, and {@code other}. */
    public void join(Facts other) {
        for (Need need : Need.values()) {
            if (met(need) != other.met(need)) set(need, Known.MAYBE);
        }
        if (!graph.equals(other.graph)) graph = Optional.empty();
        otherCircuits |= other.otherCircuits || !circuits.equals(other.circuits);
        circuits.retainAll(other.circuits);
        tasks.join(other.tasks);
        files.join(other.files);
    }

    /** Drops everything that statements unknown to the check may have changed. */
    public void invalidate() {
        for (Need need : Need.values()) set(need, Known.MAYBE);
        graph = Optional.empty();
        otherCircuits = true;
        tasks.invalidate();
        files.mayWriteOthers();
    }
}
