package io.circuitscript.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a circuit from EAP-IG's JSON. It reads the file twice, first the configuration and then everything else, so
 * that keys may come in any order.
 */
final class CircuitFileReader {
    // Every edge is a field's name: a table of them all would gain nothing. EAP-IG, whose writer is Python's, writes
    // NaN and Infinity.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** More than every edge of the largest model takes. */
    private static final long MOST_BYTES = 1L << 30;

    private final Path file;
    private ModelGraph graph;
    private OptionalInt dModel = OptionalInt.empty();
    private boolean unscored;

    private final Map<String, Integer> sources = new HashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private BitSet listed;
    private BitSet kept;
    private double[] values;
    private int scored;
    private boolean infinite;
    private int notZero;
    private boolean nodesSeen;
    private boolean edgesSeen;
    private NodeFields ofNodes;
    private boolean listsNeurons;
    private final Map<Integer, double[]> constants = new HashMap<>();
    private final SpanFieldsReader spans = new SpanFieldsReader(
            (json, before, after, help) -> bad(before + (json == null ? "" : place(json)) + after, help));

    CircuitFileReader(Path file) {
        this.file = file;
    }

    CircuitFile.Opened read() {
        pass(this::readHead);
        if (graph == null) throw bad("it has no \"cfg\"", "EAP-IG's files have cfg, nodes and edges");
        prepare();
        if (spans.isPresent()) spans.prepare(graph);
        pass(this::readBody);
        if (!nodesSeen) throw bad("it has no \"nodes\"", "EAP-IG's files have cfg, nodes and edges");
        if (!edgesSeen) throw bad("it has no \"edges\"", "EAP-IG's files have cfg, nodes and edges");
        Optional<Scores> scores = scored == 0 || unscored
                ? Optional.empty()
                : Optional.of(new Scores(graph, values)).filter(it -> CircuitFile.says(it, ofNodes));
        Circuit circuit = new Circuit(graph, kept);
        if (spans.isPresent()) {
            circuit = spans.circuit(listed);
            scores = scoresAtSpans(circuit);
        }
        return new CircuitFile.Opened(
                circuit.graph(),
                ofNodes.of(circuit),
                scores,
                ofNodes.nodeScores(),
                constants(),
                dModel,
                notes(scores.isPresent()));
    }

    /** Checks the totals, which say the same in fewer words. */
    private Optional<Scores> scoresAtSpans(Circuit at) {
        Optional<double[]> found = unscored ? Optional.empty() : spans.scores();
        if (found.isEmpty() && !unscored && notZero > 0)
            throw bad("its edges have scores, and its \"spans\" have none", SpanFieldsReader.HELP);
        SpanFields.contradiction(new Circuit(graph, kept), found.map(it -> values), at, found.orElse(new double[0]))
                .ifPresent(reason -> {
                    throw bad(reason, SpanFieldsReader.HELP);
                });
        return found.map(it -> new Scores(at.graph(), it)).filter(it -> CircuitFile.says(it, ofNodes));
    }

    private List<String> notes(boolean hasScores) {
        List<String> notes = new ArrayList<>();
        int absent = graph.edgeCount() - listed.cardinality();
        if (absent > 0) notes.add(count(absent, "edge is", "edges are") + " not in the file: left out of the circuit");
        int unknown = graph.edgeCount() - scored;
        if (hasScores && unknown > 0) notes.add(CircuitFile.unscored(unknown, infinite, "edge"));
        if (unscored) CircuitFile.noteFlag(notZero, notes);
        ofNodes.note(notes);
        if (listsNeurons) notes.add("the list \"neurons\" is passed over: only what stands with a node is used");
        return notes;
    }

    private static String count(int n, String one, String more) {
        return n + " " + (n == 1 ? one : more);
    }

    private interface Reader {
        void read(JsonParser json, String key) throws IOException;
    }

