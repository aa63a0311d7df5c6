package io.circuitscript.runtime.state;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.BatchStore;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.ColumnValues;
import io.circuitscript.runtime.metric.DataRequest;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.metric.KeptRows;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.SplitRule;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.runtime.metric.UsableAnswers;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.DataFiles;
import io.circuitscript.task.LabelTokens;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.RowFaults;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The data, the metric, and what they gave on the model so far. Results are dropped as soon as one of the three
 * changes.
 */
public final class Experiment {
    /** How gradient scores were made. */
    public record Scoring(Analyses.Method method, Ablation ablation, DataSplit part) {}

    /** A faithfulness, and the word for what ablated edges carried. */
    public record Noted(double value, String with) {}

    /** Results of the model on one part of the data, as far as they were needed. */
    private static final class Measured {
        private Pairs pairs;
        private Optional<Metric> metric = Optional.empty();
        private Optional<Analyses.Baseline> baseline = Optional.empty();
        private final Map<Ablation, double[]> empty = new HashMap<>();

        private Measured(Pairs pairs) {
            this.pairs = pairs;
        }
    }

    /** What a circuit did on each row when it was last evaluated there, by the row's number. */
    private record Evaluated(Circuit circuit, Ablation ablation, Map<Integer, Double> rows) {}

    /** The rows that means are taken over: those of a file, or the rows for training. */
    private record Averaged(boolean positional, Optional<Path> file) {}

    /** Means need no corrupted texts. */
    private static final PairsReader.Options CLEAN_ONLY =
            new PairsReader.Options(Map.of("corrupted", "clean"), Integer.MAX_VALUE);

    /** For how many circuits the faithfulness is remembered. A loop that runs all night must not fill the memory. */
    private static final int MOST_NOTED = 1_000;

    private final State state;
    private Optional<DataRequest> request = Optional.empty();
    private Optional<String> task = Optional.empty();
    private Optional<SplitRule> split = Optional.empty();
    private Optional<KeptRows> kept = Optional.empty();
    private Optional<List<String>> columns = Optional.empty();
    private Optional<Pairs> pairs = Optional.empty();
    private final DataSpans spans = new DataSpans();
    private Optional<MetricSource> chosenMetric = Optional.empty();
    private boolean metricOfTask;

    /** Whether a note has said which metric the columns imply, and rows were left out since. */
    private boolean toldOfMetric;

    private final BatchStore batches = new BatchStore();
    private DataSplit batchesOf = DataSplit.TRAIN;
    private final Map<DataSplit, Measured> measured = new EnumMap<>(DataSplit.class);
    private final Map<Averaged, Ablation> means = new HashMap<>();
    private Optional<Pairs> doubted = Optional.empty();
    private final Set<String> noted = new HashSet<>();
    private final Map<Circuit, Noted> faithfulness = new LinkedHashMap<>();
    private Optional<Evaluated> evaluated = Optional.empty();
    private final Map<Scores, Scoring> scorings = new WeakHashMap<>();
    private final OptimalAblations optimal;

    Experiment(State state) {
        this.state = state;
        this.optimal = new OptimalAblations(state);
    }

    /** What the check must know of it. */
    void tell(Facts facts) {
        if (request.isPresent()) {
            facts.set(Need.DATA, Facts.Known.YES);
            facts.set(Need.METRIC, Facts.Known.MAYBE);
        }
        if (chosenMetric.isPresent()) facts.set(Need.METRIC, Facts.Known.YES);
        facts.tasks().choose(chosenMetric);
        if (metricOfTask) facts.tasks().setOfTask();
        request.ifPresent(it -> {
            facts.tasks().setColumns(it.name(), columns);
            facts.tasks().setSpans(spans.known().map(Spans::names).or(it::spanNames));
            facts.tasks().setRowSpans(this::spans);
        });
        if (isSplit()) facts.set(Need.TEST_PART, Facts.Known.YES);
    }

    /** Takes another model. The data are tokenized anew for it. */
    void forgetModel() {
        optimal.forgetAll();
        pairs = Optional.empty();
        forgetRuns();
    }

    /** Frees the memory on the model's device. */
    void closeBatches() {
        batches.close();
    }

    /** Remembers how scores were computed, until model, data or metric change. */
    public void noteScoring(Scores scores, Scoring scoring) {
        scorings.put(scores, scoring);
    }

