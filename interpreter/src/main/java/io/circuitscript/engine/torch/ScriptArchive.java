package io.circuitscript.engine.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a TorchScript module's text as the archive that PyTorch loads: a zip of stored entries, with a pickled object that has no state but
 * {@code training}. PyTorch's own serialization of a scripted module is the format's reference.
 */
final class ScriptArchive {
    private static final HexFormat HEX = HexFormat.of();

    private ScriptArchive() {}

    /** The archive of the text that lies beside a class as a resource. */
    static byte[] of(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("resource " + resource + " is missing");
            return pack(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pack(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "m/data.pkl", pickledModule());
            add(zip, "m/constants.pkl", HEX.parseHex("8002292e"));
            add(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
            add(zip, "m/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            add(zip, "m/code/__torch__.py", text);
        }
        return out.toByteArray();
    }

    /** {@code __torch__.M()} with {@code training = False}: protocol 2; class; empty tuple; new object; mark, key, false, items; build. */
    private static byte[] pickledModule() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(HEX.parseHex("8002"));
        out.write("c__torch__\nM\n".getBytes(StandardCharsets.US_ASCII));
        out.write(HEX.parseHex("2981"));
        out.write(HEX.parseHex("7d28"));
        out.write(HEX.parseHex("5808000000"));
        out.write("training".getBytes(StandardCharsets.US_ASCII));
        out.write(HEX.parseHex("8975622e"));
        return out.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
