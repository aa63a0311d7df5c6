package io.circuitscript.cli;

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
import io.circuitscript.cli.reproduce.DataSetPin;
import io.circuitscript.cli.reproduce.LockChanges;
import io.circuitscript.cli.reproduce.LockFile;
import io.circuitscript.cli.reproduce.ModelPin;
import io.circuitscript.cli.reproduce.ProtectedFiles;
import io.circuitscript.cli.reproduce.VersionedJson;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the lock of a script: the hashes of its files and models as they are now, without running it. Says what
 * changed since the last lock.
 */
final class LockRun {
    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final Reporting reporting;
    private final CancelToken cancel = new CancelToken();

    LockRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
        reporting = Reporting.of(environment, flags);
    }

    int run(String name) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> {
            ScriptText script = ScriptText.ofFile(name, environment.folder());
            return mapping.interruptible(() -> lock(script));
        });
    }

    private int lock(ScriptText script) {
        Path folder = environment.folder();
        WritePermissions writing = flags.writing(environment).withKept(ProtectedFiles.ofLock(script, folder));
        Session.Options options = new Session.Options(folder, folder, flags.parameters, writing);
        Lock.Needs needs;
        try (Session session =
                new Session(options, new DiagnosticsOutput(reporting, true), cancel, flags.variables(environment))) {
            int code = session.check(script.source(), script.folder(), Lock.NONE);
            if (code != ExitCode.OK) return code;
            needs = session.needs();
        }
        RunOptions run = new RunOptions(reporting.progress(), cancel, 0, 0, reporting.messages()::say);
        FileHashes hashes = new FileHashes();
        List<Lock.Model> pins = new ArrayList<>();
        for (Lock.Found model : needs.models()) pins.add(ModelPin.of(model, hashes, run));
        List<Lock.DataSet> dataSets = new ArrayList<>();
        for (Lock.AskedData asked : needs.dataSets())
            dataSets.add(DataSetPin.of(asked, hashes, run, flags.variables(environment)));
        Path file = ScriptText.resolve(script.source().name(), folder)
                .toAbsolutePath()
                .normalize();
        Path target = LockFile.of(file);
        ObjectNode before = before(target);
        ObjectNode now = LockFile.tree(target, file, flags.parameters, needs, pins, dataSets, hashes);
        if (!before.equals(now)) VersionedJson.write(target, now);
        show(
                folder.toAbsolutePath().normalize().relativize(target).toString(),
                needs,
                before.isEmpty(),
                LockChanges.between(before, now));
        return ExitCode.OK;
    }

    /** The lock that is there; one that cannot be read counts as none. */
    private ObjectNode before(Path target) {
        if (!Files.exists(target)) return JsonNodeFactory.instance.objectNode();
        try {
            return LockFile.read(target);
        } catch (UserError unread) {
            if (unread.code() != ErrorCode.BAD_LOCK) throw unread;
            reporting.messages().say(unread.getMessage() + "; it is made again");
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private void show(String target, Lock.Needs needs, boolean first, List<LockChanges.Change> changes) {
        reporting.progress().clear();
        for (String place : needs.unknown())
            reporting
                    .messages()
                    .say(place + ": what is read there is known only when the script runs, so it is not locked");
        if (reporting.json().isPresent()) {
            List<Value> items = changes.stream().<Value>map(LockRun::fields).toList();
            reporting
                    .json()
                    .get()
                    .object(ResultFields.of("lock")
                            .put("lock", target)
                            .put("models", needs.models().size())
                            .put("files", needs.files().size())
                            .put("changes", new Value.ListOf(items))
                            .done());
            return;
        }
        if (flags.quiet) return;
        String name = Visible.line(target);
        int sets = needs.dataSets().size();
        String what = count(needs.models().size(), "model")
                + (sets == 0 ? " and " : ", " + count(sets, "data set") + " and ")
                + count(needs.files().size(), "file");
        var out = environment.out().text();
        if (!first && changes.isEmpty()) out.println(name + " is unchanged: " + what);
        else out.println("locked " + what + " in " + name);
        if (first) return;
        Table table = new Table("", "", "before", "now");
        for (LockChanges.Change it : changes) table.row(it.kind(), it.what(), cut(it.before()), cut(it.now()));
        if (!changes.isEmpty()) table.lines().forEach(out::println);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** The beginning of a hash, enough to tell it from another. */
    private static String cut(Optional<String> value) {
        return value.map(it -> it.length() <= 40 ? it : it.substring(0, 12) + "…")
                .orElse("");
    }

    private static Value.Fields fields(LockChanges.Change it) {
        return ResultFields.of("lock")
                .put("change", it.kind())
                .put("what", it.what())
                .put("before", value(it.before()))
                .put("now", value(it.now()))
                .done();
    }

    private static Value value(Optional<String> text) {
        return text.<Value>map(Value.Text::new).orElse(new Value.None());
    }
}
