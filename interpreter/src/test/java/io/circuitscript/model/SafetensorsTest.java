package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static final long SIZE = 4L << 30;

    @TempDir
    Path folder;

    /** The file has holes in place of the numbers, so that it takes no room. */
    @Test
    void aTensorOfMoreThanTwoGigabytesIsMapped() throws IOException {
        Path path = folder.resolve("model.safetensors");
        String header = "{\"huge\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(SIZE / 4, SIZE);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] text = header.getBytes(StandardCharsets.UTF_8);
            file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
            file.write(text);
            file.setLength(8 + text.length + SIZE);
            file.seek(8 + text.length + SIZE - 4);
            file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NEGATIVE_INFINITY).array());
        }
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile file = SafetensorsFile.open(path, arena);
            Weight weight = file.weight("huge", "huge");
            assertEquals(SIZE / 4, weight.elements());
            assertEquals(Float.NEGATIVE_INFINITY, weight.view(SIZE - 4, SIZE).getFloat());
        }
    }
}
