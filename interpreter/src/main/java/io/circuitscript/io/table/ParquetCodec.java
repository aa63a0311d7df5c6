package io.circuitscript.io.table;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compression of pages, in Java: the library's own needs native code or Hadoop. */
final class ParquetCodec implements CompressionCodecFactory {
    private final ItemBudget budget;

    ParquetCodec(ItemBudget budget) {
        this.budget = budget;
    }

    /**
     * @param codec null for one that the library does not know
     * @throws io.circuitscript.source.UserError for a compression that cannot be read
     */
    static void check(CompressionCodec codec, TableFault fault) {
        String name = switch (codec) {
            case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW -> "";
            case LZO -> "LZO";
            case BROTLI -> "Brotli";
            case LZ4 -> "Hadoop's LZ4";
            case null -> "a way that is not known";
        };
        if (name.isEmpty()) return;
        throw fault.malformed(
                "it is compressed by " + name,
                "write it with snappy, zstd, gzip or LZ4, as compression=\"zstd\" in pandas");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Unpacking(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("only for reading");
    }

    @Override
    public void release() {}

    private static byte[] bytes(BytesInput page) throws IOException {
        return page.toInputStream().readNBytes(Math.toIntExact(page.size()));
    }

    private final class Unpacking implements BytesInputDecompressor {
        private final CompressionCodecName codec;

        Unpacking(CompressionCodecName codec) {
            this.codec = codec;
        }

        @Override
        public BytesInput decompress(BytesInput packed, int size) throws IOException {
            budget.unpack(size);
            if (codec == CompressionCodecName.UNCOMPRESSED) return checked(packed, packed.size(), size);
            byte[] in = bytes(packed);
            byte[] out = new byte[size];
            // A page without a value may have nothing in it, which no decompression takes.
            if (in.length == 0 && size == 0) return BytesInput.empty();
            int got = switch (codec) {
                case GZIP -> unzip(in, out);
                case SNAPPY -> unpack(new SnappyDecompressor(), in, out);
                case ZSTD -> unpack(new ZstdDecompressor(), in, out);
                case LZ4_RAW -> unpack(new Lz4Decompressor(), in, out);
                default -> throw new IllegalStateException("compression " + codec);
            };
            return checked(BytesInput.from(out), got, size);
        }

        private static BytesInput checked(BytesInput page, long got, int size) {
            if (got != size) throw new Damaged("a page has " + got + " bytes where it says " + size);
            return page;
        }

        /** Damaged pages end these in exceptions of many classes. */
        private static int unpack(Decompressor by, byte[] in, byte[] out) {
            try {
                return by.decompress(in, 0, in.length, out, 0, out.length);
            } catch (RuntimeException e) {
                throw new Damaged("a page cannot be decompressed");
            }
        }

        private static int unzip(byte[] in, byte[] out) {
            try (InputStream unzip = new java.util.zip.GZIPInputStream(new ByteArrayInputStream(in))) {
                int got = unzip.readNBytes(out, 0, out.length);
                return unzip.read() < 0 ? got : got + 1;
            } catch (IOException e) {
                throw new Damaged("a page cannot be decompressed");
            }
        }

        @Override
        public void decompress(ByteBuffer in, int packedSize, ByteBuffer out, int size) {
            throw new UnsupportedOperationException("only for memory outside the heap");
        }

        @Override
        public void release() {}
    }

    /** Packs pages by Snappy. */
    static final class Packing implements BytesInputCompressor {
        private final SnappyCompressor snappy = new SnappyCompressor();

        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            byte[] in = bytes(page);
            byte[] out = new byte[snappy.maxCompressedLength(in.length)];
            return BytesInput.from(out, 0, snappy.compress(in, 0, in.length, out, 0, out.length));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.SNAPPY;
        }

        @Override
        public void release() {}
    }
}
