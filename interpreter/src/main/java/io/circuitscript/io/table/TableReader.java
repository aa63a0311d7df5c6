package io.circuitscript.io.table;

import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Reads tables from files. Every mistake is a {@link UserError} that names the file, and where it can the row and the column. */
public final class TableReader {
    /** What is often meant, and is none of the formats, by how it begins. */
    private static final Map<String, String> FOREIGN = Map.of(
            "\u001F\u008B", "gzip",
            "PK\u0003\u0004", "a zip archive, or an Excel workbook",
            "ARROW1", "Arrow",
            "FEA1", "Feather",
            "SQLite format 3", "SQLite");

    private TableReader() {}

    /**
     * Reads a file in the format that its name ends in, or else in the one that it seems to have.
     *
     * @param name what messages call the file
     */
    public static TableData read(String name, Path file, TableLimits limits) {
        byte[] bytes = bytes(name, file, limits);
        TableFormat format = TableFormat.ofEnding(file)
                .or(() -> TableFormat.detect(Arrays.copyOf(bytes, Math.min(bytes.length, TableFormat.HEAD))))
                .orElseThrow(() -> new TableFault(name, TableFormat.CSV)
                        .malformed("it is not text", "a table is one of .csv, .tsv, .jsonl, .json, .parquet"));
        return read(name, bytes, format, limits);
    }

    /** @param name what messages call the file */
    public static TableData read(String name, Path file, TableFormat format, TableLimits limits) {
        return read(name, bytes(name, file, limits), format, limits);
    }

    /** @param name what messages call the bytes */
    public static TableData read(String name, byte[] bytes, TableFormat format, TableLimits limits) {
        TableFault fault = new TableFault(name, format);
        ItemBudget budget = new ItemBudget(fault, limits);
        if (bytes.length > limits.bytes()) throw tooLong(fault, limits);
        refuseForeign(bytes, fault);
        return switch (format) {
            case PARQUET -> ParquetReader.read(bytes, budget);
            case CSV, TSV -> SeparatedReader.read(text(bytes, fault), budget);
            case JSON, JSONL -> JsonRows.read(text(bytes, fault), budget);
        };
    }

    static byte[] bytes(String name, Path file, TableLimits limits) {
        Unreadable.refuse(name, file);
        if (Files.isDirectory(file))
            throw UserError.input(ErrorCode.NOT_A_FILE, name + " is a folder", "name the file itself");
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > limits.bytes()) throw tooLong(new TableFault(name, TableFormat.CSV), limits);
            return in.readNBytes((int) limits.bytes() + 1);
        } catch (NoSuchFileException e) {
            throw UserError.missing(ErrorCode.MISSING_FILE, "there is no file " + name, "looked for " + file);
        } catch (IOException e) {
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + name + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    private static UserError tooLong(TableFault fault, TableLimits limits) {
        return fault.tooLarge("too many bytes", TableFault.count(limits.bytes()));
    }

    private static void refuseForeign(byte[] bytes, TableFault fault) {
        if (fault.format() != TableFormat.PARQUET && ParquetFormat.isParquet(bytes))
            throw fault.malformed("it is a Parquet file", "rename it so that it ends in .parquet");
        String start = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1);
        FOREIGN.forEach((magic, what) -> {
            if (start.startsWith(magic))
                throw fault.malformed(
                        "it is " + what, "unpack or convert it to one of .csv, .tsv, .jsonl, .json, .parquet");
        });
    }

    static String text(byte[] bytes, TableFault fault) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw UserError.input(
                    ErrorCode.DATA_NOT_UTF8, fault.name() + " is not UTF-8 text", "save the file in UTF-8");
        }
    }
}
