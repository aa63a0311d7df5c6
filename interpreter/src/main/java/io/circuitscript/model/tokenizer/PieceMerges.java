package io.circuitscript.model.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The merges of a SentencePiece BPE vocabulary, which has scores and no merges: two pieces are merged where what they make is a piece, the one of
 * the highest score first. Merges of equal score are in the order of Hugging Face's own conversion.
 */
final class PieceMerges {
    /** Each piece is tried at each of its places; real vocabularies take 20 million characters. */
    private static final long MOST_CHARACTERS = 500_000_000;

    private record Merge(String left, String right, float score, int leftLength, int rightLength) {
        static Merge of(String piece, int at, float score) {
            return new Merge(
                    piece.substring(0, at),
                    piece.substring(at),
                    score,
                    piece.codePointCount(0, at),
                    piece.codePointCount(at, piece.length()));
        }
    }

    private static final Comparator<Merge> ORDER = Comparator.comparingDouble(Merge::score)
            .thenComparingInt(Merge::leftLength)
            .thenComparingInt(Merge::rightLength)
            .reversed();

    private PieceMerges() {}

    /** Whether merges can be made of pieces in a time that somebody waits for. */
    static boolean areFew(Iterable<String> pieces) {
        long characters = 0;
        for (String piece : pieces) {
            characters += (long) piece.length() * piece.length();
            if (characters > MOST_CHARACTERS) return false;
        }
        return true;
    }

    /**
     * Each as {@code "left right"}, first ones first.
     *
     * @param scores each piece's, in the order of their ids
     */
    static List<String> of(Map<String, Float> scores) {
        List<Merge> merges = new ArrayList<>();
        scores.forEach((piece, score) -> {
            int at = piece.offsetByCodePoints(0, Math.min(1, piece.length()));
            while (at < piece.length()) {
                Merge merge = Merge.of(piece, at, score);
                if (scores.containsKey(merge.left()) && scores.containsKey(merge.right())) merges.add(merge);
                at = piece.offsetByCodePoints(at, 1);
            }
        });
        merges.sort(ORDER); // stable: equal ones stay in the order of their pieces' ids
        return merges.stream().map(it -> it.left() + " " + it.right()).toList();
    }
}
