package io.circuitscript.runtime;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.BatchStore;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Saving;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Tokenizer;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.task.LabelTokens;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.WeakHashMap;

/** What a session holds while it runs: the model, the data, the circuit with its scores. The only thing here that changes. */
public final class State implements AutoCloseable {

    /** A model on its device. @param folder where its files are */
    public record Model(String name, ModelConfig config, Transformer transformer, Tokenizer tokenizer, Path folder) {}

    /**
     * A circuit with the scores it was chosen by.
     *
     * @param scores of edges
     * @param nodeScores of nodes or neurons
     * @param method how the scores were made, for a picture's title; empty where nobody knows
     */
    public record Scored(Circuit circuit, Optional<Scores> scores, Optional<NodeScores> nodeScores, String method) {
        public Scored(Circuit circuit, Optional<Scores> scores, String method) {
            this(circuit, scores, Optional.empty(), method);
        }

        public Scored with(Circuit other) {
            return new Scored(other, scores, nodeScores, method);
        }
    }

    /** How gradient scores were made. */
    public record Scoring(Analyses.Method method, Ablation ablation, Part part) {}

    /** What is known of the model on one part of the data, as far as it was asked for. */
    private static final class Measured {
        private final Pairs pairs;
        private Optional<Metric> metric = Optional.empty();
        private Optional<Analyses.Baseline> baseline = Optional.empty();
        private final Map<Ablation, double[]> empty = new HashMap<>();

        private Measured(Pairs pairs) {
            this.pairs = pairs;
        }
    }

    /** A note that was given at a place. */
    private record Said(Span place, String message) {}

    /** What means are over: a file, or the rows for training. */
    private record Averaged(boolean positional, Optional<Path> file) {}

    /** Means need no corrupted texts. */
    private static final PairsReader.Options CLEAN_ONLY = new PairsReader.Options(Map.of("corrupted", "clean"), Integer.MAX_VALUE);

    private final Output output;
    private final CancelToken cancel;
    private final Saving saving;
    private Optional<Model> model = Optional.empty();
    private Optional<Scored> current = Optional.empty();
    private OptionalInt openedWidth = OptionalInt.empty();
    private final Map<String, Scored> named = new LinkedHashMap<>();
    private Optional<DataRequest> request = Optional.empty();
    private Optional<Split> split = Optional.empty();
    private Optional<Pairs> pairs = Optional.empty();
    private Optional<MetricSource> chosenMetric = Optional.empty();
    private final TaskFacts defined = new TaskFacts();
    private boolean takingTask;
    private final BatchStore batches = new BatchStore();
    private Part batchesOf = Part.TRAIN;
    private final Map<Part, Measured> measured = new EnumMap<>(Part.class);
    private final Map<Averaged, Ablation> means = new HashMap<>();
    private Optional<Pairs> doubted = Optional.empty();
    private final Drawings drawings = new Drawings();
    private final Transcript transcript = new Transcript();
    private final Map<Circuit, Double> faithfulness = new HashMap<>();
    private final Map<Scores, Scoring> scorings = new WeakHashMap<>();
    private final Set<Said> said = new HashSet<>();
    private Settings settings = Settings.DEFAULT;
    private ScriptFiles files;
    private final List<Used.Model> usedModels = new ArrayList<>();

    State(ScriptFiles files, Output output, CancelToken cancel, Saving saving) {
        this.files = files;
        this.output = output;
        this.cancel = cancel;
        this.saving = saving;
    }

    /** What holds now, as the check needs to know it. A copy. */
    Facts facts() {
        Facts facts = new Facts(files.copy(), settings);
        if (model.isPresent()) facts.set(Need.MODEL, Facts.Known.YES);
        current.ifPresent(it -> facts.setGraph(Optional.of(it.circuit().graph())));
        if (current.flatMap(Scored::scores).isPresent() || current.flatMap(Scored::nodeScores).isPresent()) facts.set(Need.SCORES, Facts.Known.YES);
        if (request.isPresent()) {
            facts.set(Need.DATA, Facts.Known.YES);
            facts.set(Need.METRIC, Facts.Known.MAYBE);
        }
        if (chosenMetric.isPresent()) facts.set(Need.METRIC, Facts.Known.YES);
        facts.setTasks(defined.copy());
        facts.tasks().choose(chosenMetric);
        request.ifPresent(it -> facts.tasks().setColumns(it.name(), pairs.map(Pairs::columns)));
        if (isSplit()) facts.set(Need.TEST_PART, Facts.Known.YES);
        if (drawings.any()) facts.set(Need.DRAWING, Facts.Known.YES);
        named.keySet().forEach(facts::addCircuit);
        return facts;
    }

    public void say(String message) {
        output.say(message);
    }

    /** Says something of a place of the script, where it has not been said: a loop repeats no note. */
    public void sayOnce(Span place, String message) {
        if (said.add(new Said(place, message))) say(message);
    }

    public RunOptions runOptions() {
        return new RunOptions(output.progress(), cancel, settings.batch(), settings.memory(), output::say, saving);
    }

