package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.notebook.protocol.BadConnectionFile;
import io.circuitscript.notebook.protocol.ConnectionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a connection file may say. */
final class ConnectionFileTest {
    @TempDir
    private Path folder;

    @Test
    void theKernelListensWhereTheFileSays() throws IOException, BadConnectionFile {
        Path file = folder.resolve("c.json");
        var json = KernelClient.connection(file);
        ConnectionFile read = ConnectionFile.read(file);
        assertEquals(
                "tcp://127.0.0.1:" + json.path("shell_port").asInt(),
                read.addresses().get(ConnectionFile.Channel.SHELL));
        Files.writeString(file, json.toString().replace("127.0.0.1", "::1"));
        assertTrue(ConnectionFile.read(file)
                .addresses()
                .get(ConnectionFile.Channel.HB)
                .startsWith("tcp://[::1]:"));
        Files.writeString(
                file, json.toString().replace("127.0.0.1", "/run/kernel").replace("\"tcp\"", "\"ipc\""));
        assertTrue(ConnectionFile.read(file)
                .addresses()
                .get(ConnectionFile.Channel.HB)
                .startsWith("ipc:///run/kernel-"));
    }

    @TestFactory
    Stream<DynamicTest> aWrongFileIsRefused() throws IOException {
        Path good = folder.resolve("good.json");
        String text = KernelClient.connection(good).toString();
        return Stream.of(
                refused(text.replace(KernelClient.KEY, ""), "it has no key"),
                refused(text.replace("hmac-sha256", "none"), "its signature_scheme is 'none'"),
                refused(text.replace("\"tcp\"", "\"udp\""), "its transport is 'udp'"),
                refused(text.replace("127.0.0.1", "127.0.0.1;tcp://evil"), "which is no address"),
                refused(text.replaceFirst("\"shell_port\":\\d+", "\"shell_port\":0"), "its shell_port is 0"),
                refused(text.replaceFirst("\"shell_port\":\\d+", "\"shell_port\":\"x\""), "which is no port"),
                refused(text.replaceFirst("\"shell_port\":\\d+,", ""), "it has no shell_port"),
                refused(text.replaceFirst("(\"shell_port\":)(\\d+)(,\"iopub_port\":)\\d+", "$1$2$3$2"), "two channels"),
                refused("[]", "not a JSON object"),
                refused("{", "it is not JSON"),
                refused("", "not a JSON object"),
                refused("{\"key\": 5}", "its key is not a text"),
                refused("x".repeat(100_000), "larger than"));
    }

    private DynamicTest refused(String text, String message) {
        return DynamicTest.dynamicTest(message, () -> {
            Path file = folder.resolve("bad.json");
            Files.writeString(file, text);
            String said = assertThrows(BadConnectionFile.class, () -> ConnectionFile.read(file))
                    .getMessage();
            assertTrue(said.contains(message), said);
        });
    }

    @Test
    void aMissingFileIsRefused() {
        assertEquals(
                "there is no such file",
                assertThrows(BadConnectionFile.class, () -> ConnectionFile.read(folder.resolve("none")))
                        .getMessage());
        assertEquals(
                "it is not a file",
                assertThrows(BadConnectionFile.class, () -> ConnectionFile.read(folder))
                        .getMessage());
    }
}
