package io.circuitscript.runtime.state;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.Workers;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.RowChoice;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Everything that a session holds while it runs: model, data, circuit, scores. All mutable state of a run is here. */
public final class State implements AutoCloseable {

    /**
     * A loaded model.
     *
     * @param quantization what its file keeps most weights in, where it is a GGUF file
     * @param folder with its files, or its one file
     * @param adapter the folder of what is merged into its weights
     */
    public record Model(
            String name,
            ModelConfig config,
            Optional<String> quantization,
            Transformer transformer,
            Tokenizer tokenizer,
            Path folder,
            Optional<Path> adapter) {}

    /** A note that was given, at a place or for the whole run. */
    private record Said(Optional<Span> place, String message) {}

    /** How many notes are remembered. A loop that runs all night must not fill the memory. */
    private static final int MOST_NOTED = 1_000;

    private final Output output;
    private final CancelToken cancel;
    private final CheckpointStore saving;
    private Optional<Model> model = Optional.empty();
    private Optional<ScoredCircuit> current = Optional.empty();
    private OptionalInt openedWidth = OptionalInt.empty();
    private final Map<String, ScoredCircuit> named = new LinkedHashMap<>();
    private final Experiment experiment = new Experiment(this);
    private final TaskFacts defined = new TaskFacts();
    private Optional<RowChoice> taking = Optional.empty();
    private boolean metricAhead;
    private Optional<MetricSource> nextMetric = Optional.empty();
    private final PlotSources plotSources = new PlotSources();
    private final Transcript transcript = new Transcript();
    private final Set<Said> said = new HashSet<>();
    private Settings settings = Settings.DEFAULT;
    private final long begun = System.nanoTime();
    private long draws;
    private int share = 1;
    private Optional<Workers> workers = Optional.empty();
    private ScriptFiles files;
    private final List<RunDependencies.Model> usedModels = new ArrayList<>();
    private final List<RunDependencies.DataSet> usedDataSets = new ArrayList<>();

    public State(ScriptFiles files, Output output, CancelToken cancel, CheckpointStore saving) {
        this.files = files;
        this.output = output;
        this.cancel = cancel;
        this.saving = saving;
    }

    private static Facts.Known known(Optional<?> scores) {
        return scores.isPresent() ? Facts.Known.YES : Facts.Known.NO;
    }

    /** The facts that hold now, for the check. A copy. */
    public Facts facts() {
        Facts facts = new Facts(files.copy(), settings, cancel);
        if (model.isPresent()) facts.set(Need.MODEL, Facts.Known.YES);
        current.ifPresent(it -> facts.setGraph(Optional.of(it.circuit().graph().withoutSpans())));
        facts.setScores(
                known(current.flatMap(ScoredCircuit::scores)),
                known(current.flatMap(ScoredCircuit::scores)
                        .filter(it -> it.graph().hasSpans())),
                known(current.flatMap(ScoredCircuit::nodeScores)));
        current.filter(it -> it.scores().isEmpty() && it.nodeScores().isEmpty())
                .flatMap(it -> it.origin().method())
                .ifPresent(facts::setUnscored);
        facts.setTasks(defined.copy());
        experiment.tell(facts);
        circuitSpans().ifPresent(facts.tasks()::setRowSpans);
        if (plotSources.any()) facts.set(Need.DRAWING, Facts.Known.YES);
        named.keySet().forEach(facts::addCircuit);
        return facts;
    }

    public void say(String message) {
        output.say(message);
    }

    /** Shows a note on a position of the script, once: a loop does not repeat it. */
    public void sayOnce(Span place, String message) {
        sayOnce(Optional.of(place), message);
    }

    /** Shows a note on the data or the model, once. */
    public void sayOnce(String message) {
        sayOnce(Optional.empty(), message);
    }

    private void sayOnce(Optional<Span> place, String message) {
        if (said.size() == MOST_NOTED) said.clear();
        if (said.add(new Said(place, message))) say(message);
    }

    public RunOptions runOptions() {
        return new RunOptions(
                output.progress(), cancel, settings.batch(), settings.memory(), output::say, saving, share, workers);
    }

    /** Has folds run on other processes. */
    public void setWorkers(Workers given) {
        workers = Optional.of(given);
    }

    public Settings settings() {
        return settings;
    }

    /** Gives the run its share of the machine; {@code set} may give it more. */
    public void setShare(MachineShare given) {
        settings = settings.withThreads(given.threads()).withMemory(given.memory());
        share = given.runs();
    }