    public Settings settings() {
        return settings;
    }

    public void setSettings(Settings settings) {
        this.settings = settings;
    }

    public ScriptFiles files() {
        return files;
    }

    void setFiles(ScriptFiles files) {
        this.files = files;
    }

    public Model model() {
        return model.orElseThrow(() -> new IllegalStateException("no model, and the check let it pass"));
    }

    public Optional<Model> loadedModel() {
        return model;
    }

    /** Takes a model: its circuit is full, and nothing of another model's stays but the data, which it reads anew. */
    public void setModel(Model loaded) {
        closeModel();
        model = Optional.of(loaded);
        pairs = Optional.empty();
        named.clear();
        forgetRuns();
        setCurrent(new Scored(Circuit.full(loaded.config().graph()), Optional.empty(), ""));
    }

    /** Notes which files a model is from, for a record of the run. */
    public void noteUsed(Used.Model from) {
        if (!usedModels.contains(from)) usedModels.add(from);
    }

    /** What the results so far follow from. A copy. */
    Used used() {
        return new Used(files.read(), files.targets(), usedModels, settings);
    }

    /** Gives the model's memory back, before another takes its own. */
    public void closeModel() {
        batches.close();
        model.ifPresent(it -> {
            it.tokenizer().close();
            it.transformer().close();
        });
        model = Optional.empty();
    }

    public ModelGraph graph() {
        return current().circuit().graph();
    }

    /** The current circuit. */
    public Scored current() {
        return current.orElseThrow(() -> new IllegalStateException("no circuit, and the check let it pass"));
    }

    public void setCurrent(Scored circuit) {
        current = Optional.of(circuit);
    }

    /** Changes the current circuit and leaves its scores. */
    public void setCircuit(Circuit circuit) {
        setCurrent(current().with(circuit));
    }

    public Scores scores() {
        return current().scores().orElseThrow(() -> otherLevel("edges", "level=edge"));
    }

    /** Scores of nodes, and of neurons where those are wanted. */
    public NodeScores nodeScores(boolean neurons) {
        String level = neurons ? "level=neuron" : "level=node";
        return current().nodeScores().filter(it -> !neurons || it.hasNeurons()).orElseThrow(() -> otherLevel(neurons ? "neurons" : "nodes", level));
    }

    private static UserError otherLevel(String what, String option) {
        return UserError.input("other-level", "there are no scores of " + what + " here, but of another level", "score them first: attribute " + option);
    }

    /** Notes how scores were made, which holds while model, data and metric stay. */
    public void noteScoring(Scores scores, Scoring scoring) {
        scorings.put(scores, scoring);
    }

    /** How the current scores were made; empty where not by gradients, or of another model, data or metric than now. */
    public Optional<Scoring> scoring() {
        return Optional.ofNullable(scorings.get(scores()));
    }

    public Map<String, Scored> named() {
        return named;
    }

    /** The width of the residual stream, for files: the model's, or the one that an opened file named. */
    public OptionalInt width() {
        return model.isPresent() ? OptionalInt.of(model.get().config().dModel()) : openedWidth;
    }

    public void setOpenedWidth(OptionalInt width) {
        openedWidth = width;
    }

    /** Takes data; where it cannot be read, what was there stays. */
    public void setData(DataRequest wanted, Optional<Split> parts) {
        Pairs all = read(wanted);
        parts.ifPresent(it -> it.check(all));
        pairs = Optional.of(all);
        request = Optional.of(wanted);
        split = parts;
        forgetRuns();
    }

    /** The data's name, as the script wrote it. */
    public Optional<String> dataName() {
        return request.map(DataRequest::name);
    }

    /** All pairs, as the current model's tokens. */
    private Pairs allPairs() {
        if (pairs.isEmpty()) {
            DataRequest wanted = request.orElseThrow(() -> new IllegalStateException("no data, and the check let it pass"));
            pairs = Optional.of(read(wanted));
        }
        return pairs.get();
    }

    /** Whether the data has a part that is kept for testing. */
    public boolean isSplit() {
        return split.isPresent();
    }

    /** Which part is meant where one is named: all of the data where it has no parts. */
    private Part known(Part part) {
        return isSplit() ? part : Part.ALL;
    }

    private Measured measured(Part part) {
        return measured.computeIfAbsent(known(part), it -> new Measured(split.map(parts -> parts.part(allPairs(), it)).orElseGet(this::allPairs)));
    }

    /** The pairs for training. */
    public Pairs pairs() {
        return pairs(Part.TRAIN);
    }

    public Pairs pairs(Part part) {
        return measured(part).pairs;
    }

    private Pairs read(DataRequest wanted) {
        return wanted.read(model().tokenizer(), model().config().positions(), this::say, cancel);
    }

    /** The metric that the script named, or else the one that the columns imply. */
    public Metric metric() {
        return metric(Part.TRAIN);
    }

