package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;

/**
 * Token ids of some examples on the device, padded to the right and cut into a shared prefix and the window that follows it.
 *
 * @param start the first position of the window
 * @param width how many positions the window has
 * @param clean of the window, {@code [batch, pos]}; corrupted alike
 * @param prefix {@code [batch, prefixPos]}
 * @param last each example's last real position, counted from the window's start. {@code [batch]}
 */
record BatchTokens(int size, int start, int width, Tensor clean, Tensor corrupted, Tensor prefix, Tensor last) {
    /** @param scope owns the tensors */
    static BatchTokens of(Torch torch, Scope scope, List<int[]> clean, List<int[]> corrupted, int start) {
        int width = clean.stream().mapToInt(ids -> ids.length).max().orElseThrow() - start;
        long[] lasts = clean.stream().mapToLong(ids -> ids.length - 1L - start).toArray();
        return new BatchTokens(
                clean.size(),
                start,
                width,
                ids(torch, scope, clean, start, width), // [batch, pos]
                ids(torch, scope, corrupted, start, width), // [batch, pos]
                ids(torch, scope, clean, 0, start), // [batch, prefixPos]
                torch.longs(scope, lasts, clean.size())); // [batch]
    }

    /** @throws UserError where the model cannot read these tokens */
    static void check(ModelConfig config, List<int[]> clean, List<int[]> corrupted, int start) {
        for (int[] ids : clean) {
            if (start >= ids.length)
                throw new IllegalArgumentException("a window from " + start + " of " + ids.length + " tokens");
            if (ids.length > config.positions()) throw tooLong(config, ids.length);
        }
        checkIds(config, clean);
        checkIds(config, corrupted);
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
