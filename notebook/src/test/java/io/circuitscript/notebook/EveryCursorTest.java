package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Help while typing, wherever the cursor stands. */
final class EveryCursorTest {
    private static final int STEP = 499;

    /** Lines that are no statements, and text that is none at all, among them. */
    private static final String STRANGE =
            "%load \"a\n!ls | x\n?gre\ngreedy?\n: \n%\n\"\uD83E\uDDE0 open {1 +\n)))}}} let = -> @ <q> \uD800 \u202E\r\n\t%vars x";

    @Test
    void everyCursorGetsAnAnswer(@TempDir Path folder) throws IOException {
        try (RunningKernel kernel = new RunningKernel(folder)) {
            kernel.client.run("load demo");
            int shift = 0;
            for (String text : texts()) {
                int end = text.codePointCount(0, text.length());
                for (int cursor = shift++ % STEP; cursor <= end; cursor += text.length() > STRANGE.length() ? STEP : 1)
                    ask(kernel.client, text, cursor);
            }
            assertEquals("", kernel.printed());
        }
    }

    private static List<String> texts() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("../examples"))) {
            List<Path> files = examples.filter(it -> it.toString().endsWith(".circuit"))
                    .sorted()
                    .toList();
            Stream.Builder<String> texts = Stream.<String>builder().add(STRANGE);
            for (Path file : files) texts.add(Files.readString(file));
            return texts.build().toList();
        }
    }

    private static void ask(KernelClient client, String text, int cursor) {
        ObjectNode content = KernelClient.object().put("code", text).put("cursor_pos", cursor);
        String before = text.substring(0, text.offsetByCodePoints(0, cursor));
        for (String type : List.of("complete", "inspect")) {
            var reply = client.ask(type + "_request", content).content();
            assertEquals("ok", reply.path("status").asText(), () -> type + " after:\n" + before + "\n" + reply);
        }
        var reply = client.ask("is_complete_request", KernelClient.object().put("code", before))
                .content();
        assertEquals(1, reply.path("status").asText().split("error").length, () -> "after:\n" + before + "\n" + reply);
        if (reply.path("status").asText().equals("error")) throw new AssertionError("after:\n" + before + "\n" + reply);
    }
}
