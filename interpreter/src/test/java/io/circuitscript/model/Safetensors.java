package io.circuitscript.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A safetensors file in memory, to be changed and written: how tests make weights that are wrong. */
final class Safetensors {
    /** A tensor that may say anything about itself. */
    record Tensor(String type, List<Long> shape, byte[] bytes) {
        Tensor withType(String other) {
            return new Tensor(other, shape, bytes);
        }

        Tensor withShape(Long... other) {
            return new Tensor(type, List.of(other), bytes);
        }

        /** The same numbers in another format, F16 or BF16, from F32. */
        Tensor narrowed(String to) {
            ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer out = ByteBuffer.allocate(bytes.length / 2).order(ByteOrder.LITTLE_ENDIAN);
            while (from.hasRemaining()) {
                float value = from.getFloat();
                out.putShort(
                        to.equals("F16")
                                ? Float.floatToFloat16(value)
                                : (short) (Float.floatToRawIntBits(value) >>> 16));
            }
            return new Tensor(to, shape, out.array());
        }

        Tensor widened() {
            ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer out = ByteBuffer.allocate(bytes.length * 2).order(ByteOrder.LITTLE_ENDIAN);
            while (from.hasRemaining()) out.putDouble(from.getFloat());
            return new Tensor("F64", shape, out.array());
        }

        Tensor with(int element, float value) {
            byte[] changed = bytes.clone();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * element, value);
            return new Tensor(type, shape, changed);
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();

    static Safetensors read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int header = (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
        var json = (ObjectNode) MAPPER.readTree(new String(all, 8, header, StandardCharsets.UTF_8));
        var safetensors = new Safetensors();
        for (var field : json.properties()) {
            if (field.getKey().equals("__metadata__")) continue;
            var value = field.getValue();
            int begin = value.get("data_offsets").get(0).intValue();
            int end = value.get("data_offsets").get(1).intValue();
            List<Long> shape =
                    value.get("shape").valueStream().map(n -> n.longValue()).toList();
            byte[] bytes = java.util.Arrays.copyOfRange(all, 8 + header + begin, 8 + header + end);
            safetensors.tensors.put(
                    field.getKey(), new Tensor(value.get("dtype").textValue(), shape, bytes));
        }
        return safetensors;
    }

    Safetensors change(String name, UnaryOperator<Tensor> change) {
        if (!tensors.containsKey(name)) throw new IllegalArgumentException(name);
        tensors.computeIfPresent(name, (n, tensor) -> change.apply(tensor));
        return this;
    }

    Safetensors changeAll(UnaryOperator<Tensor> change) {
        tensors.replaceAll((name, tensor) -> change.apply(tensor));
        return this;
    }

    Safetensors only(Predicate<String> wanted) {
        var part = new Safetensors();
        tensors.forEach((name, tensor) -> {
            if (wanted.test(name)) part.tensors.put(name, tensor);
        });
        return part;
    }

    void write(Path file) throws IOException {
        ObjectNode header = MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        var data = new ByteArrayOutputStream();
        for (var entry : tensors.entrySet()) {
            ObjectNode json = header.putObject(entry.getKey())
                    .put("dtype", entry.getValue().type());
            entry.getValue().shape().forEach(json.putArray("shape")::add);
            var offsets = json.putArray("data_offsets").add(data.size());
            data.write(entry.getValue().bytes());
            offsets.add(data.size());
        }
        write(file, MAPPER.writeValueAsBytes(header), data.toByteArray());
    }

    static void write(Path file, byte[] header, byte[] data) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, all.putLong(header.length).put(header).put(data).array());
    }
}
