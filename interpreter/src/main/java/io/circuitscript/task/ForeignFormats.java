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
import java.util.Locale;
import java.util.regex.Pattern;

/** Files of other formats than CSV, told apart by how they begin, and how each becomes CSV. */
final class ForeignFormats {
    private static final int HEAD = 4096;

    /** A list of objects, or an object, whose first name is in quotes. No header of a CSV file begins so. */
    private static final Pattern JSON = Pattern.compile("\\A\\s*(\\[\\s*)?\\{\\s*\"[^\"]*\"\\s*:", Pattern.DOTALL);

    private static final List<String> LINES = List.of("jsonl", "ndjson");

    /** An object on the first line, whose first value is neither a list nor an object: pandas reads a single one as JSON Lines alone. */
    private static final Pattern FLAT =
            Pattern.compile("\\A\\{[ \\t]*\"[^\"\\n]*\"[ \\t]*:[ \\t]*[^\\s\\[{][^\\n]*(\\}[ \\t\\r]*\\n|\\z)");

    private static final Pattern NEXT_OBJECT = Pattern.compile("\\}[ \\t\\r]*\\n[ \\t]*\\{");

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
            Magic.of("Parquet", "PAR1", "read_parquet(%s)"),
            Magic.of("Arrow", "ARROW1", "read_feather(%s)"),
            Magic.of("an Excel workbook or another zip archive", "PK\u0003\u0004", "read_excel(%s)"),
            Magic.of("compressed by gzip", "\u001f\u008b", "read_csv(%s, compression='gzip')"));

    private ForeignFormats() {}

    /** @throws UserError naming the format, where the file is of one */
    static void refuse(String name, Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        for (Magic magic : MAGIC) {
            if (magic.begins(head)) throw refused(name, magic.name(), magic.read());
        }
        String decoded = new String(head, StandardCharsets.UTF_8);
        String text = (decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded).stripLeading();
        if (!JSON.matcher(text).find()) return;
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean lines = !text.startsWith("[")
                && (LINES.contains(ending)
                        || NEXT_OBJECT.matcher(text).find()
                        || FLAT.matcher(text).find());
        throw lines
                ? refused(name, "JSON Lines, an object on each line", "read_json(%s, lines=True)")
                : refused(name, "JSON", "read_json(%s)");
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
                QuotedText.of(name) + " is " + format + ", and data reads CSV",
                List.of(),
                "convert it: python3 -c \"import pandas; pandas." + read.replace("%s", from) + ".to_csv(" + to
                        + ", index=False)\"");
    }
}