    public void setSettings(Settings settings) {
        this.settings = settings;
    }

    public ScriptFiles files() {
        return files;
    }

    public void setFiles(ScriptFiles files) {
        this.files = files;
    }

    public Model model() {
        return model.orElseThrow(() -> new IllegalStateException("no model, and the check let it pass"));
    }

    public Optional<Model> loadedModel() {
        return model;
    }

    /** Takes a model. The circuit becomes the full one, and of what another model gave only the data stay, tokenized anew. */
    public void setModel(Model loaded) {
        dropModel();
        model = Optional.of(loaded);
        setCurrent(new ScoredCircuit(Circuit.full(loaded.config().graph()), Optional.empty(), ""));
    }

    /** Notes which files a model is from, for a record of the run. */
    public void noteUsed(RunDependencies.Model from) {
        if (!usedModels.contains(from)) usedModels.add(from);
    }

    /** Notes that a data set of the hub was read. */
    public void noteUsed(RunDependencies.DataSet from) {
        if (!usedDataSets.contains(from)) usedDataSets.add(from);
    }

    /** What the results so far depend on. A copy. */
    public RunDependencies used() {
        return new RunDependencies(files.read(), files.targets(), usedModels, usedDataSets, settings);
    }

    /** Gives the model's memory back, before another takes its own. Only the data stay of what it gave. */
    public void dropModel() {
        closeModel();
        named.clear();
        current = Optional.empty();
        experiment.forgetModel();
    }

    private void closeModel() {
        experiment.closeBatches();
        model.ifPresent(it -> {
            it.tokenizer().close();
            it.transformer().close();
        });
        model = Optional.empty();
    }

    /** The graph of the model, without spans. */
    public ModelGraph graph() {
        return current().circuit().graph().withoutSpans();
    }

    /** Moves the circuits whose spans have the names of these to them. */
    public void takeSpans(Spans spans) {
        if (spans.isNone()) return;
        current = current.map(it -> it.on(spans));
        named.replaceAll((name, it) -> it.on(spans));
    }

    /** The spans of the current circuit, where no data say which there are. */
    private Optional<Spans> circuitSpans() {
        return experiment.dataName().isPresent()
                ? Optional.empty()
                : current.map(it -> it.atScoredSpans().graph().spans()).filter(it -> !it.isNone());
    }

    /** Whether some circuit, or its scores, has spans. */
    public boolean hasSpans() {
        return Stream.concat(current.stream(), named.values().stream())
                .anyMatch(it -> it.atScoredSpans().graph().hasSpans());
    }

    /** The current circuit. */
    public ScoredCircuit current() {
        return current.orElseThrow(() -> new IllegalStateException("no circuit, and the check let it pass"));
    }

    /** The current circuit, where there is one. */
    public Optional<ScoredCircuit> currentCircuit() {
        return current;
    }

    public void setCurrent(ScoredCircuit circuit) {
        current = Optional.of(circuit);
        if (circuit.atScoredSpans().graph().hasSpans())
            spansOfRows().ifPresent(spans -> current = Optional.of(circuit.on(spans)));
    }

