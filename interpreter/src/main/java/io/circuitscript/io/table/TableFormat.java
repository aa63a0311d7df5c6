package io.circuitscript.io.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A format of tables in files. */
public enum TableFormat {
    CSV("CSV", ".csv"),
    TSV("TSV", ".tsv", ".tab"),
    JSONL("JSON Lines", ".jsonl", ".ndjson"),
    /** One list of objects. */
    JSON("JSON", ".json"),
    PARQUET("Parquet", ".parquet", ".pq");

    /** So many bytes are enough to tell a format by. */
    public static final int HEAD = 4096;

    /** An object whose first name is in quotes. */
    private static final Pattern OBJECT = Pattern.compile("\\A\\{\\s*\"[^\"]*\"\\s*:");

    private static final Pattern LIST = Pattern.compile("\\A\\[\\s*\\{\\s*\"[^\"]*\"\\s*:");

    private final String title;
    private final List<String> endings;

    TableFormat(String title, String... endings) {
        this.title = title;
        this.endings = List.of(endings);
    }

    /** As it is called in a sentence. */
    public String title() {
        return title;
    }

    /** With the dot; the first one is the usual one. */
    public List<String> endings() {
        return endings;
    }

    /** The format that the file's name ends in, if any. */
    public static Optional<TableFormat> ofEnding(Path file) {
        if (file.getFileName() == null) return Optional.empty();
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.endings.stream().anyMatch(name::endsWith))
                .findFirst();
    }

    /**
     * The format that a file seems to have by how it begins. Text that is nothing else is CSV, or TSV if its first line has more tabs than commas.
     *
     * @param head the first bytes of the file: {@link #HEAD} of them, or all
     * @return empty where it is no text
     */
    public static Optional<TableFormat> detect(byte[] head) {
        if (ParquetFormat.isParquet(head)) return Optional.of(PARQUET);
        for (byte b : head) if (b == 0) return Optional.empty();
        String text = new String(head, StandardCharsets.UTF_8);
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        String start = text.stripLeading();
        if (start.startsWith("{")) return Optional.of(JSONL);
        // A CSV may begin with a column [a].
        if (start.startsWith("[") && List.of("{", "]").contains(first(start.substring(1)))) return Optional.of(JSON);
        String line = start.lines().findFirst().orElse("");
        return Optional.of(count(line, '\t') > count(line, ',') ? TSV : CSV);
    }

    /**
     * The format of a file of data: by its content, and where that does not say by its ending. JSON and JSON Lines begin as no header does; a header with tabs
     * and no comma is one of TSV.
     *
     * @param bytes of the file, or its first {@link #HEAD}
     * @return empty where it is no text
     */
    static Optional<TableFormat> ofContent(byte[] bytes, Optional<TableFormat> ending) {
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, HEAD));
        if (ending.equals(Optional.of(PARQUET)) || ParquetFormat.isParquet(head)) return Optional.of(PARQUET);
        String text = new String(head, StandardCharsets.UTF_8);
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        String start = text.stripLeading();
        boolean said = ending.equals(Optional.of(JSON)) || ending.equals(Optional.of(JSONL));
        if (said ? start.startsWith("{") : OBJECT.matcher(start).find()) return Optional.of(JSONL);
        if (said ? start.startsWith("[") : LIST.matcher(start).find()) return Optional.of(JSON);
        if (said || ending.equals(Optional.of(TSV))) return ending;
        if (ending.isEmpty()) for (byte b : head) if (b == 0) return Optional.empty();
        String header = text.lines().filter(it -> !it.isEmpty()).findFirst().orElse("");
        return Optional.of(!header.contains(",") && header.contains("\t") ? TSV : CSV);
    }

    private static String first(String text) {
        String rest = text.stripLeading();
        return rest.isEmpty() ? "" : rest.substring(0, 1);
    }

    private static long count(String line, char wanted) {
        return line.chars().filter(c -> c == wanted).count();
    }
}
