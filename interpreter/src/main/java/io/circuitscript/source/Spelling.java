package io.circuitscript.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the names that a misspelt word was most likely meant to be. */
public final class Spelling {
    private static final Pattern QUESTION = Pattern.compile("did you mean (?:the (?:statement|node) )?([^?]+)\\?");

    private record Near(String name, int distance) {}

    private Spelling() {}

    /**
     * The candidates nearest to a word, best first; among equals, in their own order. Those too far to be a slip of the hand are left out.
     * Letter case does not count, but a candidate equal to the word itself is never given.
     */
    public static List<String> nearest(String word, Collection<String> candidates, int limit) {
        String wanted = word.toLowerCase(Locale.ROOT);
        int allowed = Math.max(1, (word.codePointCount(0, word.length()) + 1) / 3);
        var near = new ArrayList<Near>();
        var seen = new HashSet<String>();
        for (String candidate : candidates) {
            if (candidate.equals(word) || !seen.add(candidate)) continue;
            String name = candidate.toLowerCase(Locale.ROOT);
            // A long beginning of a name is a fair guess, however much is missing.
            boolean begins = wanted.length() >= 3 && name.startsWith(wanted);
            if (!begins && Math.abs(name.length() - wanted.length()) > 2 * allowed) continue;
            int distance = begins ? 1 : distance(wanted, name);
            if (distance <= allowed) near.add(new Near(candidate, distance));
        }
        near.sort(Comparator.comparingInt(Near::distance));
        return near.stream().limit(limit).map(Near::name).toList();
    }

    /** The words of a list as a question: {@code did you mean a, b or c?}, or empty where there are none. */
    public static String question(List<String> names) {
        if (names.isEmpty()) return "";
        if (names.size() == 1) return "did you mean " + names.getFirst() + "?";
        int last = names.size() - 1;
        return "did you mean " + String.join(", ", names.subList(0, last)) + " or " + names.get(last) + "?";
    }

    /** The names that a help text asks about, as {@link #question} writes them; none where it asks nothing. */
    public static List<String> asked(String help) {
        Matcher question = QUESTION.matcher(help);
        if (!question.lookingAt()) return List.of();
        return List.of(question.group(1).split(", | or "));
    }

    /** How many insertions, deletions, replacements and swaps of neighbours lead from one to the other. */
    public static int distance(String from, String to) {
        int[] a = from.codePoints().toArray();
        int[] b = to.codePoints().toArray();
        int[] beforeLast = new int[b.length + 1];
        int[] last = new int[b.length + 1];
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) last[j] = j;
        for (int i = 1; i <= a.length; i++) {
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }
        return last[b.length];
    }
}
