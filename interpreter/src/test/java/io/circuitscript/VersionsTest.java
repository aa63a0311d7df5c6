package io.circuitscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that is released together has one version: that of the project. */
final class VersionsTest {
    private static final Path ROOT = Path.of("..");

    private static String version(String file, String pattern) throws IOException {
        Matcher version = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(ROOT.resolve(file)));
        assertTrue(version.find(), file + " names no version");
        return version.group(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "CITATION.cff, ^version: (.+)$",
                "notebook/python/pyproject.toml, `^version = \"(.+)\"$`",
                "editor/vscode/package.json, `^  \"version\": \"(.+)\",$`",
                "interpreter/pom.xml, <version>(.+?)</version>",
                "notebook/pom.xml, <version>(.+?)</version>",
                "editor/pom.xml, <version>(.+?)</version>",
                "cluster/pom.xml, <version>(.+?)</version>",
                "dist/pom.xml, <version>(.+?)</version>"
            })
    void isThatOfTheProject(String file, String pattern) throws IOException {
        assertEquals(version("pom.xml", "<version>(.+?)</version>"), version(file, pattern));
    }
}
