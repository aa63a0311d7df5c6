package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Workers;
import io.circuitscript.model.natives.NativeCache;
import io.circuitscript.runtime.evaluate.AssignedNames;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;

/** One run of a script, or one session at the prompt: the model, the data, the circuit, the variables. Close it. */
public final class Session implements AutoCloseable {
    private static final int CANCELLED = 130;

    /** The most mistakes that are shown of one run. */
    private static final int MOST_SHOWN = 10;

    /** The most mistakes that {@code check} shows of each file. */
    private static final int MOST_CHECKED = 10;

    /**
     * @param workingFolder where files are read that no script stands beside
     * @param outFolder where files are written; made where it is missing, and only when something is written
     * @param parameters values for {@code param} by name, as text of the language
     * @param writing what a script may write
     * @param share of the machine
     */
    public record Options(
            Path workingFolder,
            Path outFolder,
            Map<String, String> parameters,
            WritePermissions writing,
            MachineShare share) {
        public Options {
            parameters = Map.copyOf(parameters);
        }

        /** Options of a script that has the whole machine. */
        public Options(Path workingFolder, Path outFolder, Map<String, String> parameters, WritePermissions writing) {
            this(workingFolder, outFolder, parameters, writing, MachineShare.WHOLE);
        }

        /** Options of a script that may write to its folders. */
        public Options(Path workingFolder, Path outFolder, Map<String, String> parameters) {
            this(workingFolder, outFolder, parameters, WritePermissions.USUAL);
        }
    }

    private Options options;
    private final Output output;
    private final CancelToken cancel;
    private final Statements statements;
    private final State state;
    private final Scope globals = Scope.global();

    /** @param environment the process's variables */
    public Session(Options options, Output output, CancelToken cancel, Map<String, String> environment) {
        this(options, output, cancel, environment, CheckpointStore.NONE);
    }

    /** One whose long work can be gone on with. @param saving takes what it has so far */
    public Session(
            Options options,
            Output output,
            CancelToken cancel,
            Map<String, String> environment,
            CheckpointStore saving) {
        this.options = options;
        this.output = output;
        this.cancel = cancel;
        this.statements = new Statements(environment, () -> NativeCache.open(environment, output::say));
        this.state = new State(
                new ScriptFiles(options.workingFolder(), options.outFolder(), options.writing(), Set.of()),
                output,
                cancel,
                saving);
        state.setShare(options.share());
    }

    /** Every statement of the language, for help and completion. */
    public Statements statements() {
        return statements;
    }

    /** What is known now, for completion: the graph of the model, the circuits. A copy. */
    public Facts facts() {
        return state.facts();
    }

    public State state() {
        return state;
    }

    /** The files and models that the results so far follow from, and the files that were written. */
    public RunDependencies used() {
        return state.used();
    }

    /** Has analyses run on other processes, which the caller closes after the session. */
    public void workOn(Workers workers) {
        state.setWorkers(workers);
    }

    /** The variables by name, for completion. A copy. */
    public Map<String, AbstractValue> variables() {
        Map<String, AbstractValue> variables = new LinkedHashMap<>();
        for (String name : globals.names()) globals.find(name).ifPresent(value -> variables.put(name, value));
        return variables;
    }

    public void setVariable(String name, Value value) {
        globals.set(name, value);
    }

    public void removeVariable(String name) {
        globals.remove(name);
    }

    /** The folder that relative names of files start from. */
    public Path workingFolder() {
        return options.workingFolder();
    }

    /** Changes the folder that relative names of files start from, and into which files are written unless another was asked for. */
    public void setWorkingFolder(Path folder) {
        boolean own = options.outFolder().equals(options.workingFolder());
        Path out = own ? folder : options.outFolder().toAbsolutePath();
        options = new Options(folder, out, options.parameters(), options.writing());
        state.setFiles(state.files().movedTo(folder, out));
    }

    /** The language's functions. */
    public List<LanguageFunction> functions() {
        return Functions.all();
    }

    /**
     * Reads, checks and runs a text. Every mistake goes to the output; nothing runs where the check finds one.
     *
     * @param folder where files that the text names are looked for
     * @return the exit code that the language's reference gives: 0, 1 (an expect that does not hold), 65, 66, 69, 70, 130 (cancelled)
     * @throws RuntimeException a defect of ours, never a mistake of the user's
     */
    public int run(Source source, Path folder) {
        return run(source, folder, Lock.NONE);
    }

    /** The same with files and models that have to be those of a lock. */
    public int run(Source source, Path folder, Lock lock) {
        return run(
                Parser.parse(source),
                folder,
                options.parameters(),
                lock,
                Interpreter.Use.UNREAD,
                (statement, value) -> {});
    }

