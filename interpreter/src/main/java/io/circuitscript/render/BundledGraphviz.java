package io.circuitscript.render;

import com.eclipsesource.v8.V8;
import guru.nidi.graphviz.engine.Format;
import guru.nidi.graphviz.engine.GraphvizException;
import guru.nidi.graphviz.engine.GraphvizV8Engine;
import guru.nidi.graphviz.engine.Options;
import io.circuitscript.graph.WholeFile;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Graphviz that comes with us: compiled to JavaScript, and run by V8. */
final class BundledGraphviz {
    private static final String LIBRARY = "libj2v8_linux_x86_64.so";
    private static final int MEMORY = 256 << 20;
    private static final Object LOADING = new Object();

    private final Path cacheFolder;

    BundledGraphviz(Path cacheFolder) {
        this.cacheFolder = cacheFolder;
    }

    String svg(String dot) {
        // Letters are measured by AWT, which needs no screen for it.
        if (System.getProperty("java.awt.headless") == null) System.setProperty("java.awt.headless", "true");
        try {
            loadLibrary();
            try (GraphvizV8Engine engine = new GraphvizV8Engine(cacheFolder.toString())) {
                return engine.execute(dot, Options.create().format(Format.SVG).totalMemory(MEMORY), null).asString();
            }
        } catch (IOException e) {
            throw failure("cannot unpack its library in " + cacheFolder + ": " + e.getMessage());
        } catch (GraphvizException e) {
            throw failure("failed: " + firstLine(e));
        } catch (LinkageError | IllegalStateException e) {
            throw failure("does not run on this machine: " + firstLine(e));
        }
    }

    /**
     * Loads V8's library from a copy whose mark for an executable stack is cleared, and tells V8 that it is loaded. V8's own way would unpack
     * it anew each time, with the mark: the JVM warns about that, and newer systems refuse such a library.
     */
    private void loadLibrary() throws IOException {
        synchronized (LOADING) {
            if (V8.isLoaded()) return;
            byte[] library = unpack();
            if (library.length == 0) return; // another system: V8 finds its own
            clearExecutableStack(library);
            Path file = cacheFolder.toAbsolutePath().resolve(LIBRARY);
            if (!Files.exists(file) || Files.size(file) != library.length) WholeFile.write(file, out -> out.write(library));
            System.load(file.toString());
            try {
                Field loaded = V8.class.getDeclaredField("nativeLibraryLoaded");
                loaded.setAccessible(true);
                loaded.setBoolean(null, true);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("another version of V8's binding", e);
            }
        }
    }

    private static byte[] unpack() throws IOException {
        boolean linux = System.getProperty("os.name").startsWith("Linux") && System.getProperty("os.arch").equals("amd64");
        if (!linux) return new byte[0];
        try (InputStream in = V8.class.getResourceAsStream("/" + LIBRARY)) {
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

    private static String firstLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }

    private static UserError failure(String what) {
        return UserError.failure(
                "graphviz-failed",
                "the bundled Graphviz " + what,
                "install Graphviz, whose dot command is then used, or write a file whose name ends in .dot");
    }
}
