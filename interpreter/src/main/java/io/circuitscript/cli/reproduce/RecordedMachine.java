package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.runtime.state.RunDependencies;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the program and the machine of a record with this one. Differences are told and count for nothing; they
 * explain other differences.
 */
public final class RecordedMachine {
    private RecordedMachine() {}

    /** Each thing that is another, as {@code engine pytorch 2.7.0, now 2.7.1}. */
    public static List<String> differences(ObjectNode record, RunDependencies used) {
        List<String> found = new ArrayList<>();
        compare("", record.path("program"), RunRecord.program(!used.models().isEmpty()), found);
        JsonNode models = record.path("models");
        for (int i = 0; i < Math.min(models.size(), used.models().size()); i++) {
            String before = models.get(i).path("device").asText();
            String now = used.models().get(i).device();
            if (!before.equals(now)) found.add("device " + before + ", now " + now);
        }
        return found;
    }

    private static void compare(String name, JsonNode before, JsonNode now, List<String> found) {
        for (var field : now.properties()) {
            String inner = name + field.getKey();
            JsonNode recorded = before.path(field.getKey());
            if (field.getValue().isObject()) compare(inner + " ", recorded, field.getValue(), found);
            else if (!recorded.asText().equals(field.getValue().asText()))
                found.add(inner + " " + recorded.asText() + ", now "
                        + field.getValue().asText());
        }
    }
}
