package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same bytes from processes that share nothing but the script: another locale, time zone, encoding, other hashes. */
@Timeout(300)
final class DeterminismTest {
    private static final String SCRIPT_FILE = "skript-ğ.circuit";

    private static final String SCRIPT = """
            load demo
            predict "Größe" top=3
            data "größe.csv" seed=3 limit=5
            baseline
            attribute ig=3
            top 30
            evaluate
            nodes a*.h*
            sweep sizes=[5, 40, 200]
            plot "kurve-ı.svg"
            save "kreis-größe.json"
            save "kreis.pt"
            render "bild.dot"
            render "bild.svg"
            render "bild.png"
            plot "kurve.png"
            report "bericht.html"
            print 1234567.5, 0.0001, "{1 / 3:.3}"
            expect 1 == 2
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve(SCRIPT_FILE), SCRIPT);
        Files.copy(Path.of("../examples/greater-than.csv"), folder.resolve("größe.csv"));
    }

    /** A run and a lock in processes of their own, and all that they left: results, messages, files; of the record all but its times. */
    private Map<String, String> run(String out, List<String> options, Map<String, String> variables) throws Exception {
        Map<String, String> found = new TreeMap<>();
        int code = circuit(options, variables, "run", SCRIPT_FILE, "--json", "--record", "--out", out);
        found.put("results", Files.readString(folder.resolve("stdout")));
        found.put("messages", Files.readString(folder.resolve("stderr")).replace(out + "/", ""));
        assertEquals(1, code, found.toString());
        assertEquals(0, circuit(options, variables, "lock", SCRIPT_FILE), () -> "a lock");
        Files.move(folder.resolve("skript-ğ.lock.json"), folder.resolve(out).resolve("skript-ğ.lock.json"));
        try (Stream<Path> files = Files.list(folder.resolve(out))) {
            for (Path file : files.toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1); // each character is a byte
                boolean timed = file.toString().endsWith(".record.json");
                found.put(file.getFileName().toString(), timed ? bytes.replaceFirst("(?s)\"times\".*", "") : bytes);
            }
        }
        return found;
    }

    private int circuit(List<String> options, Map<String, String> variables, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-XX:+UnlockExperimentalVMOptions"));
        all.addAll(options);
        List<String> command = JavaCommand.of(all, JavaCommand.CIRCUIT, arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // as the launcher does: names of files are UTF-8
        builder.environment().putAll(variables);
        return builder.start().waitFor();
    }

    @Test
    void theBytesDependOnNeitherLocaleNorTimeZoneNorEncodingNorHashes() throws Exception {
        Map<String, String> first = run("a", List.of("-XX:hashCode=0"), Map.of("TZ", "UTC"));
        List<String> written = List.of(
                "bericht.html",
                "bild.dot",
                "bild.png",
                "bild.svg",
                "kreis-größe.json",
                "kreis.pt",
                "kurve-ı.svg",
                "kurve.png",
                "messages",
                "results",
                "skript-ğ.lock.json",
                "skript-ğ.record.json");
        assertEquals(written, List.copyOf(first.keySet()));
        assertTrue(first.get("messages").contains("error[E0"), first.get("messages"));
        List<String> arabic =
                List.of("-XX:hashCode=2", "-Duser.language=ar", "-Duser.country=EG", "-Dfile.encoding=ISO-8859-1");
        same(first, run("b", arabic, Map.of("TZ", "Asia/Tokyo")));
        List<String> turkish = List.of(
                "-XX:hashCode=5", "-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=America/St_Johns");
        same(first, run("c", turkish, Map.of("LANG", "de_DE", "LC_NUMERIC", "de_DE")));
        same(first, run("d", List.of("-XX:hashCode=2"), Map.of("TZ", "Pacific/Kiritimati")));
    }

    private static void same(Map<String, String> first, Map<String, String> other) {
        assertEquals(first.keySet(), other.keySet());
        first.forEach((name, text) -> assertEquals(text, other.get(name), name));
    }
}