    /** How the current scores were computed; empty where not by gradients, or with another model, data or metric. */
    public Optional<Scoring> scoring() {
        return Optional.ofNullable(scorings.get(state.scores()));
    }

    /**
     * Takes data, and does what follows from it. Where the data cannot be read, or what follows fails, what was there stays.
     *
     * <p>A metric that came with a task and reads columns that this data does not have is given up: the columns then decide.
     */
    public <T> T withData(DataRequest wanted, Optional<SplitRule> parts, Supplier<T> then) {
        Pairs all = read(wanted);
        parts.ifPresent(it -> it.check(all));
        Optional<DataRequest> requestBefore = request;
        Optional<String> taskBefore = task;
        Optional<SplitRule> splitBefore = split;
        Optional<KeptRows> keptBefore = kept;
        Optional<List<String>> columnsBefore = columns;
        Optional<Pairs> pairsBefore = pairs;
        Optional<MetricSource> metricBefore = chosenMetric;
        boolean ofTaskBefore = metricOfTask;
        try {
            setData(wanted, all, parts);
            return then.get();
        } catch (RuntimeException failed) {
            request = requestBefore;
            task = taskBefore;
            split = splitBefore;
            kept = keptBefore;
            columns = columnsBefore;
            pairs = pairsBefore;
            chosenMetric = metricBefore;
            metricOfTask = ofTaskBefore;
            forgetRuns();
            throw failed;
        }
    }

    private void setData(DataRequest wanted, Pairs all, Optional<SplitRule> parts) {
        pairs = Optional.of(all);
        request = Optional.of(wanted);
        task = Optional.empty();
        split = parts;
        kept = Optional.empty();
        columns = Optional.of(all.columns());
        spans.forget();
        forgetRuns();
        List<String> missing = metricOfTask ? chosenMetric().missing(all.columns()) : List.of();
        if (missing.isEmpty()) return;
        state.say("the task's metric " + chosenMetric().name() + " reads a column " + missing.getFirst() + ", which "
                + all.name() + " does not have: the metric follows from its columns instead");
        forgetChoice();
    }

    /**
     * Keeps some of the rows. Each stays in its part of the data.
     *
     * @throws UserError where a part would have no row; what was there then stays
     */
    public void keep(List<Pair> wanted) {
        KeptRows rows = new KeptRows(wanted);
        for (DataSplit part : isSplit() ? List.of(DataSplit.TRAIN, DataSplit.TEST) : List.of(DataSplit.ALL)) {
            if (rows.of(pairs(part)).size() == 0) throw noneLeft(part);
        }
        Map<DataSplit, Measured> before = new EnumMap<>(measured);
        ColumnValues columnsBefore = ColumnValues.of(pairs(DataSplit.ALL));
        Optional<Evaluated> evaluatedBefore = evaluated;
        boolean told = measured.values().stream().anyMatch(it -> it.metric.isPresent());
        kept = Optional.of(rows);
        forgetRuns();
        toldOfMetric = told;
        // Where a column has become one of numbers, the metric may read it otherwise.
        if (!ColumnValues.of(pairs(DataSplit.ALL)).agrees(columnsBefore)) return;
        before.forEach(this::carryOver);
        evaluated = evaluatedBefore;
        Set<Integer> left = wanted.stream().map(Pair::row).collect(Collectors.toSet());
        evaluated.ifPresent(it -> it.rows().keySet().retainAll(left));
    }

    private static UserError noneLeft(DataSplit part) {
        String which =
                part == DataSplit.ALL ? "no row" : "no row for " + (part == DataSplit.TRAIN ? "training" : "testing");
        return UserError.input(
                ErrorCode.NO_ROWS_LEFT,
                "the condition holds for " + which + ": nothing would be left"
                        + (part == DataSplit.ALL ? "" : " there"),
                "loosen it; `rows by=metric` shows the rows with the largest first, and with reverse=true the smallest");
    }

