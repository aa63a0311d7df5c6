package io.circuitscript.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses the nodes that a misspelt name was meant to be. */
final class NearestNames {
    private static final int LIMIT = 3;
    private static final Pattern MLP = Pattern.compile("(?:mlp|m)[._]?0*([0-9]{1,5})(?:[._](?:in|out))?");
    private static final Pattern HEAD =
            Pattern.compile("(?:l|a|attn|head)?[._]?0*([0-9]{1,5})[._]?(?:h|head)?[._]?0*([0-9]{1,5})");
    private static final Pattern LAYER = Pattern.compile("(?:a|l|attn)[._]?0*([0-9]{1,5})(?:[._]\\*)?");
    private static final Pattern MODULE = Pattern.compile(
            "(?:[a-z_]+\\.)*(?:blocks|layers?|h)\\.([0-9]{1,5})\\.(?:hook_)?(mlp|attn|self_attn)(?:[._].*)?");

    private NearestNames() {}

    static List<String> of(ModelGraph graph, String word) {
        Set<String> nearest = new LinkedHashSet<>(otherNotations(graph, word.toLowerCase(java.util.Locale.ROOT)));
        record Near(String name, int distance) {}
        int most = Math.max(1, Math.min(2, word.length() / 3));
        List<Near> near = new ArrayList<>();
        for (Node node : graph.nodes()) {
            int distance = editDistance(word, node.name());
            if (distance <= most) near.add(new Near(node.name(), distance));
        }
        near.sort(Comparator.comparingInt(Near::distance)); // stable: the fixed order among equals
        near.forEach(n -> nearest.add(n.name()));
        return nearest.stream().limit(LIMIT).toList();
    }

    /** What the words of other tools mean here: {@code mlp3}, {@code a8h11}, {@code L8H11}, {@code 8.11}, {@code a8}, {@code embed}. */
    private static List<String> otherNotations(ModelGraph graph, String word) {
        List<String> names = new ArrayList<>();
        Matcher mlp = MLP.matcher(word);
        if (mlp.matches()) addIfThere(graph, Node.mlp(Integer.parseInt(mlp.group(1))), names);
        Matcher head = HEAD.matcher(word);
        if (head.matches() && word.matches(".*[^0-9].*")) {
            addIfThere(graph, Node.head(Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2))), names);
        }
        Matcher layer = LAYER.matcher(word);
        if (layer.matches() && Integer.parseInt(layer.group(1)) < graph.layers())
            names.add("a" + Integer.parseInt(layer.group(1)) + ".h*");
        Matcher module = MODULE.matcher(word);
        if (module.matches() && Integer.parseInt(module.group(1)) < graph.layers()) {
            int at = Integer.parseInt(module.group(1));
            names.add(module.group(2).equals("mlp") ? Node.mlp(at).name() : "a" + at + ".h*");
        }
        if (word.startsWith("embed")) names.add("input");
        if (word.startsWith("unembed") || word.startsWith("output")) names.add("logits");
        return names;
    }

    private static void addIfThere(ModelGraph graph, Node node, List<String> names) {
        if (graph.has(node)) names.add(node.name());
    }

    /** Levenshtein's distance: insertions, deletions and replacements. */
    static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