    /** The same for a script whose value is wanted. @param done is told of each statement of the script that ran to its end, with its value */
    public int run(Source source, Path folder, Lock lock, BiConsumer<Statement, Value> done) {
        return run(Parser.parse(source), folder, options.parameters(), lock, Interpreter.Use.LAST, done);
    }

    /**
     * The same for an input at the prompt, which need not have the {@code param} of every value that the command line gave.
     *
     * @param done is told of each statement that ran to its end, with its value, as soon as it has
     */
    public int enter(Source source, Path folder, BiConsumer<Statement, Value> done) {
        Parsed parsed = Parser.parse(source);
        Map<String, String> parameters = new LinkedHashMap<>(options.parameters());
        parameters.keySet().retainAll(AssignedNames.params(parsed.statements()));
        return run(parsed, folder, parameters, Lock.NONE, Interpreter.Use.UNREAD, done);
    }

    private int run(
            Parsed parsed,
            Path folder,
            Map<String, String> parameters,
            Lock lock,
            Interpreter.Use use,
            BiConsumer<Statement, Value> done) {
        Source source = parsed.source();
        try {
            setFiles(source, folder, lock);
            state.defined().forgetImports();
            var imports = new Imports(options.workingFolder(), file(source));
            CheckFindings findings = CheckFindings.of(parsed, statements, parameters, globals, state.facts(), imports);
            show(findings.diagnostics(), MOST_SHOWN);
            if (findings.exitCode() != 0) return findings.exitCode();
            new Interpreter(state, globals, statements, output, cancel, parameters, imports)
                    .run(parsed.statements(), use, done);
            return 0;
        } catch (Mistake mistake) {
            output.diagnostic(mistake.diagnostic());
            return mistake.exitCode();
        } catch (CancellationException e) {
            return CANCELLED;
        } catch (StackOverflowError e) {
            return fail(
                    source,
                    ErrorCode.TOO_DEEP,
                    "the script is nested too deeply to run",
                    "write it in smaller steps, with `let`");
        } catch (OutOfMemoryError e) {
            return fail(source, HeapFull.error(e));
        }
    }

    /**
     * Reads and checks a text and runs nothing: of models only configurations are read. Its mistakes go to the output, up to ten.
     *
     * @param folder where files that the text names are looked for
     * @return 0, 65, or 66 where nothing is wrong but that files or models are missing
     */
    public int check(Source source, Path folder) {
        return check(source, folder, Lock.NONE);
    }

    /** The same with files and models that have to be those of a lock. */
    public int check(Source source, Path folder, Lock lock) {
        try {
            Parsed parsed = Parser.parse(source);
            setFiles(source, folder, lock);
            CheckFindings findings = CheckFindings.of(parsed, statements, options.parameters(), globals, state.facts());
            show(findings.diagnostics(), MOST_CHECKED);
            return findings.exitCode();
        } catch (Mistake full) {
            output.diagnostic(full.diagnostic());
            return full.exitCode();
        } catch (CancellationException e) {
            return CANCELLED;
        } catch (StackOverflowError e) {
            return fail(
                    source,
                    ErrorCode.TOO_DEEP,
                    "the script is nested too deeply to check",
                    "write it in smaller steps, with `let`");
        } catch (OutOfMemoryError e) {
            return fail(source, HeapFull.error(e));
        }
    }

    /** @throws UserError where what the session follows from would be lost, were the file written over */
    public void checkKept(String name, Path file) {
        state.files().checkKept(name, file);
    }

    /** What the last text was found to need. */
    public Lock.Needs needs() {
        return state.files().reads().needs();
    }

    private void setFiles(Source source, Path folder, Lock lock) {
        state.setFiles(state.files().forText(folder, file(source)).with(new FileReads(lock, output::say)));
    }

    private void show(List<Diagnostic> diagnostics, int most) {
        diagnostics.stream().limit(most).forEach(output::diagnostic);
        int more = diagnostics.size() - most;
        if (more > 0) output.say("… and " + NumberText.count(more) + " more, which are shown once these are fixed");
    }

    /** The file that a text stands in; empty where it came from elsewhere, as {@code <command>} did. */
    private Optional<Path> file(Source source) {
        if (source.name().startsWith("<")) return Optional.empty();
        return Optional.of(
                options.workingFolder().resolve(source.name()).toAbsolutePath().normalize());
    }

    private int fail(Source source, ErrorCode code, String message, String help) {
        return fail(source, UserError.failure(code, message, help));
    }

    private int fail(Source source, UserError error) {
        output.diagnostic(error.at(new Span(source, 0, 0)));
        return error.kind().exitCode();
    }

    @Override
    public void close() {
        state.close();
    }
}
