package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes the differences between a new lock and the one before it. */
public final class LockChanges {
    /** @param before none where it is new, as there is no {@code now} where it is gone */
    public record Change(String what, Optional<String> before, Optional<String> now) {
        public String kind() {
            return before.isEmpty() ? "new" : now.isEmpty() ? "gone" : "changed";
        }
    }

    private LockChanges() {}

    public static List<Change> between(JsonNode before, JsonNode now) {
        Map<String, String> old = entries(before);
        Map<String, String> fresh = entries(now);
        List<Change> changes = new ArrayList<>();
        fresh.forEach((what, value) -> {
            if (!value.equals(old.get(what)))
                changes.add(new Change(what, Optional.ofNullable(old.get(what)), Optional.of(value)));
        });
        old.forEach((what, value) -> {
            if (!fresh.containsKey(what)) changes.add(new Change(what, Optional.of(value), Optional.empty()));
        });
        return changes;
    }

    /** Everything that a lock holds, by what it is called. */
    private static Map<String, String> entries(JsonNode lock) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (var it : lock.path("parameters").properties())
            entries.put("-D " + it.getKey(), it.getValue().asText());
        for (var it : lock.path("files").properties())
            entries.put(it.getKey(), it.getValue().asText());
        for (JsonNode model : lock.path("models")) {
            Map<String, String> asked = new LinkedHashMap<>();
            String revision = model.path("revision").asText();
            String name = model.path("name").asText() + (revision.equals("main") ? "" : " revision=" + revision);
            if (model.path("commit").isTextual())
                asked.put("commit", model.path("commit").textValue());
            for (String part : LockFile.PARTS) {
                for (var it : model.path(part).properties())
                    asked.put(it.getKey(), it.getValue().asText());
            }
            asked.forEach((what, value) -> entries.put(name + ": " + what, value));
        }
        for (JsonNode set : lock.path("datasets")) {
            String parts =
                    set.path("config").asText("") + "/" + set.path("split").asText("");
            String revision = set.path("revision").asText();
            String name = set.path("name").asText()
                    + (revision.equals("main") ? "" : " revision=" + revision)
                    + (parts.equals("/") ? "" : " (" + parts.replaceAll("^/|/$", "") + ")");
            entries.put(name + ": commit", set.path("commit").asText());
            for (var it : set.path("files").properties())
                entries.put(name + ": " + it.getKey(), it.getValue().asText());
        }
        return entries;
    }
}
