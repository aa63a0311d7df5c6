package io.circuitscript.cli;

import io.circuitscript.analysis.Benchmark.Reach;
import io.circuitscript.analysis.Benchmark.Speed;
import io.circuitscript.cli.console.Table;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.NativeProfile;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.SyntheticTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows the results of a benchmark, as a table and as JSON fields. */
final class BenchLines {
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;
    private static final int OPERATIONS_SHOWN = 16;
    private static final int NAME_SHOWN = 50;

    private final String model;
    private final Transformer transformer;
    private final Pairs pairs;
    private final int threads;
    private final Optional<SyntheticTask.Difference> differs;
    private final List<Speed> speeds = new ArrayList<>();

    /** @param differs how random texts differ; nothing of a file's */
    BenchLines(
            String model,
            Transformer transformer,
            Pairs pairs,
            Optional<SyntheticTask.Difference> differs,
            int threads) {
        this.model = model;
        this.transformer = transformer;
        this.pairs = pairs;
        this.differs = differs;
        this.threads = threads;
    }

    void add(Speed speed) {
        speeds.add(speed);
    }

    /** What was added so far; nothing before the first. */
    List<String> table() {
        if (speeds.isEmpty()) return List.of();
        List<String> lines = new ArrayList<>();
        lines.add(head());
        lines.add("");
        Table table = new Table("one example", "seconds", "first run", "GFLOP", "GFLOP/s", "machine", "share %", "MB");
        for (Speed speed : speeds) {
            table.row(
                    speed.work(),
                    seconds(speed.secondsPerExample()),
                    seconds(speed.coldSecondsPerExample()),
                    digits(speed.flopPerExample() / GIGA),
                    digits(speed.flopPerSecond() / GIGA),
                    digits(speed.product() / GIGA),
                    speed.places() > 0 ? "-" : digits(100 * speed.share()),
                    speed.peakBytes().isPresent()
                            ? Long.toString(Math.round(speed.peakBytes().getAsLong() / MEGA))
                            : "-");
        }
        lines.addAll(table.lines());
        lines.add("");
        lines.addAll(legend());
        for (Speed speed : speeds) speed.profile().ifPresent(it -> lines.addAll(profile(speed, it)));
        return lines;
    }

