package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.files.TableFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code read}: a table from a file. */
final class ReadTable implements StatementHandler {
    /** A larger file is not read by the check. */
    private static final long QUICKLY_READ = 1 << 20;

    /** What the check knows of a file: in a loop it is asked again and again. */
    private record Looked(Path file, FileTime time, AbstractValue table) {}

    private Optional<Looked> last = Optional.empty();

    private static final Declaration DECLARATION = Declaration.of(
                    "read",
                    "reads a table from a .csv, .tsv, .jsonl, .json or .parquet file: a list of records",
                    "let pairs = read \"std/ioi.csv\"\nprint pairs[0..2]")
            .takes(required("file", Kind.INPUT_FILE, "the file; its first line, or its schema, has the columns")
                    .offering(Offers.TABLES))
            .gives("rows", Type.NUMBER)
            .gives("columns", Type.LIST)
            .in(HelpGroup.FILES)
            .shown(ReadTable::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    /** A file that is there already, and that no statement before this one writes, is read: a misspelt column is then told of before anything runs. */
    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Optional<String> name = arguments.knownText("file");
        if (name.isEmpty() || facts.files().isWritten(name.get())) return Unknown.of(Type.LIST);
        Path file;
        FileTime time;
        try {
            file = facts.files().toRead(name.get());
            if (Files.size(file) > QUICKLY_READ) return Unknown.of(Type.LIST);
            time = Files.getLastModifiedTime(file);
        } catch (UserError | IOException notYetThere) {
            return Unknown.of(Type.LIST);
        }
        if (last.isEmpty()
                || !last.get().file().equals(file)
                || !last.get().time().equals(time)) {
            Value.ListOf table = arguments.at("file", () -> TableFiles.read(name.get(), file));
            last = Optional.of(new Looked(file, time, Unknown.listOf(Shapes.itemOf(table))));
        }
        return last.get().table();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String name = arguments.text("file");
        return arguments.at("file", () -> TableFiles.read(name, state.files().toRead(name)));
    }

    @Override
    public Optional<Value.Fields> shown(Value value, Arguments arguments, State state) {
        Value.ListOf table = (Value.ListOf) value;
        List<String> columns = Tables.columns(table.items()).map(List::copyOf).orElse(List.of());
        return Optional.of(ResultFields.of("read")
                .put("rows", table.items().size())
                .put("columns", columns)
                .done());
    }

    private static List<String> lines(Value.Fields result, ResultText text) {
        String columns = ResultText.list(result, "columns").stream()
                .map(ResultText::shown)
                .collect(Collectors.joining(", "));
        return List.of(ResultText.counted(result, "rows", "row") + (columns.isEmpty() ? "" : ": " + columns));
    }
}
