package io.circuitscript.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Finds the names that a misspelt word may have meant. */
public final class Spelling {
    private Spelling() {}

    /** The candidates nearest to the word, nearest first, at most {@code limit}; none that shares too little with it. */
    public static List<String> nearest(String word, Collection<String> candidates, int limit) {
        int furthest = Math.max(1, word.length() / 3);
        return candidates.stream()
                .distinct()
                .map(candidate -> Map.entry(candidate, distance(word, candidate)))
                .filter(entry -> entry.getValue() <= furthest)
                .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int changed = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(changed, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[a.length()][b.length()];
    }
}