    /** The plain runs of the rows that are left are known. */
    private void carryOver(DataSplit part, Measured before) {
        if (before.baseline.isEmpty()) return;
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < before.pairs.size(); i++)
            places.put(before.pairs.pairs().get(i).row(), i);
        Measured now = measured(part);
        int[] left =
                now.pairs.pairs().stream().mapToInt(it -> places.get(it.row())).toArray();
        Analyses.Baseline known = before.baseline.get();
        now.baseline = Optional.of(new Analyses.Baseline(
                IntStream.of(left).mapToDouble(i -> known.clean()[i]).toArray(),
                IntStream.of(left).mapToDouble(i -> known.corrupted()[i]).toArray()));
    }

    /** Notes that the data is a task's. */
    public void setTask(String name) {
        task = Optional.of(name);
        metricOfTask = chosenMetric.isPresent();
    }

    /** The name of the data: their task, or their file without its folder; empty where there are none. */
    public Optional<String> dataName() {
        if (task.isPresent()) return task;
        return request.map(it -> String.valueOf(Path.of(it.name()).getFileName()));
    }

    /** The parts of the data with their numbers of rows; empty where there is no data, or none was tokenized for this model yet. */
    public Map<DataSplit, Integer> rows() {
        Map<DataSplit, Integer> rows = new EnumMap<>(DataSplit.class);
        pairs.ifPresent(all -> {
            int left = left(all).size();
            rows.put(DataSplit.ALL, left);
            split.ifPresent(rule -> {
                int train = left(rule.rows(all, DataSplit.TRAIN)).size();
                rows.put(DataSplit.TRAIN, train);
                rows.put(DataSplit.TEST, left - train);
            });
        });
        return rows;
    }

    /** The name of the metric, be it chosen or implied by the columns; empty where it is neither, or the columns are not known yet. */
    public Optional<String> metricName() {
        if (chosenMetric.isPresent()) return chosenMetric.map(MetricSource::name);
        Optional<String> used = measured.values().stream()
                .flatMap(it -> it.metric.stream())
                .map(Metric::name)
                .findFirst();
        if (used.isPresent()) return used;
        try {
            return pairs.map(all -> StandardMetrics.infer(all).source().name());
        } catch (UserError impliesNone) {
            return Optional.empty();
        }
    }

    /** Those rows of them that a {@code filter} has left. */
    private Pairs left(Pairs rows) {
        return kept.map(it -> it.of(rows)).orElse(rows);
    }

    /** All pairs, as the current model's tokens, those that a {@code filter} has left out among them. */
    private Pairs allPairs() {
        if (pairs.isEmpty()) {
            DataRequest wanted =
                    request.orElseThrow(() -> new IllegalStateException("no data, and the check let it pass"));
            Pairs read = read(wanted);
            kept.ifPresent(it -> it.check(read, state::say));
            pairs = Optional.of(read);
        }
        return pairs.get();
    }

    /** Whether the data has a part that is kept for testing. */
    public boolean isSplit() {
        return split.isPresent();
    }

    /** The part that is meant by a name. Without a split it is all of the data. */
    private DataSplit known(DataSplit part) {
        return isSplit() ? part : DataSplit.ALL;
    }

    private Measured measured(DataSplit part) {
        return measured.computeIfAbsent(
                known(part),
                it -> new Measured(spans.on(
                        left(split.map(rule -> rule.rows(allPairs(), it)).orElseGet(this::allPairs)))));
    }

    public Pairs pairs(DataSplit part) {
        return measured(part).pairs;
    }

    /**
     * The spans of the data: of all rows, so that each part of them has the same ones. From now on, rows and what runs on them have them. Which
     * there are follows from the data and the model's tokens, and whether {@code answer} is one of them from the metric and the rows that are left.
     * None where the positions of the data are not told apart, or there are no data.
     */
    public Spans spans() {
        if (request.isEmpty()) return Spans.NONE;
        if (spans.known().isPresent()) return spans.known().get();
        Pairs ofTexts = spans.ofTexts(
                allPairs(), state.model().tokenizer(), state.runOptions().cancel());
        Spans found = spans.find(ofTexts, ofTexts.spans().isNone() ? Set.of() : rowsOfLongAnswers());
        measured.values().forEach(it -> it.pairs = spans.on(it.pairs));
        state.takeSpans(found);
        for (String name : request.get().passedOver())
            state.sayOnce("the field `" + name + "` of the clean text is no span of its own: all data have a span `"
                    + name + "`; another name makes it one");
        return found;
    }

    /** The numbers of the rows whose metric reads an answer of several tokens. */
    private Set<Integer> rowsOfLongAnswers() {
        Set<Integer> rows = new HashSet<>();
        for (DataSplit part : isSplit() ? List.of(DataSplit.TRAIN, DataSplit.TEST) : List.of(DataSplit.ALL)) {
            try {
                Metric metric = metric(part);
                List<Pair> of = pairs(part).pairs();
                for (int i = 0; i < of.size(); i++)
                    if (!metric.continuations(i).equals(Continuations.NONE))
                        rows.add(of.get(i).row());
            } catch (UserError noMetric) {
                // What runs it reports that; the spans of the texts are there without it.
            }
        }
        return rows;
    }

    private Pairs read(DataRequest wanted) {
        return wanted.read(
                state.model().tokenizer(),
                state.model().config().positions(),
                state.nextMetric().or(() -> chosenMetric),
                state::say,
                state.runOptions().cancel());
    }

    /** The metric that the script named, or else the one that the columns imply. */
    public Metric metric() {
        return metric(DataSplit.TRAIN);
    }

    private Metric metric(DataSplit part) {
        Measured runs = measured(part);
        if (runs.metric.isEmpty()) {
            boolean first = measured.values().stream().allMatch(it -> it.metric.isEmpty());
            Optional<StandardMetrics.Inferred> inferred =
                    chosenMetric.isPresent() ? Optional.empty() : Optional.of(StandardMetrics.infer(allPairs()));
            MetricBinder.Bound bound =
                    bound(chosenMetric.orElseGet(() -> inferred.orElseThrow().source()), runs.pairs);
            runs.metric = Optional.of(bound.metric());
            if (first && !toldOfMetric)
                inferred.ifPresent(
                        it -> state.say("the metric is " + it.source().name() + ", since " + it.reason()));
            doubt(bound);
        }
        return runs.metric.get();
    }

    /** The rows whose answers the metric cannot use, or can show nothing with. */
    public RowFaults faults() {
        return UsableAnswers.of(
                        allPairs(),
                        state.nextMetric().or(() -> chosenMetric),
                        state.model().tokenizer(),
                        state.runOptions().cancel())
                .faults();
    }

    private MetricBinder.Bound bound(MetricSource source, Pairs of) {
        MetricSource fitting =
                StandardMetrics.fitting(source, of.columns(), of.named().keySet());
        StandardMetrics.checkYears(fitting, of);
        MetricBinder.Bound bound = MetricBinder.bind(fitting, of, state.model().tokenizer());
        bound.metric().requireFits(of, state.model().config().positions());
        return bound;
    }

    private void doubt(MetricBinder.Bound bound) {
        if (doubted.filter(it -> it == allPairs()).isEmpty()) {
            doubted = Optional.of(allPairs());
            noted.clear();
            LabelTokens.warnings(bound.tokenColumns(), allPairs(), state.model().tokenizer())
                    .forEach(state::say);
        }
        List<String> labels = bound.spaceAdded().stream().filter(noted::add).toList();
        if (!labels.isEmpty()) state.say(LabelTokens.spaceAdded(labels));
    }

    /** Takes a metric. It stays when other data are read. It must fit the data that are there. */
    public void chooseMetric(MetricSource wanted) {
        boolean bindable = state.loadedModel().isPresent() && request.isPresent();
        Optional<MetricBinder.Bound> bound =
                bindable ? Optional.of(bound(wanted, pairs(DataSplit.TRAIN))) : Optional.empty();
        chosenMetric = Optional.of(wanted);
        metricOfTask = false;
        forgetRuns();
        bound.ifPresent(it -> {
            measured(DataSplit.TRAIN).metric = Optional.of(it.metric());
            doubt(it);
        });
    }

    /** The chosen metric by the names that the data has for its columns. */
    public MetricSource chosenMetric() {
        MetricSource chosen = chosenMetric.orElseThrow(() -> new IllegalStateException("no metric was chosen"));
        return pairs.map(it ->
                        StandardMetrics.fitting(chosen, it.columns(), it.named().keySet()))
                .orElse(chosen);
    }

    /** Lets the columns of the data imply the metric again. */
    public void forgetChoice() {
        chosenMetric = Optional.empty();
        metricOfTask = false;
        forgetRuns();
    }

    public Analyses analyses(DataSplit part) {
        DataSplit which = known(part);
        if (spans.asked() || state.hasSpans()) spans();
        if (which != batchesOf) batches.close(); // a batch is of one part's rows
        batchesOf = which;
        return new Analyses(state.model().transformer(), pairs(which), metric(which), batches);
    }

    /** What constants are learned with: the rows for training, and as a loss the metric if it is one, else the divergence from the model. */
    Analyses lossAnalyses() {
        Metric chosen = metric(DataSplit.TRAIN);
        Pairs rows = pairs(DataSplit.TRAIN);
        Metric loss = chosen.lessIsBetter() && chosen.differentiable()
                ? chosen
                : bound(StandardLibrary.get().metrics().get("kl"), rows).metric();
        return new Analyses(state.model().transformer(), rows, loss, batches);
    }

    /** What ablated edges carry by {@code with=optimal}. */
    public OptimalAblations optimal() {
        return optimal;
    }

    /** The metric on clean and on corrupted inputs, computed once for a model, its data and its metric. */
    public Analyses.Baseline baseline(DataSplit part) {
        Measured runs = measured(part);
        if (runs.baseline.isEmpty()) runs.baseline = Optional.of(analyses(part).baseline(state.runOptions()));
        return runs.baseline.get();
    }

    /** The metric of each example with every edge ablated. */
    public double[] corrupted(Ablation ablation, DataSplit part) {
        Measured runs = measured(part);
        double[] known = runs.empty.get(ablation);
        if (known != null) return known;
        double[] values = ablation == Ablation.PATCHING
                ? baseline(part).corrupted()
                : analyses(part).evaluate(Circuit.empty(state.graph()), ablation, state.runOptions());
        runs.empty.put(ablation, values);
        return values;
    }

    /**
     * What an ablated edge carries where it is a mean: over the clean texts for training, or over those of a file.
     *
     * @param positional whether each position has its own
     */
    public Ablation mean(boolean positional, Optional<String> over) {
        Optional<Path> file = over.map(state.files()::toRead);
        return means.computeIfAbsent(new Averaged(positional, file), it -> {
            Transformer model = state.model().transformer();
            if (file.isPresent())
                return Analyses.mean(model, cleanOnly(over.get(), file.get()), positional, state.runOptions());
            return Analyses.mean(model, pairs(DataSplit.TRAIN), positional, Optional.of(metric()), state.runOptions());
        });
    }

    private Pairs cleanOnly(String name, Path file) {
        State.Model model = state.model();
        return PairsReader.read(
                DataFiles.of(name, file),
                CLEAN_ONLY,
                model.tokenizer(),
                model.config().positions(),
                state.runOptions().cancel(),
                state::say);
    }

    /** Notes how faithful the current circuit is, for its picture. @param with the word for what ablated edges carried */
    public void noteFaithfulness(double value, String with) {
        if (faithfulness.size() == MOST_NOTED)
            faithfulness.remove(faithfulness.keySet().iterator().next());
        faithfulness.put(state.current().circuit(), new Noted(value, with));
    }

    /** The faithfulness of the current circuit when it was last evaluated. */
    public Optional<Noted> faithfulness() {
        return Optional.ofNullable(faithfulness.get(state.current().circuit()));
    }

    /** Notes the metric of each example with the current circuit. What was noted of it on other rows with the same ablation stays. */
    public void noteEvaluated(DataSplit part, Ablation ablation, double[] values) {
        Circuit circuit = state.current().circuit();
        boolean same = evaluated
                .filter(it -> it.circuit().equals(circuit) && it.ablation().equals(ablation))
                .isPresent();
        if (!same) evaluated = Optional.of(new Evaluated(circuit, ablation, new HashMap<>()));
        List<Pair> rows = pairs(part).pairs();
        for (int i = 0; i < values.length; i++)
            evaluated.get().rows().put(rows.get(i).row(), values[i]);
    }

    /** The metric of the current circuit by the numbers of the rows that it was evaluated on, if it was the last that was. */
    public Map<Integer, Double> evaluated() {
        return evaluated
                .filter(it -> it.circuit().equals(state.current().circuit()))
                .map(it -> Collections.unmodifiableMap(it.rows()))
                .orElse(Map.of());
    }

    private void forgetRuns() {
        toldOfMetric = false;
        spans.forgetAnswers();
        evaluated = Optional.empty();
        batches.close();
        measured.clear();
        scorings.clear();
        means.clear();
        optimal.forgetLearned();
        faithfulness.clear();
    }
}
