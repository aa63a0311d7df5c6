package io.circuitscript.runtime;

import io.circuitscript.io.Unreadable;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.files.StandardData;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads imported files. Each file is read once, though the check and the run both use it. */
final class Imports {
    private static final String ENDING = ".circuit";

    /**
     * A file of definitions.
     *
     * @param key tells it from all others
     * @param folder where the files that it names are looked for; empty: it comes from the standard library
     */
    record Library(String key, Parsed parsed, Optional<Path> folder) {
        String shown() {
            return parsed.source().name();
        }
    }

    private final Path workingFolder;
    private final Function<Path, Optional<String>> unsaved;
    private final Map<String, Library> known = new HashMap<>();
    private final List<String> openKeys = new ArrayList<>();
    private final List<String> openNames = new ArrayList<>();

    /** @param script the file that the importing text stands in, if any */
    Imports(Path workingFolder, Optional<Path> script) {
        this(workingFolder, script, file -> Optional.empty());
    }

    /** @param unsaved the text of a file that stands in for what is on the disk, where there is one */
    Imports(Path workingFolder, Optional<Path> script, Function<Path, Optional<String>> unsaved) {
        this.workingFolder = workingFolder.toAbsolutePath().normalize();
        this.unsaved = unsaved;
        script.ifPresent(file -> {
            openKeys.add(file.toString());
            openNames.add(shown(file));
        });
    }

    private String shown(Path file) {
        return (file.startsWith(workingFolder) ? workingFolder.relativize(file) : file).toString();
    }

    /**
     * The file that an import names, with or without its ending: beside the importing one, or of the standard library.
     *
     * @throws Mistake where there is none, or where it imports, by whatever way, itself
     */
    Library open(AbstractValue path, Span span, ScriptFiles files) {
        if (!path.type().mayBe(Type.TEXT)) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "`import` takes a file's name in quotes, not " + path.phrase(),
                    span,
                    "as in import \"lib\"");
        }
        if (!(path instanceof Value.Text(String name))) {
            throw Mistake.form(
                    ErrorCode.IMPORT_NOT_CONSTANT,
                    "which file is imported must be known before the run",
                    span,
                    "write its name: import \"lib\"");
        }
        try {
            Library library = name.startsWith(StandardData.PREFIX) ? standard(name) : file(name, files);
            int at = openKeys.indexOf(library.key());
            if (at < 0) return library;
            List<String> chain = new ArrayList<>(openNames.subList(at, openNames.size()));
            chain.add(library.shown());
            String message = chain.size() == 2
                    ? library.shown() + " imports itself"
                    : "these files import one another in a circle";
            throw Mistake.value(ErrorCode.IMPORT_CYCLE, message, span, "move what they share into a file of its own")
                    .withNotes(List.of(String.join(" -> ", chain)));
        } catch (UserError e) {
            throw Mistake.at(span, e);
        }
    }

    private static Library standard(String name) {
        String script = name.substring(StandardData.PREFIX.length());
        if (script.endsWith(ENDING)) script = script.substring(0, script.length() - ENDING.length());
        if (!StandardLibrary.SCRIPTS.contains(script)) {
            String all = String.join(
                    ", ",
                    StandardLibrary.SCRIPTS.stream()
                            .map(it -> StandardData.PREFIX + it)
                            .toList());
            throw UserError.missing(ErrorCode.MISSING_FILE, "the standard library has no " + name, "it has " + all);
        }
        return new Library(
                StandardData.PREFIX + script, StandardLibrary.parsed(script).orElseThrow(), Optional.empty());
    }

    private Library file(String name, ScriptFiles files) {
        String whole = name.endsWith(ENDING) || files.has(name) ? name : name + ENDING;
        files.checkReadNow(whole);
        Path path = files.toRead(whole);
        return known.computeIfAbsent(
                path.toString(),
                key -> new Library(
                        key,
                        Parser.parse(new Source(shown(path), unsaved.apply(path).orElseGet(() -> text(whole, path)))),
                        Optional.of(path.getParent())));
    }

    private static String text(String name, Path file) {
        try {
            if (Files.size(file) > Parser.MOST_CHARACTERS * 4L) {
                throw UserError.input(
                        ErrorCode.TOO_LONG, name + " is not a script: it is longer than 8 MB", "import takes a script");
            }
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw UserError.input(ErrorCode.NOT_UTF_8, name + " is not UTF-8 text", "import takes a script");
        } catch (IOException e) {
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + name + ": " + Unreadable.why(e),
                    Unreadable.help(e, "import takes a script"));
        }
    }

    /** Visits a library's definitions, with the files that they name looked for beside it. What is no definition is handed to {@code wrong}. */
    void visit(
            Library library,
            java.util.function.Supplier<ScriptFiles> files,
            Consumer<Statement> definition,
            Consumer<Mistake> wrong) {
        Optional<Path> before = library.folder().map(folder -> files.get().enter(folder));
        openKeys.add(library.key());
        openNames.add(library.shown());
        try {
            for (Statement statement : library.parsed().statements()) {
                if (isDefinition(statement)) definition.accept(statement);
                else wrong.accept(notADefinition(statement));
            }
        } finally {
            openKeys.removeLast();
            openNames.removeLast();
            before.ifPresent(folder -> files.get().enter(folder));
        }
    }

    private static boolean isDefinition(Statement statement) {
        return switch (statement) {
            case Statement.Let _,
                    Statement.Param _,
                    Statement.Def _,
                    Statement.Import _,
                    Statement.CircuitDefinition _,
                    Statement.TaskDefinition _,
                    Statement.MetricDefinition _,
                    Statement.Unknown _ -> true;
            case Statement.Command _,
                    Statement.Print _,
                    Statement.Expect _,
                    Statement.For _,
                    Statement.While _,
                    Statement.Quiet _,
                    Statement.Jump _,
                    Statement.Return _,
                    Statement.If _,
                    Statement.GenerateData _,
                    Statement.Help _,
                    Statement.ExpressionStatement _ -> false;
        };
    }

    private static Mistake notADefinition(Statement statement) {
        return Mistake.form(
                ErrorCode.NOT_A_DEFINITION,
                "a file that is imported holds definitions only",
                statement.span(),
                "definitions are let, param, def, circuit, task, metric, loss and import; put what runs into the script that imports");
    }
}