    /** Where the time of a run went: by kind, and the longest operations. */
    private static List<String> profile(Speed speed, NativeProfile profile) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(
                String.format(Locale.ROOT, "%s: one run, profiled, of %s s", speed.work(), digits(profile.seconds())));
        lines.add("");
        Table kinds = new Table("kind", "seconds", "share %");
        profile.kinds()
                .forEach((kind, seconds) ->
                        kinds.row(kind.title(), seconds(seconds), share(seconds, profile.seconds())));
        lines.addAll(kinds.lines());
        lines.add("");
        Table operations = new Table("operation", "calls", "seconds", "share %");
        profile.operations().stream()
                .limit(OPERATIONS_SHOWN)
                .forEach(it -> operations.row(
                        name(it.name()),
                        Integer.toString(it.calls()),
                        seconds(it.seconds()),
                        share(it.seconds(), profile.seconds())));
        lines.addAll(operations.lines());
        return lines;
    }

    /** As the library calls it, without what all names begin with; no longer than a terminal's line has room for. */
    private static String name(String operation) {
        String name = operation
                .replaceFirst("^aten::", "")
                .replaceFirst("^autograd::engine::evaluate_function: ", "autograd ");
        return name.length() <= NAME_SHOWN ? name : name.substring(0, NAME_SHOWN - 1) + "…";
    }

    private static String share(double part, double whole) {
        return String.format(Locale.ROOT, "%.1f", 100 * part / whole);
    }

    private String head() {
        String tokens = pairs.tokensMin() == pairs.tokensMax()
                ? "" + pairs.tokensMin()
                : pairs.tokensMin() + " to " + pairs.tokensMax();
        return String.format(
                Locale.ROOT,
                "%s on %s, %s, %d thread%s; %d pair%s of %s token%s (%s%s)",
                model,
                transformer.device(),
                transformer.precision().word(),
                threads,
                threads == 1 ? "" : "s",
                pairs.size(),
                pairs.size() == 1 ? "" : "s",
                tokens,
                tokens.equals("1") ? "" : "s",
                pairs.name(),
                differs.filter(it -> it != SyntheticTask.Difference.LATE)
                        .map(it -> ", " + it.word())
                        .orElse(""));
    }

    private List<String> legend() {
        List<String> lines = new ArrayList<>();
        lines.add("seconds: the median of three warmed runs. first run: the one before them.");
        lines.add("machine: GFLOP/s of a matmul, 2048 x 2048, around them. share %: of that rate.");
        lines.add(
                switch (speeds.getFirst().reach()) {
                    case ANALYSIS -> "MB: the peak of memory above the loaded model; what rows before left counts too.";
                    case PROCESS ->
                        "MB: the peak of memory since the process began, above the loaded model: this system does not let the count be set back.";
                    case NOTHING ->
                        speeds.getFirst().places() > 0
                                ? "MB: the memory of workers is not known."
                                : "MB: memory is not known on this "
                                        + (transformer.device().equals("cpu") ? "system." : "device.");
                });
        int places = speeds.getFirst().places();
        if (places > 0)
            lines.add("on " + places + (places == 1 ? " worker" : " workers")
                    + " of a cluster. The matmul is this process's own.");
        for (Speed speed : speeds) {
            speed.circuit()
                    .ifPresent(size -> lines.add(speed.work() + ": a circuit of " + size.edges() + " edges and "
                            + size.nodes() + " nodes, and the baselines."));
            if (speed.edges() > 1) {
                String examples = speed.examples() + (speed.examples() == 1 ? " example." : " examples.");
                lines.add(speed.work() + ": one of " + speed.edges() + ", each ablated alone on " + examples);
            }
        }
        return lines;
    }

    private static String seconds(double value) {
        return value < 0.01 ? String.format(Locale.ROOT, "%.6f", value) : digits(value);
    }

    /** Three significant digits, never fewer before the point. */
    private static String digits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Numbers are not rounded. */
    Value.Fields fields(Speed speed) {
        ResultFields fields = ResultFields.of("bench")
                .put("bench", speed.work())
                .put("model", model)
                .put("device", transformer.device())
                .put("dtype", transformer.precision().word())
                .put("threads", threads)
                .put("data", pairs.name())
                .put("examples", speed.examples())
                .put("tokens_min", pairs.tokensMin())
                .put("tokens_max", pairs.tokensMax())
                .put(
                        "differ",
                        differs.<Value>map(it -> new Value.Text(it.word())).orElseGet(Value.None::new))
                .put("memory", speed.budget())
                .put("seconds", speed.secondsPerExample())
                .put("cold_seconds", speed.coldSecondsPerExample())
                .put("flop", speed.flopPerExample())
                .put("flop_per_second", speed.flopPerSecond())
                .put("product_before", speed.productBefore())
                .put("product_after", speed.productAfter())
                .put("share", speed.places() > 0 ? new Value.None() : new Value.Number(speed.share()))
                .put(
                        "peak_bytes",
                        speed.peakBytes().isPresent()
                                ? new Value.Number(speed.peakBytes().getAsLong())
                                : new Value.None())
                .put("peak_of", reach(speed.reach()));
        if (speed.places() > 0) fields.put("workers", speed.places());
        if (speed.edges() > 1) fields.put("edges", speed.edges());
        speed.circuit().ifPresent(size -> fields.put("edges", size.edges()).put("nodes", size.nodes()));
        speed.profile().ifPresent(it -> fields.put("profile", profile(it)));
        return fields.done();
    }

    private static Value profile(NativeProfile profile) {
        ResultFields kinds = ResultFields.of("kinds");
        profile.kinds().forEach((kind, seconds) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), seconds));
        return kinds.done();
    }

    private static Value reach(Reach reach) {
        return reach == Reach.NOTHING
                ? new Value.None()
                : new Value.Text(reach.name().toLowerCase(Locale.ROOT));
    }
}
