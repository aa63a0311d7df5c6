package io.circuitscript.cli.each;

import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.value.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** One combination of values, which one run of the script gets. */
public final class Cell {
    /** A folder's name may have 255 bytes on most disks, and the names of files below it need room in a path. */
    private static final int LONGEST_NAME = 150;

    private static final int HASH = 16;

    private final int index;
    private final SequencedMap<String, Value> values;
    private final SequencedMap<String, String> texts;
    private final Map<String, String> fixed;

    Cell(int index, Map<String, Value> values, Map<String, String> texts, Map<String, String> fixed) {
        this.index = index;
        this.values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        this.texts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(texts));
        this.fixed = fixed;
    }

    /** Its place in the grid, from 0. */
    public int index() {
        return index;
    }

    SequencedMap<String, Value> values() {
        return values;
    }

    /** All parameters of its run, as {@code -D} would give them. */
    public Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>(fixed);
        all.putAll(texts);
        return all;
    }

    /**
     * The name of its folder, as {@code n=10,seed=1}. Bytes that not every disk takes in a name, and those that have a
     * meaning here, are percent-encoded. A long name is cut, and ends with a hash of the whole.
     */
    public String name() {
        String name = texts.entrySet().stream()
                .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
                .collect(Collectors.joining(","));
        if (name.length() <= LONGEST_NAME) return name;
        return name.substring(0, LONGEST_NAME - HASH - 1) + "~"
                + FileHashes.ofText(name).substring(0, HASH);
    }

    private static String encoded(String text) {
        StringBuilder name = new StringBuilder();
        for (byte b : FileHashes.bytes(text)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._-+".indexOf(c) >= 0;
            if (plain) name.append(c);
            else name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return name.toString();
    }
}
