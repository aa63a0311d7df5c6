package io.circuitscript.engine.torch;

import ai.djl.pytorch.jni.TorchBridge;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a run went, by the native library's own notes. Each operation has the time that it took less that of the operations which it
 * called.
 *
 * @param seconds of the whole run, with the notes
 * @param operations the longest first
 */
public record NativeProfile(double seconds, List<Operation> operations) {
    private static final double MICRO = 1e-6;

    /** What an operation is for. */
    public enum Kind {
        PRODUCTS("matmuls"),
        ATTENTION("attention"),
        NORMS("norms"),
        ACTIVATIONS("activations and softmax"),
        COPIES("copies and casts"),
        SUMS("sums and other elementwise"),
        REST("the rest of the library"),
        /** What is in no operation: calls, and everything in Java. */
        HOST("calls and Java");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        static Kind of(String operation) {
            String name = operation.replaceFirst("^aten::_?", "").replaceFirst("_$", "");
            return switch (name) {
                case "mm", "addmm", "bmm", "baddbmm", "matmul", "linear", "mkldnn_linear", "dot" -> PRODUCTS;
                case "native_layer_norm",
                        "native_layer_norm_backward",
                        "layer_norm",
                        "rms_norm",
                        "fused_rms_norm",
                        "fused_rms_norm_backward" -> NORMS;
                case "gelu",
                        "gelu_backward",
                        "silu",
                        "silu_backward",
                        "tanh",
                        "tanh_backward",
                        "softmax",
                        "softmax_backward_data",
                        "log_softmax",
                        "log_softmax_backward_data",
                        "threshold_backward",
                        "relu" -> ACTIVATIONS;
                case "copy",
                        "clone",
                        "contiguous",
                        "to",
                        "to_copy",
                        "cat",
                        "stack",
                        "index",
                        "index_select",
                        "index_copy",
                        "index_put",
                        "index_put_impl",
                        "gather",
                        "fill",
                        "zero",
                        "embedding" -> COPIES;
                case "add",
                        "sub",
                        "rsub",
                        "mul",
                        "div",
                        "sum",
                        "mean",
                        "square",
                        "pow",
                        "rsqrt",
                        "exp",
                        "abs",
                        "index_add",
                        "masked_fill",
                        "where" -> SUMS;
                default -> name.startsWith("scaled_dot_product") ? ATTENTION : REST;
            };
        }
    }

    /** @param seconds in it and in nothing that it called */
    public record Operation(String name, Kind kind, int calls, double seconds) {}

    /** Seconds of each kind, all kinds in their order. */
    public Map<Kind, Double> kinds() {
        Map<Kind, Double> sums = new java.util.EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) sums.put(kind, 0.0);
        double known = 0;
        for (Operation each : operations) {
            sums.merge(each.kind, each.seconds, Double::sum);
            known += each.seconds;
        }
        sums.put(Kind.HOST, Math.max(0, seconds - known));
        return sums;
    }

    /** Notes what the library does until it is closed. One at a time. */
    public static Watch start() {
        return start(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** @param folder has the notes while they are read */
    static Watch start(Path folder) {
        return new Watch(folder);
    }

    /** The notes that are being taken. */
    public static final class Watch implements AutoCloseable {
        private final Path file;
        private boolean running = true;

        private Watch(Path folder) {
            try {
                file = Files.createTempFile(folder, "circuit-profile", ".json");
            } catch (IOException e) {
                throw noRoom(e.getMessage());
            }
            TorchBridge.startProfile();
        }

        /** @param seconds that the run took */
        public NativeProfile stop(double seconds) {
            stop();
            return new NativeProfile(seconds, operations(file));
        }

        private void stop() {
            running = false;
            TorchBridge.stopProfile(file.toString());
        }

        @Override
        public void close() {
            try {
                if (running) stop();
            } finally {
                file.toFile().delete();
            }
        }
    }

    private static UserError noRoom(String why) {
        return UserError.failure(
                ErrorCode.CANNOT_WRITE,
                "the library's notes for the profile cannot be written to the temporary folder: " + why,
                "make room there; CIRCUIT_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER names another folder");
    }

    /** @param notes of the library. Where the disk was full, they are cut off: it does not say so */
    static List<Operation> operations(Path notes) {
        try {
            return operations(events(notes));
        } catch (JsonProcessingException cutOff) {
            throw noRoom("they are cut off");
        } catch (IOException e) {
            throw noRoom(e.getMessage());
        }
    }

    /** What was noted of one call. Times in microseconds. */
    private record Event(String name, String thread, double start, double length) {
        double end() {
            return start + length;
        }
    }

    private static List<Event> events(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            String name = "";
            String thread = "";
            double start = 0;
            double length = 0;
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT) depth++;
                if (token == JsonToken.END_OBJECT && depth-- == 1) events.add(new Event(name, thread, start, length));
                if (token != JsonToken.FIELD_NAME || depth != 1) continue;
                String field = json.currentName();
                json.nextToken();
                if (json.currentToken() == JsonToken.START_OBJECT) {
                    json.skipChildren();
                    continue;
                }
                switch (field) {
                    case "name" -> name = json.getText();
                    case "tid" -> thread = json.getText();
                    case "ts" -> start = json.getDoubleValue();
                    case "dur" -> length = json.getDoubleValue();
                    default -> {}
                }
            }
        }
        return events;
    }

    private static List<Operation> operations(List<Event> events) {
        Map<String, double[]> sums = new HashMap<>();
        Map<String, Deque<Event>> open = new HashMap<>();
        events.sort(Comparator.comparingDouble(Event::start)
                .thenComparing(Comparator.comparingDouble(Event::length).reversed()));
        for (Event event : events) {
            Deque<Event> callers = open.computeIfAbsent(event.thread, it -> new ArrayDeque<>());
            while (!callers.isEmpty() && callers.peek().end() <= event.start) callers.pop();
            double[] own = sums.computeIfAbsent(event.name, it -> new double[2]);
            own[0]++;
            own[1] += event.length;
            if (!callers.isEmpty()) sums.get(callers.peek().name)[1] -= event.length;
            callers.push(event);
        }
        return sums.entrySet().stream()
                .map(it -> new Operation(
                        it.getKey(), Kind.of(it.getKey()), (int) it.getValue()[0], it.getValue()[1] * MICRO))
                .sorted(Comparator.comparingDouble(Operation::seconds)
                        .reversed()
                        .thenComparing(Operation::name))
                .toList();
    }
}
