package io.circuitscript.cli;

import io.circuitscript.analysis.Benchmark;
import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.cli.cluster.ClusterFlags;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.MatrixRate;
import io.circuitscript.engine.ModelFetch;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.Workers;
import io.circuitscript.engine.torch.EngineStart;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.SyntheticTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Runs a benchmark of a model from the command line and shows it. */
final class BenchRun {
    private final ProcessEnvironment environment;
    private final Map<String, String> variables;
    private final Reporting reporting;
    private final boolean quiet;
    private final CancelToken cancel = new CancelToken();

    /** Each run of an analysis has the same notes: they are shown once. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /**
     * @param data a file of pairs, or null for random tokens
     * @param tokens how many random tokens each text has; empty: as many as usual
     * @param spans of positions at which edges are scored too; 0 for none
     */
    record Texts(String data, int examples, Optional<Integer> tokens, SyntheticTask.Difference differs, int spans) {

        /** How the texts differ, where they are random. */
        Optional<SyntheticTask.Difference> difference() {
            return data == null ? Optional.of(differs) : Optional.empty();
        }
    }

    /**
     * @param threads of the CPU; 0: as many as PyTorch takes
     * @param slots into how many edges are ablated one at a time
     * @param memory bytes that a batch may take; 0: what the machine's size gives
     * @param only which are measured; none: all
     */
    record Request(
            String model,
            Texts texts,
            Precision dtype,
            int threads,
            int slots,
            long memory,
            List<String> only,
            boolean profile,
            ClusterFlags cluster) {}

    BenchRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        variables = flags.variables(environment);
        reporting = Reporting.of(environment, flags);
        quiet = flags.quiet;
    }

    int run(Request request) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> mapping.interruptible(() -> {
            try (Cluster there = request.cluster()
                    .open(environment, reporting.messages()::say)
                    .orElse(null)) {
                return measure(request, Optional.ofNullable(there).map(Cluster::workers));
            }
        }));
    }

    private int measure(Request request, Optional<Workers> workers) {
        RunOptions options = new RunOptions(
                reporting.progress(), cancel, 0, request.memory(), this::note, CheckpointStore.NONE, 1, workers);
        Path folder = environment.folder();
        ModelLocator.SearchPath searchPath = ModelLocator.SearchPath.of(Optional.empty(), folder, variables, folder);
        ModelLocator.Found found = ModelLocator.find(request.model(), Optional.empty(), searchPath);
        ModelLocator.Located located = ModelFetch.of(found, "auto", request.dtype(), options);
        Checkpoint checkpoint = Checkpoint.open(located.name(), located.folder());
        Transformer model;
        Task task;
        try {
            task = task(request.texts(), located, checkpoint.config());
            checkpoint.checkFinite();
            try (EngineStart engine = EngineStart.begin("auto", options.unpacking())) {
                engine.require();
                setThreads(request.threads());
                model = Transformer.load(checkpoint, engine, request.dtype(), options);
            }
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
        try (model) {
            int spans = request.texts().spans();
            Task measured = spans == 0 ? task : new Task(inSpans(task.pairs(), spans), task.metric());
            show(located.name(), model, measured, request, options);
        }
        return ExitCode.OK;
    }

    private void note(String words) {
        if (!quiet && said.add(words)) reporting.messages().say(words);
    }

    private void setThreads(int asked) {
        if (asked == 0) return;
        Transformer.threads(asked);
        Transformer.fewerThreads("--threads " + asked, asked).ifPresent(this::note);
    }

    private record Task(Pairs pairs, Metric metric) {}

    private Task task(Texts texts, ModelLocator.Located located, ModelConfig config) {
        if (texts.data() == null) {
            int length = texts.tokens().orElse(Math.min(SyntheticTask.LENGTH, config.positions()));
            if (length > config.positions())
                throw new UserError(
                        UserError.Kind.INPUT,
                        ErrorCode.INPUT_TOO_LONG,
                        "--tokens " + length + " is more than " + located.name() + " takes, " + config.positions(),
                        List.of(),
                        "--tokens " + config.positions() + " is the most");
            SyntheticTask random = SyntheticTask.of(texts.examples(), config.dVocab(), length, texts.differs());
            return new Task(random.pairs(), random.metric());
        }
        try (Tokenizer tokenizer = Tokenizer.open(located.folder(), new BosChoice.Auto())) {
            tokenizer.notes().forEach(reporting.messages()::say);
            PairsReader.Options rows = new PairsReader.Options(Map.of(), texts.examples());
            Pairs pairs = PairsReader.read(
                    texts.data(),
                    ScriptText.resolve(texts.data(), environment.folder()),
                    rows,
                    tokenizer,
                    config.positions());
            return new Task(pairs, StandardMetrics.inferred(pairs, tokenizer));
        }
    }

    /** The same rows, the positions of each in equal parts, one after the other. */
    private static Pairs inSpans(Pairs pairs, int spans) {
        if (spans > pairs.tokensMin())
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.WRONG_VALUE,
                    "--spans " + spans + " is more than a text's tokens, " + pairs.tokensMin(),
                    List.of(),
                    "--spans " + pairs.tokensMin() + " is the most");
        List<String> names =
                IntStream.range(0, spans).mapToObj(it -> "part" + it).toList();
        List<Pair> rows = pairs.pairs().stream()
                .map(row -> row.withSpans(IntStream.range(0, row.length())
                        .map(at -> at * spans / row.length())
                        .toArray()))
                .toList();
        return pairs.with(rows).withSpans(Spans.inAnyOrder(names));
    }

    private void show(String name, Transformer model, Task task, Request request, RunOptions options) {
        BenchLines lines =
                new BenchLines(name, model, task.pairs(), request.texts().difference(), MatrixRate.threads());
        try {
            Benchmark.Plan plan = new Benchmark.Plan(request.slots(), request.only(), request.profile());
            Benchmark.run(model, task.pairs(), task.metric(), plan, options, speed -> {
                reporting.json().ifPresent(it -> it.object(lines.fields(speed)));
                lines.add(speed);
                if (environment.out().failure().isPresent()) cancel.cancel();
            });
        } finally {
            // Also where it was interrupted: what was measured till then.
            if (reporting.json().isEmpty())
                lines.table().forEach(environment.out().text()::println);
        }
    }
}
