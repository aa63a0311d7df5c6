package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.files.TableFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.List;

/** {@code write}: a table in a file. */
final class WriteTable implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "write",
                    "writes a table as .csv, .tsv, .jsonl, .json or .parquet; the file's ending decides",
                    "write edges \"edges.csv\"")
            .takes(
                    required("table", Kind.TABLE, "a list of records, or a statement whose result has a table"),
                    required("file", Kind.OUTPUT_FILE, "where to write it"))
            .options(truth("append", false, "adds the rows to those of the file, which has the same columns"))
            .gives("file", Type.TEXT)
            .gives("rows", Type.NUMBER)
            .in(HelpGroup.FILES)
            .shown(WriteTable::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        FileExtensions.check(arguments, TableFiles::checkEnding);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Value.ListOf table = (Value.ListOf) arguments.value("table");
        String name = arguments.text("file");
        if (table.items().isEmpty())
            state.say("the table for " + name + " has no rows, and so no columns: the file has none either");
        return arguments.at("file", () -> {
            TableFiles.write(table, name, state.files().toWrite(name), arguments.truth("append"));
            return ResultFields.of("write")
                    .put("file", name)
                    .put("rows", table.items().size())
                    .done();
        });
    }

    private static List<String> lines(Value.Fields result, ResultText text) {
        return List.of(text.wrote(result).getFirst() + ": " + ResultText.counted(result, "rows", "row"));
    }
}
