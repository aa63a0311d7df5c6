package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;

/**
 * Token ids of a batch's rows on the device, padded to the right and cut into a shared prefix and the window that follows it.
 *
 * @param start the first position of the window
 * @param width how many positions the window has
 * @param cleanTexts of the rows, from position 0 on and without padding; corruptedTexts alike
 * @param clean of the window, {@code [batch, pos]}; corrupted alike
 * @param prefix {@code [batch, prefixPos]}
 * @param points where logits are read, and {@code read} the same as places among the rows' positions, row after row
 */
record BatchTokens(
        int size,
        int start,
        int width,
        List<int[]> cleanTexts,
        List<int[]> corruptedTexts,
        Tensor clean,
        Tensor corrupted,
        Tensor prefix,
        ReadPoints points,
        long[] read) {
    /**
     * @param scope owns the tensors
     * @param clean of each example, without what follows it; corrupted alike
     */
    static BatchTokens of(
            Torch torch, Scope scope, BatchLayout layout, List<int[]> clean, List<int[]> corrupted, int start) {
        List<int[]> cleanRows = layout.extended(clean);
        List<int[]> corruptedRows = layout.extended(corrupted);
        int width = cleanRows.stream().mapToInt(ids -> ids.length).max().orElseThrow() - start;
        return new BatchTokens(
                layout.rows(),
                start,
                width,
                cleanRows,
                corruptedRows,
                ids(torch, scope, cleanRows, start, width), // [batch, pos]
                ids(torch, scope, corruptedRows, start, width), // [batch, pos]
                ids(torch, scope, cleanRows, 0, start), // [batch, prefixPos]
                points(torch, scope, layout, clean, start, width),
                layout.places(clean, start, width));
    }

    private static ReadPoints points(
            Torch torch, Scope scope, BatchLayout layout, List<int[]> clean, int start, int width) {
        if (layout.plain()) {
            long[] lasts =
                    clean.stream().mapToLong(ids -> ids.length - 1L - start).toArray();
            return new ReadPoints(lasts.length, torch.longs(scope, lasts, lasts.length), null);
        }
        long[] places = layout.places(clean, start, width);
        return new ReadPoints(places.length, null, torch.longs(scope, places, places.length));
    }

    /** @throws UserError where the model cannot read these tokens */
    static void check(ModelConfig config, BatchLayout layout, List<int[]> clean, List<int[]> corrupted, int start) {
        for (int[] ids : clean) {
            if (start >= ids.length)
                throw new IllegalArgumentException("a window from " + start + " of " + ids.length + " tokens");
        }
        checkRows(config, layout.extended(clean));
        checkRows(config, layout.extended(corrupted));
    }

    private static void checkRows(ModelConfig config, List<int[]> rows) {
        for (int[] ids : rows) {
            if (ids.length > config.positions()) throw tooLong(config, ids.length);
        }
        checkIds(config, rows);
    }
    /** A tokenizer may have tokens added that its model has no embedding for, as for pictures. */
    private static void checkIds(ModelConfig config, List<int[]> rows) {
        int known = config.dVocab();
        for (int[] ids : rows) {
            for (int id : ids) {
                if (id < known) continue;
                throw UserError.input(
                        ErrorCode.TOKEN_WITHOUT_EMBEDDING,
                        "the text has token " + id + "; the model has embeddings for " + known + " tokens, from 0 on",
                        "leave out the special token, which is not for this model");
            }
        }
    }

    private static UserError tooLong(ModelConfig config, int length) {
        return UserError.input(
                ErrorCode.INPUT_TOO_LONG,
                "an input of " + length + " tokens is longer than the " + config.positions()
                        + " positions of the model",
                "shorten the text");
    }

    private static Tensor ids(Torch torch, Scope scope, List<int[]> rows, int from, int count) {
        long[] flat = new long[rows.size() * count];
        for (int row = 0; row < rows.size(); row++) {
            int[] ids = rows.get(row);
            for (int i = 0; i < count && from + i < ids.length; i++) flat[row * count + i] = ids[from + i];
        }
        return torch.longs(scope, flat, rows.size(), count);
    }
}
