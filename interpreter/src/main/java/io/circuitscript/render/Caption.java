package io.circuitscript.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The title above a picture. Empty texts are left out.
 *
 * @param model its name, as {@code gpt2-small}
 * @param task the task or the data file
 * @param method how the circuit was chosen, as {@code EAP-IG, greedy 400}
 * @param with what ablated edges carried where the faithfulness was measured; empty for patching
 * @param part what of the circuit is drawn and how much, as {@code paths to m2: 9 of 26 edges}; empty where it is all of it
 */
public record Caption(
        String model,
        String task,
        int edges,
        int nodes,
        OptionalDouble faithfulness,
        String with,
        String method,
        String part) {
    /** The caption of a picture of a whole circuit. */
    public Caption(String model, String task, int edges, int nodes, OptionalDouble faithfulness, String method) {
        this(model, task, edges, nodes, faithfulness, "", method, "");
    }

    String title() {
        List<String> parts = new ArrayList<>(List.of(model, task));
        parts.removeIf(String::isBlank);
        return parts.isEmpty() ? "circuit" : String.join(" · ", parts);
    }

    String numbers() {
        List<String> parts = new ArrayList<>();
        if (!method.isBlank()) parts.add(method);
        parts.add(part.isBlank() ? String.format(Locale.ROOT, "%,d %s", edges, edges == 1 ? "edge" : "edges") : part);
        parts.add(String.format(Locale.ROOT, "%,d %s", nodes, nodes == 1 ? "node" : "nodes"));
        // Rounded first, so that a tiny negative number does not show as -0.
        faithfulness.ifPresent(f -> parts.add("faithfulness " + Legend.number("%.3f", Math.rint(f * 1000) / 1000 + 0.0)
                + (with.isEmpty() ? "" : " with=" + with)));
        return String.join(" · ", parts);
    }
}
