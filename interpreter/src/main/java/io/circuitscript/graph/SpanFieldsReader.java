package io.circuitscript.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the key {@code spans} of a circuit's JSON: first what the spans are, then the edges at them. */
final class SpanFieldsReader {
    static final String HELP =
            "`save` writes {names, sees, read, edges}; without \"spans\" the file is opened as a circuit of edges";

    /** What is wrong with the file, as its reader says it. */
    interface Fault {
        UserError of(JsonParser json, String before, String after, String help);
    }

    /** The edge of the model that has a name, or what is wrong with it. */
    interface Edges {
        int named(JsonParser json, String name);
    }

    private final Fault fault;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, List<String>> sees = new LinkedHashMap<>();
    private Optional<List<String>> names = Optional.empty();
    private Optional<List<String>> read = Optional.empty();
    private boolean found;

    private Map<String, Integer> numbers = Map.of();
    private ModelGraph graph;
    private BitSet listed = new BitSet();
    private BitSet kept;
    private double[] values;
    private int scored;

    SpanFieldsReader(Fault fault) {
        this.fault = fault;
    }

    /** Whether the file has spans. */
    boolean isPresent() {
        return found;
    }

    void readHead(JsonParser json) throws IOException {
        if (found) throw bad(json, "\"spans\"", " appears twice");
        found = true;
        startObject(json, "\"spans\"");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "names" -> names = Optional.of(texts(json, "the list of names of \"spans\""));
                case "read" -> read = Optional.of(texts(json, "the list \"read\" of \"spans\""));
                case "sees" -> readSight(json);
                case null, default -> json.skipChildren();
            }
        }
    }

    private void readSight(JsonParser json) throws IOException {
        startObject(json, "\"sees\" of \"spans\"");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (sees.size() >= SpanFields.MOST) throw bad(json, "\"sees\" of \"spans\"", " is too long");
            if (sees.put(name, texts(json, "what a span sees")) != null)
                throw bad(json, "a span of \"sees\"", " appears twice");
        }
    }

    private List<String> texts(JsonParser json, String what) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) throw bad(json, what, " is not a list");
        List<String> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_STRING)
                throw bad(json, what, " has something that is not the name of a span");
            if (list.size() >= SpanFields.MOST)
                throw bad(json, what, " has more than " + SpanFields.MOST + ", the most that a file has");
            list.add(texts.computeIfAbsent(json.getText(), text -> text));
        }
        return list;
    }

    /** Makes the model's graph with the file's spans, before edges are read. */
    void prepare(ModelGraph whole) {
        List<String> all = names.orElseThrow(() -> bad("its spans have no names"));
        SpanFields.faultOfNames(all).ifPresent(reason -> {
            throw bad(reason);
        });
        SpanFields.faultOfSize(whole, all.size()).ifPresent(reason -> {
            throw bad(reason);
        });
        numbers = new HashMap<>();
        for (String name : all) numbers.put(name, numbers.size());
        List<BitSet> seen = new ArrayList<>();
        for (String name : all) {
            List<String> others = Optional.ofNullable(sees.get(name))
                    .orElseThrow(() -> bad("its \"sees\" does not say what the span " + name + " sees"));
            seen.add(numbers(others, "\"sees\""));
        }
        if (sees.size() > all.size()) numbers(List.copyOf(sees.keySet()), "\"sees\"");
        SpanFields.faultOfSight(all, seen).ifPresent(reason -> {
            throw bad(reason);
        });
        List<String> reads = read.orElseThrow(() -> bad("its spans do not say which of them are read"));
        graph = whole.at(Spans.of(all, seen, numbers(reads, "\"read\"")));
        kept = new BitSet(graph.edgeIndexBound());
        values = new double[graph.edgeIndexBound()];
    }

    private BitSet numbers(List<String> list, String where) {
        BitSet set = new BitSet();
        for (String name : list) {
            Integer number = numbers.get(name);
            if (number == null) throw bad("its " + where + " has " + shown(name) + ", which is none of its spans");
            set.set(number);
        }
        return set;
    }

    private static String shown(String name) {
        return name.codePointCount(0, name.length()) <= 80
                ? name
                : name.substring(0, name.offsetByCodePoints(0, 80)) + "…";
    }

    void readBody(JsonParser json, Edges edges) throws IOException {
        startObject(json, "\"spans\"");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            if (key.equals("edges")) readEdges(json, edges);
            else json.skipChildren();
        }
    }

    private void readEdges(JsonParser json, Edges edges) throws IOException {
        startObject(json, "\"edges\" of \"spans\"");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int edge = edges.named(json, name);
            if (listed.get(edge)) throw bad(json, "edge " + name, " appears twice in \"spans\"");
            listed.set(edge);
            json.nextToken();
            startObject(json, "edge " + name + " of \"spans\"");
            readEdge(json, name, edge);
        }
    }

    private void readEdge(JsonParser json, String name, int edge) throws IOException {
        boolean said = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "in_graph" -> {
                    for (String span : texts(json, "in_graph of edge " + name + " of \"spans\"")) {
                        Integer number = numbers.get(span);
                        if (number == null)
                            throw bad(
                                    json, "edge " + name, " is in at " + shown(span) + ", which is none of its spans");
                        kept.set(edge * graph.perEdge() + number);
                    }
                    said = true;
                }
                case "scores" -> readScores(json, name, edge);
                case null, default -> json.skipChildren();
            }
        }
        if (!said) throw bad(json, "edge " + name, " of \"spans\" has no in_graph");
    }

    private void readScores(JsonParser json, String name, int edge) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) throw bad(json, "scores of edge " + name, " are not a list");
        int span = 0;
        for (; json.nextToken() != JsonToken.END_ARRAY; span++) {
            boolean number = json.currentToken() != null && json.currentToken().isNumeric();
            if (!number || !Double.isFinite(json.getDoubleValue()))
                throw bad(json, "the score of edge " + name + " at a span", " is not a finite number");
            if (span < graph.perEdge()) values[edge * graph.perEdge() + span] = json.getDoubleValue();
        }
        if (span != graph.perEdge())
            throw bad(
                    json,
                    "edge " + name,
                    " has " + span + " scores at spans, and there are " + graph.perEdge() + " spans");
        scored++;
    }

    /** The edges at spans. @param edges those that the file's {@code edges} lists */
    Circuit circuit(BitSet edges) {
        BitSet different = (BitSet) edges.clone();
        different.xor(listed);
        if (!different.isEmpty()) {
            int first = different.nextSetBit(0);
            throw bad("edge " + graph.withoutSpans().edgeName(first) + " is in "
                    + (listed.get(first) ? "\"spans\", and not in \"edges\"" : "\"edges\", and not in \"spans\""));
        }
        return new Circuit(graph, kept);
    }

    /** Of every edge at every span, by number; empty where the file has none. */
    Optional<double[]> scores() {
        if (scored == 0) return Optional.empty();
        if (scored < listed.cardinality()) throw bad("some edges of its \"spans\" have scores, and some have none");
        return Optional.of(values);
    }

    private void startObject(JsonParser json, String what) {
        if (json.currentToken() != JsonToken.START_OBJECT) throw bad(json, what, " is not an object");
    }

    private UserError bad(JsonParser json, String before, String after) {
        return fault.of(json, before, after, HELP);
    }

    private UserError bad(String reason) {
        return fault.of(null, reason, "", HELP);
    }
}
