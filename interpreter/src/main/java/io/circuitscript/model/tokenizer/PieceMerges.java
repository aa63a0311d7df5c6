package io.circuitscript.model.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The merges of a SentencePiece BPE vocabulary, which has scores and no merges: two pieces are merged where what they make is a piece, the one of
 * the highest score first. Merges of equal score are in the order of Hugging Face's own conversion.
 */
final class PieceMerges {
    /** Each piece is tried at each of its places; real vocabularies take 20 million characters. */
    private static final long MOST_CHARACTERS = 500_000_000;

    private record Merge(String left, String right, int leftLength, int rightLength) {
        static Merge of(String left, String right) {
            return new Merge(
                    left, right, left.codePointCount(0, left.length()), right.codePointCount(0, right.length()));
        }
    }

    private static final Comparator<Merge> LONGEST = Comparator.comparingInt(Merge::leftLength)
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
        List<Map.Entry<String, Float>> pieces = new ArrayList<>(scores.entrySet());
        pieces.sort(Map.Entry.<String, Float>comparingByValue().reversed());
        List<String> merges = new ArrayList<>(2 * pieces.size());
        List<Merge> equal = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            addMerges(pieces.get(i).getKey(), scores.keySet(), equal);
            boolean last = i + 1 == pieces.size()
                    || !pieces.get(i + 1).getValue().equals(pieces.get(i).getValue());
            if (!last) continue;
            equal.sort(LONGEST); // stable: equal ones stay in the order of their pieces' ids
            for (Merge merge : equal) merges.add(merge.left() + " " + merge.right());
            equal.clear();
        }
        return merges;
    }

    private static void addMerges(String piece, Set<String> pieces, List<Merge> merges) {
        int at = piece.offsetByCodePoints(0, Math.min(1, piece.length()));
        while (at < piece.length()) {
            String left = piece.substring(0, at);
            if (pieces.contains(left) && pieces.contains(piece.substring(at)))
                merges.add(Merge.of(left, piece.substring(at)));
            at = piece.offsetByCodePoints(at, 1);
        }
    }
}
