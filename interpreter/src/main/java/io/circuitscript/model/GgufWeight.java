package io.circuitscript.model;

import io.circuitscript.model.gguf.GgufBlocks;
import io.circuitscript.model.gguf.GgufFile;
import io.circuitscript.model.gguf.GgufType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The elements of a GGUF's tensor as other files have them: decoded to 32-bit floats where they are quantized, and with rows in the order that
 * Hugging Face's models have.
 */
final class GgufWeight implements WeightBytes {
    /** Elements that are decoded at once: whole blocks of every type, and few enough to stay in a fast cache. */
    private static final int PIECE = 1 << 14;

    /** One a thread. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** What llama.cpp does to the rows of query and key matrices: numbers that are turned together become neighbours. */
    record HeadRows(int dHead) {
        /** The row in the file that has one of ours. */
        long inFile(long row) {
            long within = row % dHead;
            long half = dHead / 2;
            return row - within + within % half * 2 + within / half;
        }
    }

    private static final class Scratch {
        private final byte[] raw = new byte[PIECE * Float.BYTES];
        private final float[] floats = new float[PIECE];
    }

    private final GgufFile.Bytes file;
    private final GgufFile.Tensor tensor;
    private final Optional<HeadRows> order;
    private final boolean quantized;
    private final int size;
    private final long width;

    GgufWeight(GgufFile.Bytes file, GgufFile.Tensor tensor, Optional<HeadRows> order) {
        this.file = file;
        this.tensor = tensor;
        this.order = order;
        this.quantized = GgufBlocks.decodes(tensor.type());
        this.size = quantized ? Float.BYTES : tensor.type().size();
        long[] shape = tensor.shape();
        // A bias has a row for each number; without an order the whole tensor is read as one row.
        long rowWidth = shape.length == 1 ? 1 : shape[shape.length - 1];
        this.width = order.isPresent() ? rowWidth : tensor.elements();
    }

    @Override
    public void read(long position, ByteBuffer to) {
        long element = position / size;
        while (to.hasRemaining()) {
            long row = element / width;
            long column = element % width;
            int count = (int) Math.min(Math.min(to.remaining() / size, width - column), PIECE);
            long fileRow = order.isPresent() ? order.get().inFile(row) : row;
            copy(fileRow * width + column, count, to);
            element += count;
        }
    }

    private void copy(long element, int count, ByteBuffer to) {
        if (!quantized) {
            ByteBuffer part = to.slice(to.position(), count * size);
            file.read(tensor.begin() + element * size, part);
        } else {
            Scratch scratch = SCRATCH.get();
            GgufType type = tensor.type();
            int blocks = raw(element, count, scratch);
            GgufBlocks.decode(type, scratch.raw, blocks, scratch.floats);
            to.slice(to.position(), count * size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(scratch.floats, 0, count);
        }
        to.position(to.position() + count * size);
    }

    /** Reads the blocks of some elements. @return how many */
    private int raw(long element, int count, Scratch scratch) {
        GgufType type = tensor.type();
        if (element % type.block() != 0 || count % type.block() != 0)
            throw new IllegalArgumentException("elements " + element + " to " + (element + count) + " are no blocks");
        file.read(tensor.begin() + type.bytes(element), ByteBuffer.wrap(scratch.raw, 0, (int) type.bytes(count)));
        return count / type.block();
    }

    /** Only the scales are looked at; in the file's order where the rows of a part have another one. */
    @Override
    public boolean knownFinite(long position, long bytes) {
        if (!quantized || order.isPresent()) return false;
        Scratch scratch = SCRATCH.get();
        long end = (position + bytes) / size;
        for (long element = position / size; element < end; element += PIECE) {
            int blocks = raw(element, (int) Math.min(PIECE, end - element), scratch);
            if (!GgufBlocks.areFinite(tensor.type(), scratch.raw, blocks)) return false;
        }
        return true;
    }
}
