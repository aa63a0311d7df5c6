package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.notebook.protocol.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The cells of this session that ran. */
final class History {
    private static final int MOST = 1_000;

    private record Entry(int number, String code) {}

    private final Deque<Entry> entries = new ArrayDeque<>();

    void add(int number, String code) {
        entries.addLast(new Entry(number, code));
        if (entries.size() > MOST) entries.removeFirst();
    }

    /** The answer to a {@code history_request}. Cells have no output of their own here. */
    ObjectNode answer(JsonNode request) {
        List<Entry> found = switch (request.path("hist_access_type").asText()) {
            case "range" -> range(request);
            case "search" -> last(search(request), request.path("n").asInt(MOST));
            default -> last(List.copyOf(entries), request.path("n").asInt(MOST));
        };
        ObjectNode content = Message.object().put("status", "ok");
        ArrayNode history = content.putArray("history");
        boolean output = request.path("output").asBoolean();
        for (Entry entry : found) {
            ArrayNode row = history.addArray().add(0).add(entry.number());
            if (output) row.addArray().add(entry.code()).addNull();
            else row.add(entry.code());
        }
        return content;
    }

    private List<Entry> range(JsonNode request) {
        if (request.path("session").asInt() != 0) return List.of(); // of sessions before nothing is kept
        int start = request.path("start").asInt();
        int stop = request.path("stop").asInt(Integer.MAX_VALUE);
        return entries.stream()
                .filter(it -> it.number() >= start && it.number() < stop)
                .toList();
    }

    private List<Entry> search(JsonNode request) {
        Pattern pattern = pattern(request.path("pattern").asText("*"));
        List<Entry> found = entries.stream()
                .filter(it -> pattern.matcher(it.code()).matches())
                .toList();
        if (!request.path("unique").asBoolean()) return found;
        LinkedHashSet<String> seen = new LinkedHashSet<>();
        List<Entry> latest = new ArrayList<>();
        for (Entry entry : found.reversed()) if (seen.add(entry.code())) latest.addFirst(entry);
        return latest;
    }

    /** {@code *} is any text, {@code ?} any character. */
    private static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*' && regex.toString().endsWith(".*")) continue; // one is as good as many, and quicker
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static List<Entry> last(List<Entry> found, int most) {
        return found.subList(Math.max(0, found.size() - Math.max(0, most)), found.size());
    }
}