    /** Empty where there are no rows, or they cannot be read: what runs on them says why. */
    private Optional<Spans> spansOfRows() {
        if (model.isEmpty() || experiment.dataName().isEmpty()) return Optional.empty();
        try {
            return Optional.of(experiment.spans()).filter(it -> !it.isNone());
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    /** Changes the current circuit and leaves its scores. */
    public void setCircuit(Circuit circuit) {
        setChosen(circuit, current().level(), Optional.empty());
    }

    /** Takes what is left of the current circuit, which is still the one that was asked for. */
    public void setPruned(Circuit circuit) {
        setCurrent(current().with(circuit));
    }

    /**
     * Takes a circuit that was chosen by the current scores.
     *
     * @param by whether edges, nodes or neurons were chosen
     * @param size how many were asked for
     */
    public void setChosen(Circuit circuit, Level by, Optional<Value.Number> size) {
        setCurrent(current().chosen(circuit, by, size));
    }

    /**
     * Model, data, metric and the like, where there are any.
     *
     * @param with what the statement's own ablated edges carry @param on the rows that it is of
     */
    public Value.Fields context(Optional<String> with, Optional<String> on) {
        SequencedMap<String, Value> context = new LinkedHashMap<>();
        model.ifPresent(it -> context.put("model", new Value.Text(it.name())));
        experiment.dataName().ifPresent(it -> context.put("data", new Value.Text(it)));
        experiment.metricName().ifPresent(it -> context.put("metric", new Value.Text(it)));
        on.ifPresent(it -> context.put("on", new Value.Text(it)));
        Optional<ScoredCircuit.Origin> origin = current.map(ScoredCircuit::origin);
        origin.flatMap(ScoredCircuit.Origin::method).ifPresent(it -> context.put("method", new Value.Text(it)));
        with.or(() -> origin.flatMap(ScoredCircuit.Origin::with))
                .ifPresent(it -> context.put("with", new Value.Text(it)));
        boolean scored = current.map(
                        it -> it.scores().isPresent() || it.nodeScores().isPresent())
                .orElse(false);
        if (scored) {
            context.put("level", new Value.Text(current.get().level().word()));
            origin.flatMap(ScoredCircuit.Origin::size).ifPresent(it -> context.put("size", it));
        }
        return Value.Fields.record(context);
    }

    /** How many seconds ago the run, or the session, began. */
    public double secondsRun() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** What draws the next random numbers: one after the other, as the seed says. */
    public RandomGenerator nextDraw() {
        return draw(draws++);
    }

    /** What draws where a statement gives the same however often it runs: the first numbers of the seed. */
    public RandomGenerator firstDraw() {
        return draw(0);
    }

    private RandomGenerator draw(long number) {
        // Neighbouring seeds must not give one sequence, shifted: a generator's own numbers keep them apart.
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + number);
    }

    /** Begins the draws anew, with another seed. */
    public void setSeed(long seed) {
        settings = settings.withSeed(seed);
        draws = 0;
    }

    public Scores scores() {
        return current().scores().orElseThrow(() -> otherLevel("edges", "edge"));
    }

    /** Scores of nodes, and of neurons where those are wanted. */
    public NodeScores nodeScores(boolean neurons) {
        return current()
                .nodeScores()
                .filter(it -> !neurons || it.hasNeurons())
                .orElseThrow(() -> neurons ? otherLevel("neurons", "neuron") : otherLevel("nodes", "node"));
    }

    private UserError otherLevel(String what, String level) {
        return otherLevel(what, level, current().scores().isPresent());
    }

    /** Scores of edges at spans. */
    public Scores spanScores() {
        return current()
                .scores()
                .filter(it -> it.graph().hasSpans())
                .orElseThrow(() -> otherLevel(Level.POSITION.plural(), Level.POSITION.word()));
    }

    /** @param what is wanted @param edges whether those have scores, and not nodes */
    public static UserError otherLevel(String what, String level, boolean edges) {
        return UserError.input(
                ErrorCode.OTHER_LEVEL,
                "there are no scores of " + what + ", only of " + (edges ? "edges" : "nodes"),
                "score " + what + ": attribute level=" + level
                        + "; or choose what was scored, if the statement takes it: level="
                        + (edges ? "edge" : "node"));
    }

    /** The data, the metric, and what was found with them. */
    public Experiment experiment() {
        return experiment;
    }

    public Map<String, ScoredCircuit> named() {
        return named;
    }

    /** The width of the residual stream, for files: the model's, or the one that an opened file named. */
    public OptionalInt width() {
        return model.isPresent() ? OptionalInt.of(model.get().config().dModel()) : openedWidth;
    }

    public void setOpenedWidth(OptionalInt width) {
        openedWidth = width;
    }

    /** The rows asked of the task that is running now; empty where none is. */
    public Optional<RowChoice> taking() {
        return taking;
    }

    public void setTaking(Optional<RowChoice> rows) {
        taking = rows;
    }

    /** Whether the script chooses a metric further on. Then there is no note on data whose columns imply none. */
    public boolean metricAhead() {
        return metricAhead;
    }

    public void setMetricAhead(boolean ahead) {
        metricAhead = ahead;
    }

    /** The metric that the script chooses right after the data that it takes now; empty where it chooses none there, or that is not known yet. */
    public Optional<MetricSource> nextMetric() {
        return nextMetric;
    }

    public void setNextMetric(Optional<MetricSource> next) {
        nextMetric = next;
    }

    /** The tasks and metrics that the script has defined. */
    public TaskFacts defined() {
        return defined;
    }

    /** What {@code plot} can draw. */
    public PlotSources plotSources() {
        return plotSources;
    }

    /** The results so far. */
    public Transcript transcript() {
        return transcript;
    }

    @Override
    public void close() {
        closeModel();
    }
}
