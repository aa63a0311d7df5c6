package io.circuitscript.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.TreeSet;

/** One model's reference numbers, as made by EAP-IG. */
record Fixture(ModelGraph graph, JsonNode expected) {
    static Fixture gpt2() {
        return new Fixture(new ModelGraph(3, 4, false), read("gpt2"));
    }

    static Fixture gptNeox() {
        return new Fixture(new ModelGraph(3, 4, true), read("gpt_neox"));
    }

    private static JsonNode read(String family) {
        try (InputStream in = Fixture.class.getResourceAsStream("/fixtures/" + family + "/expected.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Scores scores(String task) {
        double[] values = new double[graph.edgeIndexBound()];
        expected.get(task)
                .get("scores")
                .get("eap-ig/5")
                .properties()
                .forEach(entry -> values[ByName.edges(graph, entry.getKey()).nextSetBit(0)] =
                        entry.getValue().doubleValue());
        return new Scores(graph, values);
    }

    static TreeSet<String> names(JsonNode list) {
        TreeSet<String> names = new TreeSet<>();
        list.forEach(name -> names.add(name.textValue()));
        return names;
    }

    static TreeSet<String> names(Circuit circuit) {
        TreeSet<String> names = new TreeSet<>();
        BitSet edges = circuit.edges();
        edges.stream().forEach(edge -> names.add(circuit.graph().edgeName(edge)));
        return names;
    }
}
