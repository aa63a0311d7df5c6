package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of methods and tasks in the pages are what {@code examples/leaderboard.circuit} prints. A part of each is computed again. */
class LeaderboardTest {
    private static final Path DOCS = Path.of("../docs");

    @TempDir
    Path folder;

    @Test
    void ofTheBundledModel() throws IOException {
        agree(
                "methods.md",
                "demo",
                List.of("ioi", "capitals"),
                List.of("eap", "eap-ig", "clean-corrupted", "atp*", "relp", "information-flow-routes", "exact"));
        agree("methods.md", "demo", List.of("ioi"), List.of("acdc"));
    }

    @Test
    void ofTheModelWhoseCircuitsAreKnown() throws IOException {
        List<String> tasks = List.of("planted-greater-than", "planted-ioi", "planted-gender", "planted-capitals");
        agree(
                "planted.md",
                "planted",
                tasks,
                List.of("exact", "eap", "eap-ig", "clean-corrupted", "atp*", "relp", "information-flow-routes"));
        agree("planted.md", "planted", tasks.subList(3, 4), List.of("ugs"));
        Map<String, Map<String, String>> page = table(Files.readAllLines(DOCS.resolve("planted.md")));
        for (String task : tasks) {
            double auc = Double.parseDouble(page.get("exact").get(task).split(" ")[2]);
            assertTrue(auc >= 0.99, task + ": the AUC of exact ablation is " + auc);
        }
    }

    private void agree(String page, String model, List<String> tasks, List<String> methods) throws IOException {
        Path script = folder.resolve("leaderboard.circuit");
        Files.copy(Path.of("../examples/leaderboard.circuit"), script, StandardCopyOption.REPLACE_EXISTING);
        CommandRun run = CommandRun.of(
                folder,
                "run",
                script.getFileName().toString(),
                "--quiet",
                "-D",
                "model=" + model,
                "-D",
                "tasks=" + listed(tasks),
                "-D",
                "methods=" + listed(methods));
        assertEquals(0, run.exitCode(), run.err());
        Map<String, Map<String, String>> found = table(run.out().lines().toList());
        Map<String, Map<String, String>> shown = table(Files.readAllLines(DOCS.resolve(page)));
        assertEquals(methods, List.copyOf(found.keySet()), run.out());
        for (String method : methods) {
            assertTrue(shown.containsKey(method), method + " is not in the table of " + page);
            for (String task : tasks) {
                String cell = found.get(method).get(task);
                assertTrue(cell.matches("-?\\d+\\.\\d\\d -?\\d+\\.\\d\\d \\d\\.\\d\\d"), cell);
                assertEquals(shown.get(method).get(task), cell, page + ": " + method + " on " + task);
            }
        }
    }

    private static String listed(List<String> words) {
        return words.stream().map(it -> '"' + it + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    /** The cells of the table whose first column is {@code method}, by method and task. */
    private static Map<String, Map<String, String>> table(List<String> lines) {
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        List<String> head = List.of();
        for (String line : lines) {
            if (!line.startsWith("|")) head = List.of();
            else if (line.startsWith("| method |") && line.contains("| seconds |")) head = cells(line);
            else if (!head.isEmpty() && !line.startsWith("|--")) {
                List<String> cells = cells(line);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 1; i < head.size(); i++) row.put(head.get(i), cells.get(i));
                table.put(cells.getFirst().replace("`", ""), row);
            }
        }
        return table;
    }

    private static List<String> cells(String line) {
        return Stream.of(line.split("\\|")).skip(1).map(String::strip).toList();
    }
}
