package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.natives.NativeCache;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parsed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Checks texts while they are written: what is wrong with them, and what is known at a place. Nothing runs, nothing is fetched and nothing is written. It
 * may be used from several threads.
 */
public final class Examiner {
    private final Statements statements;

    /** @param environment the process's variables */
    public Examiner(Map<String, String> environment) {
        statements = new Statements(environment, () -> NativeCache.open(environment, note -> {}));
    }

    /**
     * A text to check.
     *
     * @param file that it is saved as; empty where it is not yet
     * @param folder where files that it names are looked for
     * @param unsaved texts of files that are newer than those on the disk
     */
    public record Text(Parsed parsed, Optional<Path> file, Path folder, Function<Path, Optional<String>> unsaved) {}

    /**
     * What is known at a place of a text.
     *
     * @param variables by name
     */
    public record Known(Facts facts, Map<String, AbstractValue> variables) {}

    /**
     * What is known where a statement of the text begins that is in no block.
     *
     * @param start of the statement, in code points
     */
    public record Passed(int start, Known known) {}

    /**
     * A file that a text imports.
     *
     * @param path where the text names it
     * @param key its path, or its name in the standard library, as {@code std/tasks}
     */
    public record Imported(Span path, String key, Parsed file) {}

    /**
     * What was found.
     *
     * @param complete whether the whole text was checked
     * @param before what is known before the statement at the place that was asked for; empty where no path of the check leads there
     * @param after what is known behind it
     * @param imported directly or by another file, in the order in which they were met
     * @param passed places of the text from which a later check may go on, in their order
     */
    public record Examined(
            List<Diagnostic> diagnostics,
            boolean complete,
            Optional<Known> before,
            Optional<Known> after,
            List<Imported> imported,
            List<Passed> passed) {
        public Examined {
            diagnostics = List.copyOf(diagnostics);
            imported = List.copyOf(imported);
            passed = List.copyOf(passed);
        }
    }

    /** Every statement of the language. */
    public Statements statements() {
        return statements;
    }

    /** Checks the whole text. @param cancel ends the check; what was found by then is given */
    public Examined examine(Text text, CancelToken cancel) {
        return examine(text, PlaceWatch.everywhere(text.parsed(), cancel), Optional.empty(), cancel);
    }

    /**
     * Checks the text as far as it is needed to say what is known at a place.
     *
     * @param offset in code points
     * @param start what is known where the text begins: it is a part of a script; empty: nothing, as where a script begins
     */
    public Examined examineAt(Text text, int offset, Optional<Known> start, CancelToken cancel) {
        return examine(text, PlaceWatch.at(offset, text.parsed(), cancel), start, cancel);
    }

    private Examined examine(Text text, PlaceWatch watch, Optional<Known> start, CancelToken cancel) {
        Parsed parsed = text.parsed();
        List<Diagnostic> found = new ArrayList<>(parsed.diagnostics());
        boolean whole = true;
        try {
            Scope variables = Scope.global();
            start.ifPresent(it -> it.variables().forEach(variables::set));
            CheckFindings findings = CheckFindings.of(
                    parsed,
                    statements,
                    Map.of(),
                    variables,
                    facts(text, start, cancel),
                    new Imports(text.folder(), text.file(), text.unsaved()),
                    watch);
            found = findings.diagnostics();
            whole = !watch.stopped();
        } catch (Mistake full) {
            found.add(full.diagnostic());
        } catch (CancellationException e) {
            whole = false;
        } catch (StackOverflowError e) {
            found.add(UserError.failure(
                            ErrorCode.TOO_DEEP,
                            "the script is nested too deeply to check",
                            "write it in smaller steps, with `let`")
                    .at(new Span(parsed.source(), 0, 0)));
        } catch (OutOfMemoryError e) {
            found.add(HeapFull.error(e).at(new Span(parsed.source(), 0, 0)));
        }
        return new Examined(found, whole, watch.before(), watch.after(), watch.imported(), watch.passed());
    }

    private static Facts facts(Text text, Optional<Known> start, CancelToken cancel) {
        FileReads reads = new FileReads(Lock.NONE, note -> {});
        if (start.isPresent()) {
            Facts known = start.get().facts();
            return known.copy(known.files().copy().with(reads), cancel);
        }
        ScriptFiles files = new ScriptFiles(text.folder(), text.folder(), WritePermissions.USUAL, Set.of())
                .forText(text.folder(), text.file())
                .with(reads)
                .leavingPipes();
        return new Facts(files, Settings.DEFAULT, cancel);
    }
}
