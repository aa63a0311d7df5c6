package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * For tools/gguf/check_originals.py: the ids that a GGUF file's tokenizer makes of texts. Texts come as a line of JSON each and their ids go out as a line each; the
 * first line that goes out is the seconds that the tokenizer took to be made.
 */
final class GgufTokenIds {
    private GgufTokenIds() {}

    public static void main(String[] args) throws IOException {
        var texts = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var mapper = new ObjectMapper();
        long begin = System.nanoTime();
        try (Tokenizer tokenizer = Tokenizer.open(Path.of(args[0]), new BosChoice.Auto())) {
            out.println(Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0);
            for (String line = texts.readLine(); line != null; line = texts.readLine())
                out.println(Arrays.toString(tokenizer.encodePlain(mapper.readValue(line, String.class))));
        }
        out.flush();
    }
}
