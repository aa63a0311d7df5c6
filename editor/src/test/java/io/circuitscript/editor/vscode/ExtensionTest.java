package io.circuitscript.editor.vscode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The VS Code extension. What Node has to run is tested where {@code CIRCUIT_TEST_NODE} is 1 and {@code npm ci} was run in its folder. */
final class ExtensionTest {
    private static final Path FOLDER = Path.of("vscode");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void itsVersionIsTheProgramsOwn() throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        String version = pom.getElementsByTagName("version").item(0).getTextContent();
        assertEquals(version, json("package.json").get("version").asText());
        assertEquals(version, json("package-lock.json").get("version").asText());
        assertTrue(Files.readString(FOLDER.resolve("CHANGELOG.md")).contains("\n## " + version + "\n"));
    }

    /** What the manifest names is there, and what it tells users of is in its page. */
    @Test
    void theManifestIsTrue() throws IOException {
        JsonNode contributes = json("package.json").get("contributes");
        for (String kind : List.of("grammars", "snippets")) {
            for (JsonNode it : contributes.get(kind))
                assertTrue(Files.exists(FOLDER.resolve(it.get("path").asText())));
        }
        String readme = Files.readString(FOLDER.resolve("README.md"));
        String page = Files.readString(Path.of("../docs/editor.md"));
        for (JsonNode command : contributes.get("commands")) {
            String title = command.get("category").asText() + ": "
                    + command.get("title").asText();
            assertTrue(readme.contains(title), title);
            assertTrue(page.contains(command.get("title").asText()), title);
        }
        contributes.get("configuration").get("properties").fieldNames().forEachRemaining(setting -> {
            assertTrue(readme.contains("`" + setting + "`"), setting);
            assertTrue(page.contains("`" + setting + "`"), setting);
        });
    }

    /** Nobody's registry is in the lock: npm asks the one that it is set up for. */
    @Test
    void theLockNamesNoRegistry() throws IOException {
        assertTrue(!Files.readString(FOLDER.resolve("package-lock.json")).contains("\"resolved\""));
    }

    @Test
    void theGrammarGivesWhatItsTestsExpect() throws Exception {
        node(
                "node_modules/vscode-tmgrammar-test/dist/unit.js",
                "-g",
                "syntaxes/circuitscript.tmLanguage.json",
                "test/grammar/*.circuit");
    }

    /** Every piece of every example, and of every script of the language's tests that reads, is coloured as what the program's own lexer says it is. */
    @Test
    void theGrammarAgreesWithTheLexer() throws Exception {
        ArrayNode scripts = JSON.createArrayNode();
        for (Path script : scripts()) {
            String text = Files.readString(script);
            if (!Parser.parse(new Source(script.toString(), text)).diagnostics().isEmpty()) continue;
            ObjectNode it = scripts.addObject().put("name", script.toString()).put("text", text);
            ArrayNode pieces = it.putArray("pieces");
            for (Lexeme lexeme : Lexeme.of(text)) {
                pieces.addObject()
                        .put("kind", lexeme.kind().name())
                        .put("text", lexeme.text())
                        .put("start", text.offsetByCodePoints(0, lexeme.start()));
            }
        }
        Path pieces = folder.resolve("pieces.json");
        JSON.writeValue(pieces.toFile(), scripts);
        node("test/agreement.mjs", pieces.toString());
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("../examples"));
                Stream<Path> cases = Files.walk(Path.of("../interpreter/src/test/resources/conformance"))) {
            return Stream.concat(examples, cases)
                    .filter(file -> file.toString().endsWith(".circuit"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void itsPartsDoWhatTheyShould() throws Exception {
        node("--test", "test/parts.test.mjs");
    }

    /** It is checked, bundled and packed; what the package holds is what runs, and nothing else. */
    @Test
    void itPacks() throws Exception {
        command("npm", "run", "--silent", "package");
        Path packed = FOLDER.resolve(
                "dist/circuitscript-" + json("package.json").get("version").asText() + ".vsix");
        assertTrue(Files.size(packed) < 300_000, () -> packed + " is large");
        try (ZipFile zip = new ZipFile(packed.toFile())) {
            List<String> names = zip.stream().map(ZipEntry::getName).sorted().toList();
            assertTrue(names.contains("extension/dist/extension.js"), names::toString);
            assertTrue(
                    names.stream().noneMatch(name -> name.contains("node_modules") || name.endsWith(".ts")),
                    names::toString);
            String bundle = new String(
                    zip.getInputStream(zip.getEntry("extension/dist/extension.js"))
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertTrue(bundle.contains("circuitscript.showPicture"));
        }
    }

    private static JsonNode json(String file) throws IOException {
        return JSON.readTree(Files.readString(FOLDER.resolve(file)));
    }

    private static void node(String... arguments) throws Exception {
        command(Stream.concat(Stream.of("node"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static void command(String... words) throws Exception {
        assumeTrue(
                "1".equals(System.getenv("CIRCUIT_TEST_NODE"))
                        && Files.exists(FOLDER.resolve("node_modules/.package-lock.json")),
                "needs Node: CIRCUIT_TEST_NODE=1, after `npm ci` in editor/vscode");
        Process process = new ProcessBuilder(words)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), out);
    }
}
