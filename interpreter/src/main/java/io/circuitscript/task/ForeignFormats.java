package io.circuitscript.task;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.PythonText;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Files of formats that data does not read, told apart by how they begin, and how each becomes CSV. */
final class ForeignFormats {
    private static final int HEAD = 16;

    /**
     * A format that begins with certain bytes.
     *
     * @param read what reads it in pandas, given the file's name in quotes; empty where nothing on one line does
     */
    private record Magic(String name, byte[] bytes, String read) {
        static Magic of(String name, String bytes, String read) {
            return new Magic(name, bytes.getBytes(StandardCharsets.ISO_8859_1), read);
        }

        boolean begins(byte[] head) {
            return head.length >= bytes.length && Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
        }
    }

    private static final List<Magic> MAGIC = List.of(
            Magic.of("Arrow", "ARROW1", "read_feather(%s)"),
            Magic.of("Feather", "FEA1", "read_feather(%s)"),
            Magic.of("an Excel workbook or another zip archive", "PK\u0003\u0004", "read_excel(%s)"),
            Magic.of("compressed by gzip", "\u001f\u008b", "read_csv(%s, compression='gzip')"),
            Magic.of("compressed by bzip2", "BZh", "read_csv(%s, compression='bz2')"),
            Magic.of("compressed by xz", "\u00fd7zXZ", "read_csv(%s, compression='xz')"),
            Magic.of("compressed by zstd", "\u0028\u00b5\u002f\u00fd", "read_csv(%s, compression='zstd')"),
            Magic.of("an SQLite database", "SQLite format 3", "read_sql('SELECT * FROM pairs', 'sqlite:///' + %s)"));

    private ForeignFormats() {}

    /** @throws UserError naming the format, where the file is of one */
    static void refuse(String name, Path file) {
        if (!Files.isRegularFile(file)) return; // said where it is read
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        } catch (IOException unreadable) {
            return; // said where it is read
        }
        for (Magic magic : MAGIC) {
            if (magic.begins(head)) throw refused(name, magic.name(), magic.read());
        }
    }

    private static UserError refused(String name, String format, String read) {
        int dot = name.lastIndexOf('.');
        String stem = dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
        String csv = stem.endsWith(".csv") ? stem : stem + ".csv";
        if (csv.equals(name)) csv = stem + "-converted.csv";
        String from = "'" + PythonText.escaped(name) + "'";
        String to = "'" + PythonText.escaped(csv) + "'";
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_NOT_CSV,
                QuotedText.of(name) + " is " + format + ", and data reads CSV, TSV, JSON Lines, JSON and Parquet",
                List.of(),
                "convert it: python3 -c \"import pandas; pandas." + read.replace("%s", from) + ".to_csv(" + to
                        + ", index=False)\"");
    }
}
