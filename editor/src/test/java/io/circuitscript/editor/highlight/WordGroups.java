package io.circuitscript.editor.highlight;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Words;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words of the language in groups, one for each colour of an editor, taken from the lexer and the declarations. */
final class WordGroups {
    /** Statements after which a name stands that they give. What they do decides their colour, and no declaration says it. */
    private static final Set<String> DECLARING = Set.of("let", "param", "def");

    private static final Set<String> MEASURING = Set.of("metric", "loss");
    private static final Set<String> BLOCKS = Set.of("circuit", "task");
    private static final Set<String> KEEPING = Set.of("keep", "use");
    private static final Set<String> SOFT_ANYWHERE = Set.of("where");

    private WordGroups() {}

    /** Every word of the language that an editor colours as a word. */
    static Set<String> everyWord() {
        Set<String> words = new TreeSet<>(Words.STATEMENTS);
        words.addAll(Words.RESERVED);
        words.addAll(SOFT_ANYWHERE);
        return words;
    }

    static Map<String, Set<String>> ofTheProgram() {
        Set<String> connectives = reserved(Lexeme.Kind.CONNECTIVE);
        Set<String> constants = reserved(Lexeme.Kind.CONSTANT);
        Set<String> control = new TreeSet<>(HelpGroup.PROGRAMS.before());
        control.removeAll(DECLARING);
        control.remove("print");
        control.addAll(except(Words.RESERVED, Words.STATEMENTS, connectives, constants));
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        groups.put("connectives", connectives);
        groups.put("constants", constants);
        groups.put("reserved-control", kept(control, Words.RESERVED::contains));
        groups.put("soft-control", kept(control, Words.SOFT_STATEMENTS::contains));
        groups.put("soft-anywhere", SOFT_ANYWHERE);
        groups.put("declaring", kept(DECLARING, Words.STATEMENTS::contains));
        groups.put("measuring", kept(MEASURING, Words.STATEMENTS::contains));
        groups.put("blocks", kept(BLOCKS, Words.STATEMENTS::contains));
        groups.put("keeping", kept(KEEPING, Words.STATEMENTS::contains));
        groups.put("statements", except(Words.STATEMENTS, control, DECLARING));
        groups.put("second", secondWords());
        groups.put("functions", functions());
        groups.put("values", values());
        return groups;
    }

    private static Set<String> reserved(Lexeme.Kind kind) {
        return kept(Words.RESERVED, word -> Lexeme.of(word).getFirst().kind() == kind);
    }

    private static Set<String> functions() {
        return Stream.concat(Functions.all().stream(), Functions.ofMetrics().stream())
                .map(LanguageFunction::word)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code generate} of {@code data generate}. */
    private static Set<String> secondWords() {
        return declarations().stream()
                .map(Declaration::word)
                .filter(word -> word.contains(" "))
                .map(word -> word.substring(word.indexOf(' ') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The words that some option takes, where they can be written without quotes. */
    private static Set<String> values() {
        return declarations().stream()
                .flatMap(declaration -> declaration.options().stream())
                .flatMap(option -> option.allowed().stream())
                .filter(value -> {
                    List<Lexeme> lexemes = Lexeme.of(value);
                    return lexemes.size() == 1 && lexemes.getFirst().kind().isWordLike() && value.matches("[\\w.-]+");
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Declaration> declarations() {
        return new Statements(Map.of(), Path.of("target")).declarations();
    }

    private static Set<String> kept(Collection<String> words, Predicate<String> which) {
        return words.stream().filter(which).collect(Collectors.toCollection(TreeSet::new));
    }

    @SafeVarargs
    private static Set<String> except(Set<String> words, Set<String>... others) {
        return kept(words, word -> Arrays.stream(others).noneMatch(other -> other.contains(word)));
    }
}
