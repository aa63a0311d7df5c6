package io.circuitscript.io.table;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file in memory, as the library reads it, and the memory into which the library copies parts of it: as much as the file has, and no more. */
final class ParquetBytes implements InputFile, ByteBufferAllocator {
    private final byte[] file;
    private long left;

    ParquetBytes(byte[] file) {
        this.file = file;
        this.left = file.length;
    }

    @Override
    public long getLength() {
        return file.length;
    }

    @Override
    public SeekableInputStream newStream() {
        Place place = new Place(file);
        return new DelegatingSeekableInputStream(place) {
            @Override
            public long getPos() {
                return place.position();
            }

            @Override
            public void seek(long position) {
                place.seek(position);
            }
        };
    }

    private static final class Place extends ByteArrayInputStream {
        Place(byte[] file) {
            super(file);
        }

        int position() {
            return pos;
        }

        void seek(long position) {
            if (position < 0 || position > count) throw new Damaged("a part lies outside the file");
            pos = (int) position;
        }
    }

    @Override
    public ByteBuffer allocate(int size) {
        if (size < 0 || size > left) throw new Damaged("its parts are longer than the file");
        left -= size;
        return ByteBuffer.allocate(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        left += buffer.capacity();
    }

    @Override
    public boolean isDirect() {
        return false;
    }
}
