package io.circuitscript.model.tokenizer;

import java.util.Arrays;

/**
 * The tokens of a text, and which of its characters each stands for.
 *
 * @param ids as {@link Tokenizer#encode} gives them
 * @param starts where each token begins in the text, in {@code char}s
 * @param ends where it ends. A token that stands for a part of a character has the whole one; one that stands for none of the text begins and ends
 *     at one place
 */
public record TokenTexts(int[] ids, int[] starts, int[] ends) {
    public TokenTexts {
        if (ids.length != starts.length || ids.length != ends.length)
            throw new IllegalArgumentException(ids.length + ", " + starts.length + ", " + ends.length);
    }

    public int size() {
        return ids.length;
    }

    /** The same with a token in front that no character is in. */
    TokenTexts after(int id) {
        return new TokenTexts(before(id, ids), before(0, starts), before(0, ends));
    }

    private static int[] before(int first, int[] others) {
        int[] all = new int[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    /** Places in code points as places in {@code char}s. The library may see halves of characters as more than there are: nothing lies past the end. */
    static TokenTexts ofCodePoints(String text, int[] ids, int[] starts, int[] ends) {
        int points = text.codePointCount(0, text.length());
        int[] places = new int[points + 1];
        for (int i = 1, at = 0; i <= points; i++) {
            at += Character.charCount(text.codePointAt(at));
            places[i] = at;
        }
        return new TokenTexts(ids, chars(starts, places), chars(ends, places));
    }

    private static int[] chars(int[] points, int[] places) {
        return Arrays.stream(points)
                .map(it -> places[Math.min(it, places.length - 1)])
                .toArray();
    }
}
