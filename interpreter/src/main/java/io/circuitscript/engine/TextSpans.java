package io.circuitscript.engine;

import java.util.Arrays;

/**
 * Which span each position of an example's text is in, by number.
 *
 * @param ofText for each token of the text, clean and corrupted alike
 * @param after the span of what follows the text, where a metric reads several tokens
 */
public record TextSpans(int[] ofText, int after) {
    /** Of a text whose positions are not told apart. */
    public static TextSpans none(int length) {
        return new TextSpans(new int[length], 0);
    }

    public TextSpans {
        ofText = ofText.clone();
    }

    @Override
    public int[] ofText() {
        return ofText.clone();
    }

    /** @param position from the text's beginning; past its end it is in what follows */
    int of(int position) {
        return position < ofText.length ? ofText[position] : after;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextSpans it && after == it.after && Arrays.equals(ofText, it.ofText);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ofText);
    }
}
