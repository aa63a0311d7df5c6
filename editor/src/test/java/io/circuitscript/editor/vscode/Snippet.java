package io.circuitscript.editor.vscode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A snippet of the extension. @param body with its placeholders */
record Snippet(String name, List<String> prefixes, String body) {
    private static final Path FILE = Path.of("vscode/snippets/circuitscript.json");
    private static final Pattern CHOICE = Pattern.compile("\\$\\{(\\d+)\\|([^|]*)\\|}");
    private static final Pattern DEFAULT = Pattern.compile("\\$\\{(\\d+):((?:[^${}]|\\{[^${}]*})*)}");

    static List<Snippet> all() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                new ObjectMapper().readTree(Files.readString(FILE)).properties()) {
            snippets.add(new Snippet(
                    entry.getKey(),
                    texts(entry.getValue().get("prefix")),
                    String.join("\n", texts(entry.getValue().get("body")))));
        }
        return snippets;
    }

    private static List<String> texts(JsonNode node) {
        if (node.isTextual()) return List.of(node.asText());
        List<String> texts = new ArrayList<>();
        node.forEach(it -> texts.add(it.asText()));
        return texts;
    }

    /** The texts that an editor can insert where nothing is typed over: one with the first choice everywhere, and one for each other choice. */
    List<String> filled() {
        List<String> texts = new ArrayList<>();
        texts.add(filled(Map.of()));
        Matcher choice = CHOICE.matcher(body);
        while (choice.find()) {
            String[] offered = choice.group(2).split(",");
            for (int i = 1; i < offered.length; i++) texts.add(filled(Map.of(choice.group(1), offered[i])));
        }
        return texts;
    }

    private String filled(Map<String, String> chosen) {
        Map<String, String> values = new HashMap<>(chosen);
        String text = CHOICE.matcher(body).replaceAll(found -> {
            values.putIfAbsent(found.group(1), found.group(2).split(",")[0]);
            return Matcher.quoteReplacement("${" + found.group(1) + ":" + values.get(found.group(1)) + "}");
        });
        // From the inside out: a placeholder may stand in another's default.
        for (Matcher found = DEFAULT.matcher(text); found.find(); found = DEFAULT.matcher(text)) {
            values.putIfAbsent(found.group(1), found.group(2));
            text = text.substring(0, found.start()) + values.get(found.group(1)) + text.substring(found.end());
        }
        return text.replace("$0", "");
    }
}
