package io.circuitscript.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.DiagnosticsOutput;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.Table;
import io.circuitscript.cli.reproduce.LockFile;
import io.circuitscript.cli.reproduce.RecordFile;
import io.circuitscript.cli.reproduce.RecordedInputs;
import io.circuitscript.cli.reproduce.RecordedMachine;
import io.circuitscript.cli.reproduce.RecordedOutputs;
import io.circuitscript.cli.reproduce.RecordedResults;
import io.circuitscript.cli.reproduce.Recorder;
import io.circuitscript.cli.reproduce.RunRecord;
import io.circuitscript.cli.reproduce.VersionedJson;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Runs a recorded script again and shows what differs. */
final class VerifyRun {
    /** The longest text of a value that is shown in full. */
    private static final int LONGEST = 40;

    /** How many items of a list get a row each. */
    private static final int MOST_ITEMS = 3;

    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Reporting reporting;
    private final CancelToken cancel = new CancelToken();
    private final boolean anyway;
    private boolean otherInputs;

    /** @param anyway whether results are compared also where an input is another */
    VerifyRun(ProcessEnvironment environment, RunFlags flags, boolean anyway) {
        this.anyway = anyway;
        this.environment = environment;
        this.flags = flags;
        reporting = Reporting.of(environment, flags);
    }

