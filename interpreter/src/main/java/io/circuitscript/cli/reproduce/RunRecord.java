package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.engine.EngineVersions;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.value.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes a run's record: its inputs, its results, and, in a block of their own, the times. */
public final class RunRecord {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A run that came to its end.
     *
     * @param text the script's
     * @param share of the machine that the run had
     */
    public record Run(
            Path script,
            String text,
            Map<String, String> parameters,
            int exitCode,
            RunDependencies used,
            MachineShare share) {}

    /**
     * How far two numbers may differ and still count as equal.
     *
     * @param ranks of a rank correlation, besides: scores next to zero are many, and change places with the last bit
     */
    private record Tolerance(double relative, double absolute, double ranks) {
        /** The tolerance for the coarsest type that a model computed in: how far another batch size, thread count or machine moves numbers. */
        public static Tolerance of(List<RunDependencies.Model> models) {
            List<String> dtypes =
                    models.stream().map(RunDependencies.Model::dtype).toList();
            if (dtypes.contains("bfloat16") || dtypes.contains("float16")) return new Tolerance(2e-2, 2e-3, 5e-2);
            if (dtypes.contains("float32")) return new Tolerance(1e-4, 1e-5, 1e-2);
            return new Tolerance(1e-9, 1e-10, 1e-4);
        }
    }

    private RunRecord() {}

    /** @param target where the record will be: files are named from there */
    public static ObjectNode of(Run run, Recorder recorder, Path target, FileHashes hashes) {
        Path folder = target.toAbsolutePath().normalize().getParent();
        ObjectNode record = RecordFile.begin(target);
        record.putObject("script")
                .put("file", VersionedJson.name(run.script(), folder))
                .put("sha256", FileHashes.ofText(run.text()));
        ObjectNode parameters = record.putObject("parameters");
        new TreeMap<>(run.parameters()).forEach(parameters::put);
        hashed(record.putArray("inputs"), run.used().inputs(), folder, hashes);
        ArrayNode models = record.putArray("models");
        for (RunDependencies.Model model : run.used().models()) models.add(model(model, hashes));
        ArrayNode dataSets = record.putArray("datasets");
        for (RunDependencies.DataSet it : run.used().dataSets()) {
            LockFile.put(dataSets.addObject(), it.asked())
                    .put("commit", it.commit())
                    .set("files", LockFile.tree(FileReads.hashes(it.files(), hashes)));
        }
        record.set("program", program(!run.used().models().isEmpty()));
        settings(record.putObject("settings"), run.used().settings());
        if (!run.share().equals(MachineShare.WHOLE)) share(record.putObject("share"), run.share());
        Tolerance tolerance = Tolerance.of(run.used().models());
        record.putObject("tolerance")
                .put("relative", tolerance.relative())
                .put("absolute", tolerance.absolute())
                .put("ranks", tolerance.ranks());
        record.set("results", results(recorder.results()));
        written(record.putArray("written"), run.used(), it -> VersionedJson.name(it, folder), hashes);
        record.put("exit_code", run.exitCode());
        ArrayNode times = record.putObject("times").putArray("seconds");
        for (Result result : recorder.results()) times.add(result.seconds());
        return record;
    }

    private static void hashed(ArrayNode into, List<Path> files, Path folder, FileHashes hashes) {
        for (Path file : files)
            into.addObject().put("file", VersionedJson.name(file, folder)).put("sha256", hashes.of(file));
    }

    /** @param name what the record calls a file */
    public static void written(ArrayNode into, RunDependencies used, Function<Path, String> name, FileHashes hashes) {
        RecordedOutputs.describe(
                into, used.written().stream().filter(Files::isRegularFile).toList(), name, hashes);
    }

    private static ObjectNode model(RunDependencies.Model model, FileHashes hashes) {
        ObjectNode node = MAPPER.createObjectNode();
        LockFile.put(node, model.asked()).put("commit", model.commit().orElse(null));
        node.put("device", model.device()).put("dtype", model.dtype());
        LockFile.put(node, ModelFiles.hashes(model.folder(), hashes));
        return node;
    }

    /** The program and the machine. @param engine whether it runs */
    static ObjectNode program(boolean engine) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("version", ProgramVersion.text());
        ObjectNode inner = node.putObject("engine");
        if (engine) {
            EngineVersions running = EngineVersions.ofRunning();
            inner.put("djl", running.djl())
                    .put("pytorch", running.pytorch())
                    .put("library", running.library())
                    .put("threads", running.threads());
        }
        node.put("java", Runtime.version().toString());
        node.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return node.put("processors", Runtime.getRuntime().availableProcessors());
    }

    /** Zero stands for the default of the machine, as in a script. */
    private static void settings(ObjectNode node, Settings settings) {
        node.put("device", settings.device()).put("dtype", settings.dtype()).put("threads", settings.threads());
        node.put("batch", settings.batch()).put("memory", settings.memory()).put("seed", settings.seed());
    }

    private static void share(ObjectNode node, MachineShare share) {
        node.put("threads", share.threads()).put("memory", share.memory()).put("runs", share.runs());
    }

    /** The part of the machine that the recorded run had: whoever runs it again takes the same. */
    public static MachineShare share(ObjectNode record) {
        JsonNode share = record.path("share");
        if (share.isMissingNode()) return MachineShare.WHOLE;
        return new MachineShare(
                Math.max(0, share.path("threads").asInt()),
                Math.max(0, share.path("memory").asLong()),
                Math.max(1, share.path("runs").asInt()));
    }

    /** Results as they are after reading them from a file. */
    public static ArrayNode results(List<Result> results) {
        ArrayNode nodes = MAPPER.createArrayNode();
        for (Result result : results) {
            ObjectNode node = nodes.addObject()
                    .put("statement", result.statement())
                    .put("line", result.span().line());
            try {
                node.set("fields", MAPPER.readTree(JsonOutput.text(result.value())));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a result is not JSON", e);
            }
        }
        return nodes;
    }
}
