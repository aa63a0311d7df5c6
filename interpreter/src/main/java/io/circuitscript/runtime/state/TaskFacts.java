package io.circuitscript.runtime.state;

import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.runtime.metric.TaskSource;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.UserError;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What is known of tasks, metrics and the data's columns at a point of a script. */
public final class TaskFacts {
    private final Map<String, MetricSource> metrics = new LinkedHashMap<>();
    private final Map<String, TaskSource> tasks = new LinkedHashMap<>();
    private final Set<String> imported = new LinkedHashSet<>();
    private boolean others;
    private Optional<List<String>> columns = Optional.empty();
    private Optional<List<String>> spans = Optional.of(List.of());

    /** Gives the spans of the rows; null in the check of a script, which has none yet. */
    private Supplier<Spans> rowSpans;

    private String dataName = "the data";
    private Optional<MetricSource> chosen = Optional.empty();
    private boolean ofTask;

    /** Columns that cannot be read, with what is wrong. */
    private Map<String, UserError> unreadable = Map.of();

    TaskFacts copy() {
        TaskFacts copy = new TaskFacts();
        copy.metrics.putAll(metrics);
        copy.tasks.putAll(tasks);
        copy.imported.addAll(imported);
        copy.others = others;
        copy.columns = columns;
        copy.spans = spans;
        copy.rowSpans = rowSpans;
        copy.dataName = dataName;
        copy.chosen = chosen;
        copy.ofTask = ofTask;
        copy.unreadable = unreadable;
        return copy;
    }

    /** Notes that a file's definitions are there. @return whether they were not */
    public boolean noteImport(String key) {
        return imported.add(key);
    }

    /** The next text reads the files that it imports anew. */
    public void forgetImports() {
        imported.clear();
    }

    public void define(MetricSource metric) {
        metrics.put(metric.name(), metric);
    }

    public void define(TaskSource task) {
        tasks.put(task.name(), task);
    }

    /** Whether there may be tasks and metrics of which the check does not know. */
    public boolean others() {
        return others;
    }

    public void mayDefineOthers() {
        others = true;
    }

    /** The script's own of that name, else the standard library's. */
    public Optional<MetricSource> metric(String name) {
        return Optional.ofNullable(
                metrics.getOrDefault(name, StandardLibrary.get().metrics().get(name)));
    }

    public Optional<TaskSource> task(String name) {
        return Optional.ofNullable(
                tasks.getOrDefault(name, StandardLibrary.get().tasks().get(name)));
    }

    public Set<String> metricNames() {
        Set<String> names = new LinkedHashSet<>(metrics.keySet());
        names.addAll(StandardLibrary.get().metrics().keySet());
        return names;
    }

    public Set<String> taskNames() {
        Set<String> names = new LinkedHashSet<>(tasks.keySet());
        names.addAll(StandardLibrary.get().tasks().keySet());
        return names;
    }

    /** The columns of the data, where they are known. */
    public Optional<List<String>> columns() {
        return columns;
    }

    /** See {@link Facts#spanNames}. */
    Optional<List<String>> spanNames() {
        return spans;
    }

    /** See {@link Facts#spans}. */
    Optional<Spans> spans() {
        return Optional.ofNullable(rowSpans).map(Supplier::get);
    }

    /** Notes which spans data that were just taken may have. */
    public void setSpans(Optional<List<String>> names) {
        spans = names.map(List::copyOf);
        rowSpans = null;
    }

    /** Notes the spans of a circuit, where there are no rows. */
    void setRowSpans(Spans ofCircuit) {
        setSpans(Optional.of(ofCircuit.names()));
        rowSpans = () -> ofCircuit;
    }

    /** Notes where the spans of the rows come from. */
    void setRowSpans(Supplier<Spans> ofRows) {
        rowSpans = ofRows;
    }

    public String dataName() {
        return dataName;
    }

    /** @param found empty where they are not known before a run */
    public void setColumns(String name, Optional<List<String>> found) {
        dataName = name;
        columns = found.map(List::copyOf);
        setSpans(Optional.empty());
        unreadable = Map.of();
    }

    /** @param leftOut columns that cannot be read, with what is wrong */
    public void setColumns(String name, Optional<List<String>> found, Map<String, UserError> leftOut) {
        setColumns(name, found);
        unreadable = Map.copyOf(leftOut);
    }

    public Optional<MetricSource> chosen() {
        return chosen;
    }

    public void choose(Optional<MetricSource> metric) {
        chosen = metric;
        ofTask = false;
    }

    /** Notes that what is chosen came with a task. */
    public void setOfTask() {
        ofTask = true;
    }

    /** Whether the metric that came with a task is given up, since it reads columns that the data does not have: the columns then decide. */
    public boolean givesWay() {
        if (!ofTask || columns.isEmpty() || chosen.isEmpty()) return false;
        boolean fits = StandardMetrics.fitting(chosen.get(), columns.get(), Set.of())
                .missing(columns.get())
                .isEmpty();
        if (!fits) choose(Optional.empty());
        return !fits;
    }

    /** @throws Mistake where the metric that is chosen reads columns that the data has not */
    public void checkColumns(io.circuitscript.source.Span at) {
        if (columns.isEmpty() || chosen.isEmpty()) return;
        MetricSource source = StandardMetrics.fitting(chosen.get(), columns.get(), Set.of());
        Optional<UserError> wrong = source.missing(columns.get()).stream()
                .map(unreadable::get)
                .filter(Objects::nonNull)
                .findFirst();
        if (wrong.isPresent()) throw Mistake.at(at, wrong.get());
        source.checkColumns(columns.get(), dataName, at);
    }

    void join(TaskFacts other) {
        others |= other.others || !metrics.equals(other.metrics) || !tasks.equals(other.tasks);
        imported.retainAll(other.imported);
        metrics.keySet().retainAll(other.metrics.keySet());
        tasks.keySet().retainAll(other.tasks.keySet());
        if (!columns.equals(other.columns)) columns = Optional.empty();
        if (!spans.equals(other.spans) || rowSpans != other.rowSpans) setSpans(Optional.empty());
        if (!chosen.equals(other.chosen)) chosen = Optional.empty();
        ofTask &= other.ofTask;
    }

    void invalidate() {
        others = true;
        columns = Optional.empty();
        setSpans(Optional.empty());
        chosen = Optional.empty();
    }
}
