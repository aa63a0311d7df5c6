package io.circuitscript.io.table;

import java.time.Duration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;

/** The pages of a part of the rows, whose counts are looked at before the library takes memory for them. */
record ParquetPages(PageReadStore pages, ItemBudget budget) implements PageReadStore {
    /** As many times what the largest table takes; the library may take a second for each page that states absurd lengths. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
        return new Checked(pages.getPageReader(column), budget);
    }

    @Override
    public long getRowCount() {
        return pages.getRowCount();
    }

    @Override
    public void close() {
        pages.close();
    }

    private record Checked(PageReader pages, ItemBudget budget) implements PageReader {
        @Override
        public DictionaryPage readDictionaryPage() {
            DictionaryPage page = pages.readDictionaryPage();
            if (page != null) budget.take(page.getDictionarySize());
            return page;
        }

        @Override
        public long getTotalValueCount() {
            return pages.getTotalValueCount();
        }

        @Override
        public DataPage readPage() {
            budget.checkTime(LONGEST);
            DataPage page = pages.readPage();
            if (page == null) throw new Damaged("a column has fewer values than it says");
            // The library has found that those of all pages are as many as the footer says.
            if (page.getValueCount() < 0) throw new Damaged("a page has " + page.getValueCount() + " values");
            return page;
        }
    }
}
