package io.circuitscript.assist;

import io.circuitscript.io.UserHome;
import io.circuitscript.runtime.files.StandardData;
import io.circuitscript.runtime.metric.StandardLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Suggests files of a folder, and the column names of a table. */
public final class FileSuggestions {
    /** Of a folder of more entries the rest is not offered. */
    private static final int MOST = 2000;

    /** A first line that is longer is no list of columns. */
    private static final int LONGEST_HEADER = 10_000;

    private final Path folder;

    public FileSuggestions(Path folder) {
        this.folder = folder;
    }

    /** @param typed the name so far; hidden files are offered where it begins with a point */
    public List<Suggestion> files(String typed, Set<String> extensions) {
        return entries(
                typed,
                path -> extensions.isEmpty()
                        || extensions.contains(ending(path.getFileName().toString())));
    }

    /** Tables that a statement can read: those of the folder, and then the data that comes with the program. */
    List<Suggestion> tables(String typed, Set<String> extensions) {
        return with(StandardData.NAMES, files(typed, extensions));
    }

    /** Scripts that can be imported: those of the folder, and then those that come with the program. */
    List<Suggestion> scripts(String typed) {
        List<String> names = StandardLibrary.SCRIPTS.stream()
                .map(StandardData.PREFIX::concat)
                .toList();
        return with(names, files(typed, Set.of("circuit")));
    }

    private static List<Suggestion> with(List<String> library, List<Suggestion> files) {
        List<Suggestion> offers = new ArrayList<>(files);
        library.forEach(name -> offers.add(Suggestion.of(name, "comes with the program")));
        return offers;
    }

    public List<Suggestion> folders(String typed) {
        return entries(typed, path -> false);
    }

    private List<Suggestion> entries(String typed, Predicate<Path> wanted) {
        int slash = typed.lastIndexOf('/');
        String begun = typed.substring(0, slash + 1);
        List<Suggestion> offers = new ArrayList<>();
        try (Stream<Path> entries = Files.list(resolve(begun))) {
            for (Path path : entries.limit(MOST).sorted().toList()) {
                String name = path.getFileName().toString();
                if (name.startsWith(".") && !typed.substring(slash + 1).startsWith(".")) continue;
                if (Files.isDirectory(path)) offers.add(Suggestion.open(begun + name + "/", ""));
                else if (wanted.test(path)) offers.add(Suggestion.of(begun + name, ""));
            }
        } catch (IOException | InvalidPathException nothingThere) {
            return List.of();
        }
        return offers;
    }

    private Path resolve(String name) {
        return UserHome.resolve(name, folder, () -> UserHome.of(System.getenv()).orElse(folder));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The columns that a table's first line names; none where it cannot be read. */
    List<String> columns(String file) {
        try {
            Path table = StandardData.file(file).orElseGet(() -> resolve(file));
            return Files.isRegularFile(table) ? columns(table) : List.of(); // a pipe would be waited for
        } catch (IOException | InvalidPathException unreadable) {
            return List.of();
        }
    }

    private static List<String> columns(Path table) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(table, StandardCharsets.UTF_8)) {
            char[] start = new char[LONGEST_HEADER];
            int length = reader.read(start);
            if (length <= 0) return List.of();
            String header = new String(start, 0, length).lines().findFirst().orElse("");
            return Stream.of(header.split(","))
                    .map(column -> column.strip().replace("\"", "").replace("\uFEFF", ""))
                    .toList();
        }
    }
}