    private Metric metric(Part part) {
        Measured runs = measured(part);
        if (runs.metric.isEmpty()) {
            boolean first = measured.values().stream().allMatch(it -> it.metric.isEmpty());
            Optional<StandardMetrics.Inferred> inferred = chosenMetric.isPresent() ? Optional.empty() : Optional.of(StandardMetrics.infer(runs.pairs));
            MetricBinder.Bound bound = bound(inferred.map(StandardMetrics.Inferred::source).or(() -> chosenMetric).orElseThrow(), runs.pairs);
            runs.metric = Optional.of(bound.metric());
            if (first) inferred.ifPresent(it -> say("the metric is " + it.source().name() + ", since " + it.reason()));
            doubt(bound);
        }
        return runs.metric.get();
    }

    private MetricBinder.Bound bound(MetricSource source, Pairs of) {
        return MetricBinder.bind(StandardMetrics.fitting(source, of.columns()), of, model().tokenizer());
    }

    private void doubt(MetricBinder.Bound bound) {
        if (doubted.filter(it -> it == allPairs()).isPresent()) return;
        doubted = Optional.of(allPairs());
        LabelTokens.doubts(bound.tokenColumns(), allPairs(), model().tokenizer()).forEach(this::say);
    }

    /** Takes a metric; it stays the metric when other data comes. Where there is data already, it must fit. */
    public void chooseMetric(MetricSource wanted) {
        Optional<MetricBinder.Bound> bound = model.isPresent() && request.isPresent() ? Optional.of(bound(wanted, pairs())) : Optional.empty();
        chosenMetric = Optional.of(wanted);
        forgetRuns();
        bound.ifPresent(it -> {
            measured(Part.TRAIN).metric = Optional.of(it.metric());
            doubt(it);
        });
    }

    /** The chosen metric by the names that the data has for its columns. */
    public MetricSource chosenMetric() {
        MetricSource chosen = chosenMetric.orElseThrow(() -> new IllegalStateException("no metric was chosen"));
        return pairs.map(it -> StandardMetrics.fitting(chosen, it.columns())).orElse(chosen);
    }

    /** Lets the data's columns decide again. */
    void forgetChoice() {
        chosenMetric = Optional.empty();
        forgetRuns();
    }

    /** Whether a task's statements run: its metric may stand after its data. */
    public boolean takingTask() {
        return takingTask;
    }

    void setTakingTask(boolean taking) {
        takingTask = taking;
    }

    /** The tasks and metrics that the script has defined. */
    public TaskFacts defined() {
        return defined;
    }

    /** The analyses over the pairs for training. */
    public Analyses analyses() {
        return analyses(Part.TRAIN);
    }

    public Analyses analyses(Part part) {
        Part which = known(part);
        if (which != batchesOf) batches.close(); // a batch is of one part's rows
        batchesOf = which;
        return new Analyses(model().transformer(), pairs(which), metric(which), batches);
    }

    /** The metric on clean and on corrupted inputs, computed once for a model, its data and its metric. */
    public Analyses.Baseline baseline(Part part) {
        Measured runs = measured(part);
        if (runs.baseline.isEmpty()) runs.baseline = Optional.of(analyses(part).baseline(runOptions()));
        return runs.baseline.get();
    }

    /** The metric of each example with every edge ablated. */
    public double[] corrupted(Ablation ablation, Part part) {
        Measured runs = measured(part);
        double[] known = runs.empty.get(ablation);
        if (known != null) return known;
        double[] values = ablation == Ablation.PATCHING
                ? baseline(part).corrupted()
                : analyses(part).evaluate(Circuit.empty(graph()), ablation, runOptions());
        runs.empty.put(ablation, values);
        return values;
    }

    /**
     * What an ablated edge carries where it is a mean: over the clean texts for training, or over those of a file.
     *
     * @param positional whether each position has its own
     */
    public Ablation mean(boolean positional, Optional<String> over) {
        Optional<Path> file = over.map(files::toRead);
        return means.computeIfAbsent(new Averaged(positional, file), it -> {
            Pairs rows = file.isPresent()
                    ? PairsReader.read(over.get(), file.get(), CLEAN_ONLY, model().tokenizer(), model().config().positions(), cancel)
                    : pairs(Part.TRAIN);
            return Analyses.mean(model().transformer(), rows, positional, runOptions());
        });
    }

    /** What {@code plot} can draw. */
    public Drawings drawings() {
        return drawings;
    }

    /** What the statements so far gave. */
    public Transcript transcript() {
        return transcript;
    }

    /** Notes how faithful the current circuit is, for its picture. */
    public void noteFaithfulness(double value) {
        faithfulness.put(current().circuit(), value);
    }

    /** How faithful the current circuit was found to be when it was last evaluated, be it before others were. */
    public OptionalDouble faithfulness() {
        Double value = faithfulness.get(current().circuit());
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private void forgetRuns() {
        batches.close();
        measured.clear();
        scorings.clear();
        means.clear();
        faithfulness.clear();
    }

    @Override
    public void close() {
        closeModel();
    }
}
