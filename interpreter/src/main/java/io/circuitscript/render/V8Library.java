package io.circuitscript.render;

import com.eclipsesource.v8.V8;
import io.circuitscript.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Loads the native library of V8. The library asks for an executable stack, which newer systems refuse; a copy without
 * that mark is loaded instead, and V8 is told that it is loaded.
 */
final class V8Library {
    private static final String NAME = "libj2v8_linux_x86_64.so";

    private V8Library() {}

    /** Once in a process. @param cacheFolder one that nobody else can write to */
    @SuppressWarnings("restricted") // native access is granted to the whole program
    static synchronized void load(Path cacheFolder) throws IOException {
        if (V8.isLoaded()) return;
        byte[] library = packed();
        // V8's own way looks in folders that others may write to, and in the working folder.
        if (library.length == 0) throw new IllegalStateException("its library is for Linux on x86-64");
        clearExecutableStack(library);
        Path file = cacheFolder.toAbsolutePath().resolve(NAME);
        if (!isWhole(file, library)) AtomicFile.write(file, out -> out.write(library));
        System.load(file.toString());
        try {
            Field loaded = V8.class.getDeclaredField("nativeLibraryLoaded");
            loaded.setAccessible(true);
            loaded.setBoolean(null, true);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is another version of V8's binding", e);
        }
    }

    /** Whether the file is exactly the library. Every byte is compared, so that no other file is loaded. */
    private static boolean isWhole(Path file, byte[] library) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == library.length
                && Arrays.equals(Files.readAllBytes(file), library);
    }

    private static byte[] packed() throws IOException {
        boolean linux = System.getProperty("os.name").startsWith("Linux")
                && System.getProperty("os.arch").equals("amd64");
        if (!linux) return new byte[0];
        try (InputStream in = V8.class.getResourceAsStream("/" + NAME)) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /** Clears the bit "executable" in the flags of the program header PT_GNU_STACK of a 64-bit little-endian ELF file. */
    static void clearExecutableStack(byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        boolean known = elf.length > 64 && file.getInt(0) == 0x464C457F && elf[4] == 2 && elf[5] == 1;
        if (!known) return;
        int headers = Math.toIntExact(file.getLong(0x20));
        int size = file.getShort(0x36);
        int count = file.getShort(0x38);
        for (int i = 0; i < count; i++) {
            int header = headers + i * size;
            boolean stack = file.getInt(header) == 0x6474E551;
            if (stack) file.putInt(header + 4, file.getInt(header + 4) & ~1);
        }
    }
}
