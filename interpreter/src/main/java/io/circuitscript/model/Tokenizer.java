package io.circuitscript.model;

import java.util.List;
import java.util.Optional;

/** Text to token ids and back, by a model's own tokenizer.json. */
public interface Tokenizer extends AutoCloseable {
    /** The ids of a text as a model reads it: exactly one beginning-of-sequence token in front, where the model has one. */
    int[] encode(String text);

    /** The ids of a text by itself, with nothing put in front. */
    int[] encodePlain(String text);

    /** What one token adds to a text, for display: {@code " the"}; a part of a character reads as its replacement. */
    String token(int id);

    default List<String> tokens(int[] ids) {
        return java.util.Arrays.stream(ids).mapToObj(this::token).toList();
    }

    /** The beginning-of-sequence token that {@link #encode} puts in front, where there is one. */
    Optional<String> bos();

    int vocabulary();

    @Override
    void close();
}
