package io.circuitscript.source;

import java.util.regex.Pattern;

/** How nodes, and the ports of attention heads, are written. The parser and the graph both read them, and neither knows the other. */
public final class NodeNotation {
    private static final Pattern NODE = Pattern.compile("input|logits|m[0-9]+|a[0-9]+(\\.h[0-9]+)?");
    private static final String PORTS = "qkv";

    private NodeNotation() {}

    /**
     * Whether a word reads as a node, in whatever model: {@code input}, {@code logits}, {@code m3}, {@code a1}, {@code a9.h1}. No variable may be
     * called so.
     */
    public static boolean readsAsNode(String word) {
        return NODE.matcher(word).matches();
    }

    /** Whether the text between {@code <} and {@code >} names ports: {@code q}, {@code k} and {@code v}, one or more, in any order, each once. */
    public static boolean readsAsPorts(String letters) {
        return !letters.isEmpty()
                && letters.chars().allMatch(letter -> PORTS.indexOf(letter) >= 0)
                && letters.chars().distinct().count() == letters.length();
    }
}
