package io.circuitscript.model.natives;

import io.circuitscript.io.FileHashes;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The SHA-256 of the native libraries that come with the program, written down by the build. */
final class NativeHashes {
    private static final String FILE = "native-libraries.sha256";
    private static final Pattern LIBRARY =
            Pattern.compile("(pytorch|jnilib|native/lib)/.*\\.(so|so\\.[0-9]+|dylib|jnilib)");

    private NativeHashes() {}

    /** Those that are known, by the names of their resources. */
    static Map<String, String> read() {
        try (InputStream in = NativeHashes.class.getResourceAsStream(FILE)) {
            if (in == null) throw new IllegalStateException("the build has not written the native libraries' hashes");
            Map<String, String> hashes = new TreeMap<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) hashes.put(line.substring(66), line.substring(0, 64));
            }
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The build's step. @param arguments the folder of classes, and the class path */
    public static void main(String[] arguments) throws IOException {
        Path file =
                Path.of(arguments[0]).resolve("io/circuitscript/model/natives").resolve(FILE);
        List<String> lines = new ArrayList<>();
        List<Path> archives = new ArrayList<>();
        for (String part : arguments[1].split(File.pathSeparator)) {
            Path archive = Path.of(part);
            if (!part.endsWith(".jar") || !Files.isRegularFile(archive)) continue;
            archives.add(archive);
            lines.add("# " + archive.getFileName() + " " + Files.size(archive));
        }
        // Half a gigabyte is not read again for a change of ours.
        if (Files.exists(file) && Files.readAllLines(file).containsAll(lines)) return;
        for (Path archive : archives) addLibraries(archive, lines);
        Files.write(file, lines);
    }

    private static void addLibraries(Path archive, List<String> lines) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream()
                    .filter(it -> LIBRARY.matcher(it.getName()).matches())
                    .toList()) {
                MessageDigest digest = FileHashes.digest();
                try (InputStream in = new DigestInputStream(zip.getInputStream(entry), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                lines.add(HexFormat.of().formatHex(digest.digest()) + "  " + entry.getName());
            }
        }
    }
}
