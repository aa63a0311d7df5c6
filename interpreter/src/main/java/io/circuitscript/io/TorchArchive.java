package io.circuitscript.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file that {@code torch.save} wrote: a zip with a pickle, {@code NAME/data.pkl}, and the numbers of its tensors, {@code NAME/data/0}, …, none of
 * them compressed, so that nothing grows by being read.
 */
public final class TorchArchive implements AutoCloseable {
    private static final String PICKLE = "/data.pkl";

    /** Far more than the names of the largest model's nodes take. */
    private static final int LARGEST_PICKLE = 4 << 20;

    private static final int MOST_PARTS = 10_000;

    private final ZipFile zip;
    private final String folder;
    private final ByteOrder order;

    /** @throws PlainPickle.Refused where the file is no such archive */
    public TorchArchive(Path file) throws IOException {
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new PlainPickle.Refused("it is a broken zip, or ends too early");
        }
        try {
            if (zip.size() > MOST_PARTS) throw new PlainPickle.Refused("it has " + zip.size() + " parts");
            folder = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                    .map(name -> name.substring(0, name.length() - PICKLE.length()))
                    .findFirst()
                    .orElseThrow(() -> new PlainPickle.Refused("it is a zip without PyTorch's data.pkl"));
            boolean big = zip.getEntry(folder + "/byteorder") != null
                    && new String(part("/byteorder", 16)).strip().equals("big");
            order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    public Object pickle() throws IOException {
        return PlainPickle.read(part(PICKLE, LARGEST_PICKLE));
    }

    /** A tensor's numbers, row after row. @param tensor of a shape that is known to be small enough */
    public double[] numbers(TorchTensor tensor) throws IOException {
        if (!tensor.isWithin()) throw new PlainPickle.Refused("a tensor of it reaches beyond its numbers");
        long bytes = tensor.stored() * tensor.element().bytes();
        byte[] part = part("/data/" + tensor.key(), bytes);
        if (part.length != bytes)
            throw new PlainPickle.Refused("a tensor of it has " + part.length + " bytes in place of " + bytes);
        return tensor.numbers(ByteBuffer.wrap(part).order(order));
    }

    private byte[] part(String name, long most) throws IOException {
        ZipEntry entry = zip.getEntry(folder + name);
        if (entry == null) throw new PlainPickle.Refused("its part " + name.substring(1) + " is missing");
        if (entry.getMethod() != ZipEntry.STORED)
            throw new PlainPickle.Refused("its parts are compressed, which torch.save never does");
        if (entry.getSize() > Math.min(most, Integer.MAX_VALUE - 8)) {
            throw new PlainPickle.Refused(
                    "its part " + name.substring(1) + " is too large, " + entry.getSize() + " bytes");
        }
        try (var in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (ZipException e) {
            throw new PlainPickle.Refused("its part " + name.substring(1) + " is broken");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