    /** Goes over the file's outermost keys. */
    private void pass(Reader reader) {
        if (Files.isDirectory(file))
            throw UserError.input(ErrorCode.BAD_CIRCUIT_FILE, file + " is a folder", "name the JSON file itself");
        Unreadable.refuse(file.toString(), file);
        if (!Files.exists(file))
            throw UserError.missing(ErrorCode.MISSING_FILE, file + " does not exist", "check its name and its folder");
        if (file.toFile().length() > MOST_BYTES) throw bad("it is longer than " + (MOST_BYTES >> 30) + " GB", "");
        try (JsonParser json = JSON.createParser(Files.newInputStream(file))) {
            json.enable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            if (json.nextToken() != JsonToken.START_OBJECT)
                throw bad("it is not a JSON object", "EAP-IG's files begin with {\"cfg\": …");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                reader.read(json, key);
            }
            if (json.nextToken() != null) throw bad("something follows its end" + place(json), "");
        } catch (JsonEOFException e) {
            throw bad("it ends too early", "write or copy it again");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation(); // none where a limit of the reader's is passed
            boolean none = at != null && at.getLineNr() == 1 && at.getColumnNr() == 1;
            String what = none ? "" : place(at) + ": " + firstLine(e.getOriginalMessage());
            throw bad("it is not JSON" + what, "`open` reads what `save` or EAP-IG wrote; `data` reads pairs");
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    private static String firstLine(String message) {
        return message == null
                ? "unreadable"
                : message.lines().findFirst().orElse("").replaceFirst(", from `[^`]*`", "");
    }

    private void readHead(JsonParser json, String key) throws IOException {
        switch (key) {
            case "cfg" -> readConfiguration(json);
            case "scored" -> unscored = json.currentToken() == JsonToken.VALUE_FALSE;
            case "spans" -> spans.readHead(json);
            case null, default -> json.skipChildren();
        }
    }

    private void readConfiguration(JsonParser json) throws IOException {
        startObject(json, "cfg");
        OptionalInt layers = OptionalInt.empty();
        OptionalInt heads = OptionalInt.empty();
        Optional<Boolean> parallel = Optional.empty();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "n_layers" -> layers = OptionalInt.of(count(json, key));
                case "n_heads" -> heads = OptionalInt.of(count(json, key));
                case "d_model" -> dModel = OptionalInt.of(count(json, key));
                case "parallel_attn_mlp" -> parallel = Optional.of(truth(json, "parallel_attn_mlp of cfg"));
                case null, default -> json.skipChildren();
            }
        }
        if (layers.isEmpty()) throw bad("its cfg has no n_layers", "");
        if (heads.isEmpty()) throw bad("its cfg has no n_heads", "");
        if (parallel.isEmpty()) throw bad("its cfg has no parallel_attn_mlp", "");
        graph = CircuitFile.graph(file, layers.getAsInt(), heads.getAsInt(), parallel.get());
    }

    private void prepare() {
        for (int source = 0; source < graph.sources(); source++)
            sources.put(graph.sourceNode(source).name(), source);
        for (int slot = 0; slot < graph.slots(); slot++)
            slots.put(graph.slotAt(slot).name(), slot);
        listed = new BitSet(graph.edgeIndexBound());
        kept = new BitSet(graph.edgeIndexBound());
        values = new double[graph.edgeIndexBound()];
        ofNodes = new NodeFields(graph);
    }

    private void readBody(JsonParser json, String key) throws IOException {
        switch (key) {
            case "nodes" -> readNodes(json);
            case "edges" -> readEdges(json);
            case "constants" -> readConstants(json);
            case "spans" -> spans.readBody(json, this::edge);
            case "neurons" -> {
                listsNeurons = true;
                json.skipChildren();
            }
            case null, default -> json.skipChildren();
        }
    }

    /** Which nodes are in follows from the edges; names and types are checked all the same. */
    private void readNodes(JsonParser json) throws IOException {
        nodesSeen = true;
        startObject(json, "nodes");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (!sources.containsKey(name) && !name.equals(Node.LOGITS.name())) throw unknownNode(json, name);
            if (json.nextToken() == JsonToken.START_OBJECT) readNode(json, name);
            else truth(json, "node " + name);
        }
    }

    private void readNode(JsonParser json, String name) throws IOException {
        boolean said = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "in_graph" -> {
                    truth(json, "in_graph of node " + name);
                    said = true;
                }
                case "score" -> readNodeScore(json, name);
                case "neurons", "neurons_scores" -> readNeurons(json, name, key);
                case null, default -> json.skipChildren();
            }
        }
        if (!said) throw bad("node " + name + place(json) + " has no in_graph", "");
    }

    private void readNodeScore(JsonParser json, String name) throws IOException {
        Integer source = sources.get(name);
        if (json.currentToken() == JsonToken.VALUE_NULL || source == null) return;
        ofNodes.score(source, number(json, "the score of node " + name));
    }

    /** A list of a node's neurons; of a head, or a list for each head of its layer, as EAP-IG has it. */
    private void readNeurons(JsonParser json, String name, String key) throws IOException {
        Integer source = sources.get(name);
        if (json.currentToken() == JsonToken.VALUE_NULL || source == null) {
            json.skipChildren();
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY)
            throw bad(key + " of node " + name + place(json) + " is not a list", "");
        if (json.nextToken() != JsonToken.START_ARRAY) {
            readNeurons(json, source, name, key);
            return;
        }
        Node node = graph.sourceNode(source);
        boolean head = node.kind() == Node.Kind.HEAD;
        int rows = 0;
        for (; json.currentToken() == JsonToken.START_ARRAY; json.nextToken(), rows++) {
            if (!head || rows == graph.heads()) break;
            json.nextToken();
            readNeurons(json, source - node.head() + rows, name, key);
        }
        if (head && rows == graph.heads() && json.currentToken() == JsonToken.END_ARRAY) return;
        throw bad(key + " of node " + name + place(json) + " is neither one list nor a list for each head", "");
    }

    /** From the first of them to the list's end. */
    private void readNeurons(JsonParser json, int source, String name, String key) throws IOException {
        boolean choice = key.equals("neurons");
        List<Double> found = new ArrayList<>();
        for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
            boolean none = json.currentToken() == JsonToken.VALUE_NULL;
            if (choice) found.add(truth(json, "a neuron of node " + name) ? 1.0 : 0.0);
            else found.add(none ? Double.NaN : number(json, "the score of a neuron of node " + name));
        }
        boolean asWide = dModel.isEmpty() || dModel.getAsInt() == found.size();
        if (found.isEmpty() || !asWide || !ofNodes.fits(found.size())) {
            String wanted = dModel.isPresent()
                    ? "its cfg has a d_model of " + dModel.getAsInt()
                    : "every node has the same number";
            throw bad("node " + name + place(json) + " has " + found.size() + " neurons", wanted);
        }
        if (choice) ofNodes.choose(source, found);
        else ofNodes.neuronScores(source, found);
    }

    /** A number, which may be NaN or infinite. */
    private double number(JsonParser json, String what) throws IOException {
        if (!json.currentToken().isNumeric()) throw bad(what + place(json) + " is not a number", "");
        return json.getDoubleValue();
    }

    private void readConstants(JsonParser json) throws IOException {
        startObject(json, "constants");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            Integer source = sources.get(name);
            if (source == null) throw unknownNode(json, name);
            if (json.nextToken() != JsonToken.START_ARRAY)
                throw bad("the constant of node " + name + place(json) + " is not a list", "");
            List<Double> found = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                double value = number(json, "the constant of node " + name);
                if (!Double.isFinite(value))
                    throw bad("the constant of node " + name + place(json) + " is not finite", "");
                found.add(value);
            }
            constants.put(source, found.stream().mapToDouble(it -> it).toArray());
        }
        if (constants.isEmpty()) throw bad("its constants are empty", "");
    }

    private Optional<SourceConstants> constants() {
        if (constants.isEmpty()) return Optional.empty();
        Optional<SourceConstants> all = SourceConstants.of(graph, constants);
        boolean fits = all.isPresent()
                && (dModel.isEmpty() || dModel.getAsInt() == all.get().dModel());
        if (!fits)
            throw bad("its constants do not fit its cfg", "each node has one, as wide as d_model; heads have others");
        return all;
    }

    private void readEdges(JsonParser json) throws IOException {
        edgesSeen = true;
        startObject(json, "edges");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int edge = edge(json, name);
            if (listed.get(edge)) throw bad("edge " + name + place(json) + " appears twice", "");
            listed.set(edge);
            if (json.nextToken() != JsonToken.START_OBJECT)
                throw bad("edge " + name + place(json) + " is not {score, in_graph}", "");
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
                    kept.set(edge, truth(json, "in_graph of edge " + name));
                    said = true;
                }
                case "score" -> readScore(json, name, edge);
                case null, default -> json.skipChildren();
            }
        }
        if (!said) throw bad("edge " + name + place(json) + " has no in_graph", "");
    }

    private void readScore(JsonParser json, String name, int edge) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) return;
        double score = number(json, "the score of edge " + name);
        infinite |= Double.isInfinite(score);
        if (!Double.isFinite(score)) return;
        values[edge] = score;
        scored++;
        if (score != 0) notZero++;
    }

    private int edge(JsonParser json, String name) {
        int arrow = name.indexOf("->");
        Integer source = arrow < 0 ? null : sources.get(name.substring(0, arrow));
        Integer slot = arrow < 0 ? null : slots.get(name.substring(arrow + 2));
        if (source != null && slot != null && source < graph.sourcesBefore(slot)) return graph.edge(source, slot);
        String help = "its cfg has " + graph.layers() + " layers of " + graph.heads() + " heads";
        throw switch (EdgeNames.match(graph, name)) {
            case EdgeNames.Match.Found found ->
                bad("edge " + name + place(json) + " is not one edge", "name the port of a head, as in <q>");
            case EdgeNames.Match.Nothing(UnresolvedName why) ->
                bad("edge " + name + place(json) + " does not exist: " + why.message(), help);
        };
    }

    private UserError unknownNode(JsonParser json, String name) {
        String reason = switch (NodeNames.match(graph, name)) {
            case NodeNames.Match.Found found -> " is not one node";
            case NodeNames.Match.Nothing(UnresolvedName why) -> " does not exist: " + why.message();
        };
        return bad(
                "node " + name + place(json) + reason,
                "its cfg has " + graph.layers() + " layers of " + graph.heads() + " heads");
    }

    private void startObject(JsonParser json, String what) {
        if (json.currentToken() != JsonToken.START_OBJECT) throw bad(what + place(json) + " is not an object", "");
    }

    private int count(JsonParser json, String key) throws IOException {
        boolean whole =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getNumberType() == JsonParser.NumberType.INT;
        if (!whole || json.getIntValue() < 1)
            throw bad(key + " of cfg" + place(json) + " is not a whole number from 1 up", "");
        return json.getIntValue();
    }

    private boolean truth(JsonParser json, String what) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw bad(what + place(json) + " is not true or false", "");
        };
    }

    private static String place(JsonParser json) {
        return place(json.currentTokenLocation());
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private UserError bad(String reason, String help) {
        return UserError.input(
                ErrorCode.BAD_CIRCUIT_FILE, file + " is not a circuit that can be opened: " + reason, help);
    }
}
