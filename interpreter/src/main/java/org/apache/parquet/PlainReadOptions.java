package org.apache.parquet;

import java.util.Map;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.format.converter.ParquetMetadataConverter;

/**
 * Makes options for reading. The library's public builder makes Hadoop's compression first, also where it is given another, and so needs Hadoop; the constructor
 * that does not is open to this package only.
 */
public final class PlainReadOptions {
    private static final int LARGEST_BUFFER = 8 << 20;

    private PlainReadOptions() {}

    /** Nothing is filtered: all rows are read. */
    public static ParquetReadOptions of(CompressionCodecFactory codecs, ByteBufferAllocator memory) {
        return new ParquetReadOptions(
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                FilterCompat.NOOP,
                ParquetMetadataConverter.NO_FILTER,
                codecs,
                memory,
                LARGEST_BUFFER,
                Map.of(),
                null,
                null,
                new PlainParquetConfiguration());
    }
}