    int run(String name) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> {
            Path file = recordOf(name);
            ObjectNode record = RecordFile.read(file);
            String script = environment
                    .folder()
                    .toAbsolutePath()
                    .normalize()
                    .relativize(RecordFile.named(
                            file, record.path("script").path("file").asText()))
                    .toString();
            ScriptText text = ScriptText.ofFile(script, environment.folder());
            RecordedInputs inputs = new RecordedInputs(file, record, new FileHashes());
            refuse(inputs.compare(text, flags.variables(environment), environment.folder()));
            return mapping.interruptible(() -> again(file, record, text, inputs));
        });
    }

    /** Ends the comparison where an input has changed, or only says so. */
    private void refuse(Optional<UserError> differs) {
        if (differs.isEmpty()) return;
        if (!anyway) throw differs.get();
        if (!otherInputs) reporting.mistake(differs.get());
        otherInputs = true;
    }

    /** The record that is named, or that of the script that is. */
    private Path recordOf(String name) {
        Path given = ScriptText.resolve(name, environment.folder());
        if (name.endsWith(".json") && Files.isRegularFile(given)) return given;
        Path out = flags.out == null ? environment.folder() : ScriptText.resolve(flags.out, environment.folder());
        if (!Files.isRegularFile(given)) {
            throw UserError.missing(
                    ErrorCode.NO_SUCH_FILE, "there is no file " + name, "give a script, or the record of its run");
        }
        return Stream.of(out, given.toAbsolutePath().getParent())
                .map(folder -> RecordFile.of(given, folder))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> UserError.missing(
                        ErrorCode.NO_RECORD,
                        "there is no record of " + name + ": no " + RecordFile.of(given, Path.of(""))
                                + " in the working folder or beside it",
                        "make one with: circuit run " + name
                                + " --record; if it is in another folder, name that folder with --out"));
    }

    private int again(Path file, ObjectNode record, ScriptText script, RecordedInputs inputs) {
        Map<String, String> parameters = new HashMap<>();
        for (var parameter : record.path("parameters").properties())
            parameters.put(parameter.getKey(), parameter.getValue().asText());
        Recorder recorder = new Recorder(new DiagnosticsOutput(reporting, false));
        Path temporary = temporary();
        Path out = within(temporary, file.toAbsolutePath().normalize().getParent());
        Session.Options options = new Session.Options(
                environment.folder(),
                out,
                parameters,
                flags.writing(environment).withTemporary(temporary),
                RunRecord.share(record));
        // What the lock would refuse has been reported already.
        Lock lock = otherInputs ? Lock.NONE : LockFile.of(script, environment.folder());
        try (Session session = new Session(options, recorder, cancel, flags.variables(environment))) {
            int code = session.run(script.source(), script.folder(), lock == Lock.NONE ? inputs.versions() : lock);
            if (code != ExitCode.OK && code != ExitCode.DIFFERS) return code;
            refuse(inputs.compareModels(session.used().models().stream()
                    .map(RunDependencies.Model::folder)
                    .toList()));
            refuse(inputs.compareDataSets(session.used().dataSets()));
            JsonNode now = RunRecord.results(recorder.results());
            List<RecordedResults.Difference> differences =
                    new RecordedResults(record.path("tolerance")).compare(record.path("results"), now);
            if (record.path("exit_code").asInt() != code) {
                String recorded = record.path("exit_code").asText();
                differences.add(new RecordedResults.Difference(
                        "", 0, "exit code", recorded, String.valueOf(code), OptionalDouble.empty()));
            }
            RecordedOutputs files = new RecordedOutputs(record.path("tolerance"));
            differences.addAll(files.compare(record.path("written"), written(session.used(), temporary, file)));
            show(differences, now.size(), record.path("tolerance"));
            if (!flags.quiet) tell(files.otherBytes(), RecordedMachine.differences(record, session.used()));
            if (otherInputs) return ExitCode.INPUT;
            return differences.isEmpty() ? ExitCode.OK : ExitCode.DIFFERS;
        } finally {
            delete(temporary);
        }
    }

    /** A folder as far from its temporary root as it is from its own: a name that goes up from it, as {@code ../x.json}, stays in there. */
    private static Path within(Path temporary, Path folder) {
        return temporary.resolve(folder.getRoot().relativize(folder).toString());
    }

    /** What this run wrote, named as in the record: its temporary folder stands for the whole disk. */
    private static ArrayNode written(RunDependencies used, Path temporary, Path record) {
        Path folder = record.toAbsolutePath().normalize().getParent();
        Path here = temporary.toAbsolutePath().normalize();
        ArrayNode files = JsonNodeFactory.instance.arrayNode();
        RunRecord.written(
                files,
                used,
                it -> VersionedJson.name(it, it.startsWith(here) ? within(here, folder) : folder),
                new FileHashes());
        return files;
    }

    /** Facts that do not count as differences and may explain them. */
    private void tell(List<String> otherBytes, List<String> machine) {
        if (!otherBytes.isEmpty())
            reporting.messages().say("the bytes differ from those recorded: " + String.join(", ", otherBytes));
        for (String difference : machine) reporting.messages().say("recorded with another " + difference);
    }

    private void show(List<RecordedResults.Difference> differences, int results, JsonNode tolerance) {
        reporting.progress().clear();
        if (reporting.json().isPresent()) {
            for (RecordedResults.Difference it : differences)
                reporting.json().get().object(fields(it));
            reporting
                    .json()
                    .get()
                    .object(ResultFields.of("verify")
                            .put("results", results)
                            .put("differences", differences.size())
                            .done());
            return;
        }
        String within = "within " + RoundedText.of(tolerance.path("relative").asDouble()) + " of the larger number and "
                + RoundedText.of(tolerance.path("absolute").asDouble());
        if (differences.isEmpty()) {
            if (!flags.quiet)
                environment.out().text().println("verified: " + results + " results are as recorded, " + within);
            return;
        }
        Table table = new Table("statement", "line", "field", "recorded", "now", "difference");
        for (RecordedResults.Difference it : summed(differences)) {
            table.row(
                    it.statement(),
                    it.line() == 0 ? "" : String.valueOf(it.line()),
                    it.field(),
                    cut(it.recorded()),
                    cut(it.now()),
                    by(it.by()));
        }
        table.lines().forEach(environment.out().text()::println);
        environment.out().text().println(differences.size() + " not as recorded, " + within);
    }

    /** The same for a person: the items of a list that differ, where they are many, are one row with the largest difference. */
    private static List<RecordedResults.Difference> summed(List<RecordedResults.Difference> differences) {
        List<RecordedResults.Difference> rows = new ArrayList<>();
        for (int from = 0, to; from < differences.size(); from = to) {
            to = from + 1;
            while (to < differences.size()
                    && list(differences.get(from)).isPresent()
                    && sameList(differences.get(from), differences.get(to))) to++;
            List<RecordedResults.Difference> items = differences.subList(from, to);
            if (items.size() <= MOST_ITEMS) rows.addAll(items);
            else rows.add(sum(items));
        }
        return rows;
    }

    private static RecordedResults.Difference sum(List<RecordedResults.Difference> items) {
        RecordedResults.Difference first = items.getFirst();
        OptionalDouble largest = items.stream()
                .flatMapToDouble(it -> it.by().stream())
                .reduce((a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
        String now = items.size() + " items differ, the most by";
        return new RecordedResults.Difference(
                first.statement(), first.line(), list(first).orElseThrow() + "[…]", "", now, largest);
    }

    private static boolean sameList(RecordedResults.Difference one, RecordedResults.Difference other) {
        return one.line() == other.line() && list(one).equals(list(other));
    }

    /** The name of the list that the field is an item of. */
    private static Optional<String> list(RecordedResults.Difference it) {
        return it.field().matches(".*\\[[0-9]+]")
                ? Optional.of(it.field().substring(0, it.field().lastIndexOf('[')))
                : Optional.empty();
    }

    private static Value.Fields fields(RecordedResults.Difference it) {
        return ResultFields.of("verify")
                .put("statement", it.statement())
                .put("line", it.line())
                .put("field", it.field())
                .put("recorded", it.recorded())
                .put("now", it.now())
                .put(
                        "difference",
                        it.by().isPresent() ? new Value.Number(it.by().getAsDouble()) : new Value.None())
                .done();
    }

    private static String by(OptionalDouble difference) {
        return difference.isPresent() ? RoundedText.of(difference.getAsDouble()) : "";
    }

    private static String cut(String value) {
        String line = value.replace("\n", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("circuit-verify");
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "cannot create a temporary folder: " + e.getMessage(),
                    "make room on the disk");
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException left) {
            // The system clears its temporary folder, and the comparison stands.
            return;
        }
    }
}
