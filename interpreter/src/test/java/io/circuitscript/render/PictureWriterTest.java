package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureWriterTest {
    private static final Path CACHE = Path.of("target", "graphviz-cache");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final PictureWriter bundled =
            new PictureWriter(CACHE, Optional.empty(), new DrawingDeadline(LIMIT, () -> {}));

    @Test
    void theBundledGraphvizDrawsAPngAndTheSameOneTwice() throws IOException {
        Path first = folder.resolve("new/a.png");
        Path second = folder.resolve("b.PNG");
        bundled.write(CircuitPictureTest.dot(), first);
        bundled.write(CircuitPictureTest.dot(), second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        BufferedImage image = ImageIO.read(first.toFile());
        assertTrue(image.getWidth() > 600 && image.getWidth() < 3000, "width " + image.getWidth());
        assertTrue(image.getHeight() > 600 && image.getHeight() < 3000, "height " + image.getHeight());
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) colours.add(image.getRGB(x, y) & 0xFFFFFF);
        }
        assertTrue(colours.contains(0xDCEBFA) && colours.contains(0xFCE8C8), "heads and MLPs in their colours");
        for (int y = 0; y < image.getHeight(); y++) {
            assertEquals(
                    0xFFFFFF,
                    image.getRGB(image.getWidth() - 3, y) & 0xFFFFFF,
                    "the legend is cut at the right edge, row " + y);
        }
    }

    @Test
    void aLargePictureHasFewerPixelsAPoint() throws IOException {
        Path file = folder.resolve("large.png");
        bundled.write("digraph { node [width=40, height=1]; a -> b }", file);
        assertEquals(SvgRaster.MOST_PIXELS, ImageIO.read(file.toFile()).getWidth());
    }

    @Test
    void anSvgHasEveryNode() throws IOException {
        Path file = folder.resolve("a.svg");
        bundled.write(CircuitPictureTest.dot(), file);
        String svg = Files.readString(file);
        for (String name : new String[] {"input", "a0.h1", "m0", "m1", "logits"})
            assertTrue(svg.contains(">" + name + "</text>"), name);
        assertFalse(svg.contains("transparent"));
    }

    @Test
    void aDotFileIsTheTextItself() throws IOException {
        Path file = folder.resolve("a.dot");
        bundled.write("digraph {}", file);
        assertEquals("digraph {}", Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({"g.jpg, UNKNOWN_FORMAT", "g, UNKNOWN_FORMAT", "png, UNKNOWN_FORMAT"})
    void otherEndingsNameTheOnesThatWork(String name, ErrorCode code) {
        UserError error = assertThrows(UserError.class, () -> bundled.write("digraph {}", folder.resolve(name)));
        assertEquals(code, error.code());
        assertTrue(error.help().contains(".png, .svg, .dot or .pdf"), error.help());
        assertThrows(UserError.class, () -> PictureWriter.checkEnding(Path.of(name)));
    }

    @Test
    void aPdfTakesTheDotCommand() throws IOException {
        UserError error = assertThrows(UserError.class, () -> bundled.write("digraph {}", folder.resolve("g.pdf")));
        assertEquals(ErrorCode.NO_DOT, error.code());
        assertFalse(Files.exists(folder.resolve("g.pdf")));
        withCommand("echo \"$@\"").write("digraph {}", folder.resolve("g.pdf"));
        assertEquals("-Tpdf\n", Files.readString(folder.resolve("g.pdf")));
    }

    /** Graphviz's pdf says when it was made, in the time zone of whoever made it, where nobody says otherwise. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPdfSaysNoTimeOfItsOwn() throws IOException {
        Path file = folder.resolve("g.pdf");
        withCommand("echo \"made at ${SOURCE_DATE_EPOCH:-$(date +%s)} in $(date +%Z)\"")
                .write("digraph {}", file);
        assertEquals("made at 0 in UTC\n", Files.readString(file));
    }

    @Test
    void aMistakeInTheTextIsOneMessageAndLeavesNoFile() {
        Path file = folder.resolve("a.svg");
        UserError error = assertThrows(UserError.class, () -> bundled.write("digraph { a -> ", file));
        assertEquals(70, error.kind().exitCode());
        assertEquals(ErrorCode.GRAPHVIZ_FAILED, error.code());
        assertTrue(error.getMessage().contains("syntax error"), error.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void theBundledGraphvizIsStoppedAfterTheLimitAndWorksAgain() {
        PictureWriter hasty =
                new PictureWriter(CACHE, Optional.empty(), new DrawingDeadline(Duration.ofMillis(1), () -> {}));
        UserError error =
                assertThrows(UserError.class, () -> hasty.write(CircuitPictureTest.dot(), folder.resolve("a.svg")));
        assertTrue(error.getMessage().contains("had not drawn"), error.getMessage());
        bundled.write(CircuitPictureTest.dot(), folder.resolve("b.svg"));
        assertTrue(Files.exists(folder.resolve("b.svg")));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theDotCommandDrawsWhereThereIsOne() throws IOException {
        Path file = folder.resolve("a.svg");
        withCommand("cat; echo \" $*\"").write("digraph {}", file);
        assertEquals("digraph {} -Tsvg\n", Files.readString(file));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theDotCommandKeepsToTheSizeOfAPng() throws IOException {
        Path file = folder.resolve("a.png");
        withCommand("cat; echo \" $*\"").write("digraph {}", file);
        assertEquals("digraph {} -Tpng -Gdpi=144 -Gsize=27\n", Files.readString(file));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDotCommandThatFailsIsOneMessage() {
        Path file = folder.resolve("a.png");
        UserError error = assertThrows(
                UserError.class,
                () -> withCommand("echo half; echo no plugin >&2; exit 3").write("digraph {}", file));
        assertEquals(70, error.kind().exitCode());
        assertTrue(error.getMessage().endsWith("failed with code 3: no plugin"), error.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDotCommandThatHangsIsEnded() {
        long start = System.nanoTime();
        UserError error = assertThrows(
                UserError.class, () -> withCommand("exec sleep 60").write("digraph {}", folder.resolve("a.png")));
        assertTrue(error.getMessage().contains("had not drawn the picture after 1 seconds"), error.getMessage());
        assertTrue(System.nanoTime() - start < 30e9);
    }

    private PictureWriter withCommand(String script) throws IOException {
        Path command = Files.writeString(folder.resolve("dot"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new PictureWriter(CACHE, Optional.of(command), new DrawingDeadline(Duration.ofSeconds(1), () -> {}));
    }

    /** A process of its own that draws. */
    static final class Drawing {
        private Drawing() {}

        public static void main(String[] arguments) {
            try {
                new PictureWriter(Path.of(arguments[0]), Optional.empty(), new DrawingDeadline(LIMIT, () -> {}))
                        .write("digraph { input -> logits }", Path.of(arguments[1]));
            } catch (UserError e) {
                System.out.println(e.code() + ": " + e.getMessage() + ": " + e.help());
                System.exit(e.kind().exitCode());
            }
        }
    }

    /** V8 would end the whole process, with an abort. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theBundledGraphvizIsNotStartedWithoutAddressSpaceForIt() throws Exception {
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -c 0; ulimit -v 2500000; exec \"$@\"",
                        "sh",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-XX:CompressedClassSpaceSize=64m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-XX:ErrorFile=/dev/null",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Drawing.class.getName(),
                        CACHE.toString(),
                        folder.resolve("a.svg").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(70, process.waitFor(), said);
        assertTrue(said.startsWith("GRAPHVIZ_FAILED: the bundled Graphviz needs 1150000 kB of address space"), said);
        assertTrue(said.contains("are left of the limit of 2500000 kB (ulimit -v)"), said);
        assertTrue(said.contains("ends in .dot") && said.contains("install Graphviz"), said);
        assertFalse(Files.exists(folder.resolve("a.svg")));
    }

    @Test
    void roomInAddressSpaceIsWhatTheLimitLeaves() throws IOException {
        assertEquals(Optional.empty(), AddressSpace.of(folder), "a system that does not say");
        Files.writeString(folder.resolve("status"), "Name:\tjava\nVmSize:\t 1000000 kB\n");
        String unlimited = "Max address space         unlimited            unlimited            bytes     \n";
        Files.writeString(folder.resolve("limits"), unlimited);
        assertEquals(Optional.empty(), AddressSpace.of(folder));
        Files.writeString(
                folder.resolve("limits"), unlimited.replaceFirst("unlimited ", Long.toString(3_000_000L * 1024) + " "));
        AddressSpace space = AddressSpace.of(folder).orElseThrow();
        assertEquals(new AddressSpace(3_000_000, 1_000_000), space);
        space.require();
        UserError error = assertThrows(UserError.class, () -> new AddressSpace(2_000_000, 1_000_000).require());
        assertTrue(error.help().endsWith("ulimit -v 2150000"), error.help());
    }

    @Test
    void theMarkForAnExecutableStackIsCleared() {
        ByteBuffer elf = ByteBuffer.allocate(64 + 2 * 56).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F)
                .put(4, (byte) 2)
                .put(5, (byte) 1)
                .putLong(0x20, 64)
                .putShort(0x36, (short) 56)
                .putShort(0x38, (short) 2);
        elf.putInt(64, 1).putInt(68, 5);
        elf.putInt(120, 0x6474E551).putInt(124, 7);
        V8Library.clearExecutableStack(elf.array());
        assertEquals(5, elf.getInt(68));
        assertEquals(6, elf.getInt(124));
    }
}
