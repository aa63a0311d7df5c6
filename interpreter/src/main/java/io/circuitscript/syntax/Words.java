package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitLexer;
import io.circuitscript.source.NodeNotation;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The words with a meaning of their own, and tests of what a word looks like. */
public final class Words {
    /** Words that can name nothing that an expression refers to. */
    public static final Set<String> RESERVED = words("PRINT", "NONE");

    /** Words that begin a statement with a result: they cannot name a variable. */
    public static final Set<String> VALUE_STATEMENTS = words("LOAD", "OPEN");

    /** Words that begin a statement where one begins, and are names like any other elsewhere. */
    public static final Set<String> SOFT_STATEMENTS = words("WRITE", "RETURN");

    /** Every word that begins a statement, in the order of the reference. */
    public static final Set<String> STATEMENTS = statements();

    private static final Pattern ARITHMETIC = Pattern.compile("[0-9.]+([-*/][0-9.]+)+");
    private static final Pattern JOINED = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}_.]+([-*/][\\p{L}\\p{M}\\p{Nd}_.]+)+");
    private static final Pattern FILE = Pattern.compile(
            ".*\\.(png|svg|dot|gv|pdf|json|jsonl|csv|tsv|parquet|html|htm|txt|circuit|pt)", Pattern.CASE_INSENSITIVE);

    private Words() {}

    /** Whether a word is nodes whatever variables there are: a node, a pattern such as {@code a8.h*}, a range such as {@code m0..m3}. */
    static boolean readsAsNodes(String word) {
        return NodeNotation.readsAsNode(word) || word.contains("*") || word.contains("..");
    }

    /** Whether a word reads as a file's name, as {@code g.png} does: files are quoted. */
    public static boolean readsAsFile(String word) {
        return FILE.matcher(word).matches();
    }

    /** Whether a word is numbers joined by operators, {@code 5-3}: arithmetic without its spaces. */
    public static boolean readsAsArithmetic(String word) {
        return ARITHMETIC.matcher(word).matches();
    }

    /** A word that holds operators with spaces around them: {@code a - b} for {@code a-b}; empty for any other word. */
    public static Optional<String> spaced(String word) {
        return JOINED.matcher(word).matches() ? Optional.of(word.replaceAll("[-*/]", " $0 ")) : Optional.empty();
    }

    static boolean isReserved(int type) {
        return type >= CircuitLexer.PRINT && type <= CircuitLexer.NONE;
    }

    static boolean isSoft(int type) {
        return type >= CircuitLexer.PARAM && type <= CircuitLexer.WHERE;
    }

    /** Whether the token's position decides whether it begins a statement. */
    static boolean isSoftStatement(int type) {
        return type == CircuitLexer.SOFT_COMMAND
                || type == CircuitLexer.SOFT_FILE_COMMAND
                || type == CircuitLexer.SOFT_CONDITION
                || type >= CircuitLexer.QUIET && type <= CircuitLexer.RETURN;
    }

    static boolean isValueStatement(int type) {
        return switch (type) {
            case CircuitLexer.COMMAND,
                    CircuitLexer.FILE_COMMAND,
                    CircuitLexer.DATA,
                    CircuitLexer.TASK,
                    CircuitLexer.METRIC,
                    CircuitLexer.GENERATE,
                    CircuitLexer.CIRCUIT,
                    CircuitLexer.USE,
                    CircuitLexer.KEEP -> true;
            default -> false;
        };
    }

    /** Whether a file in quotes follows it. */
    static boolean isFileStatement(int type) {
        return type == CircuitLexer.FILE_COMMAND || type == CircuitLexer.DATA;
    }

    /** The lexer has a section for each kind of word: every rule from the first to the last is one word. */
    private static Set<String> words(String first, String last) {
        Map<String, String> literals = new HashMap<>();
        for (int type = 1; type <= CircuitLexer.VOCABULARY.getMaxTokenType(); type++) {
            String quoted = CircuitLexer.VOCABULARY.getLiteralName(type);
            if (quoted != null)
                literals.put(CircuitLexer.VOCABULARY.getSymbolicName(type), quoted.substring(1, quoted.length() - 1));
        }
        List<String> rules = List.of(CircuitLexer.ruleNames);
        Set<String> words = new LinkedHashSet<>();
        for (String rule : rules.subList(rules.indexOf(first), rules.indexOf(last) + 1)) words.add(literals.get(rule));
        return Collections.unmodifiableSet(words);
    }

    private static Set<String> statements() {
        var words = new LinkedHashSet<>(VALUE_STATEMENTS);
        words.addAll(List.of(
                "print", "expect", "let", "for", "if", "def", "import", "help", "param", "set", "seed", "loss"));
        words.addAll(SOFT_STATEMENTS);
        return Collections.unmodifiableSet(words);
    }
}
