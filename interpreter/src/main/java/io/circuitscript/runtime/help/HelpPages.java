package io.circuitscript.runtime.help;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.source.ErrorPage;
import io.circuitscript.source.ErrorPages;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pages of {@code help} as plain text: an overview, and a page for each word. Statements are described by their
 * declarations, everything else by a {@link LanguagePage}.
 */
public final class HelpPages {
    /** A part of the overview. @param words statements, and titles of language pages */
    public record Group(String title, List<String> words) {}

    private static final List<Group> GROUPS = List.of(
            new Group(
                    "Models and data",
                    List.of(
                            "load",
                            "predict",
                            "tokens",
                            "generate",
                            "data",
                            "data generate",
                            "task",
                            "metric",
                            "baseline")),
            new Group("Looking and ablating", List.of("nodes", "edges", "ablate", "patch")),
            new Group("Finding a circuit", List.of("attribute", "check-scores", "threshold", "top", "greedy", "prune")),
            new Group(
                    "Circuits by hand", List.of("full", "empty", "add", "remove", "circuit", "keep", "use", "compare")),
            new Group("Testing a circuit", List.of("evaluate", "sweep", "expect")),
            new Group("Pictures and files", List.of("render", "plot", "report", "save", "open")),
            new Group(
                    "Programs", List.of("let", "for", "if", "def", "import", "param", "print", "set", "seed", "help")));

    private static final Declaration HELP = Declaration.of("help", "shows these pages", "help attribute")
            .takes(Declaration.Argument.optional("word", Kind.NAME, "a statement, or a part of the language"))
            .build();

    /** The fields of the items of lists that results have. */
    private static final SequencedMap<String, List<String>> ITEMS = items();

    private static SequencedMap<String, List<String>> items() {
        SequencedMap<String, List<String>> items = new LinkedHashMap<>();
        items.put("`top` of predict, `tokens` of generate", List.of("token", "id", "prob"));
        items.put("`items` of nodes", List.of("node", "score", "in_circuit"));
        items.put("`items` of edges", List.of("edge", "score", "in_circuit"));
        items.put("`items` of check-scores", List.of("edge", "score", "difference", "exact"));
        items.put("`points` of sweep, beside those of evaluate", List.of("size", "fraction", "abs"));
        return items;
    }

    /** The word that lists every number. */
    private static final String MISTAKES = "mistakes";

    private final List<Declaration> declarations;
    private final List<LanguagePage> pages = LanguagePage.all();

    /** @param declarations of every statement that has one */
    public HelpPages(List<Declaration> declarations) {
        this.declarations = new ArrayList<>(declarations);
        this.declarations.add(HELP);
    }

    /** The statements in groups, each with what stands under it: those that no group names come last. */
    public List<Group> groups() {
        Set<String> known = new LinkedHashSet<>();
        List<Group> groups = new ArrayList<>();
        for (Group group : GROUPS) {
            List<String> words = group.words().stream()
                    .filter(word ->
                            declaration(word).isPresent() || languagePage(word).isPresent())
                    .toList();
            groups.add(new Group(group.title(), words));
            known.addAll(words);
        }
        List<String> others = declarations.stream()
                .map(Declaration::word)
                .filter(word -> !known.contains(word))
                .toList();
        if (!others.isEmpty()) groups.add(new Group("Other statements", others));
        return List.copyOf(groups);
    }

    /** Pages about what is no statement. */
    public List<LanguagePage> topics() {
        Set<String> grouped =
                groups().stream().flatMap(group -> group.words().stream()).collect(Collectors.toSet());
        return pages.stream().filter(page -> !grouped.contains(page.title())).toList();
    }

    /** The statement of a word, where it has a declaration. */
    public Optional<Declaration> declaration(String word) {
        return declarations.stream().filter(it -> it.word().equals(word)).findFirst();
    }

    /** What is said of a word besides, or instead of, a declaration. */
    public Optional<LanguagePage> languagePage(String word) {
        return pages.stream().filter(page -> page.words().contains(word)).findFirst();
    }

    /** Every word that has a page. */
    public List<String> words() {
        Set<String> words = new LinkedHashSet<>();
        groups().forEach(group -> words.addAll(group.words()));
        pages.forEach(page -> words.addAll(page.words()));
        return List.copyOf(words);
    }

    /** Every statement in a line, and what else there is to ask for. */
    public String overview() {
        StringBuilder text = new StringBuilder();
        int width = groups().stream()
                .flatMap(group -> group.words().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        for (Group group : groups()) {
            text.append(group.title()).append('\n');
            for (String word : group.words()) {
                text.append("  ")
                        .append(word)
                        .append(" ".repeat(width + 2 - word.length()))
                        .append(line(word))
                        .append('\n');
            }
            text.append('\n');
        }
        String topics = topics().stream().map(LanguagePage::title).collect(Collectors.joining(", "));
        return text
                + "'help WORD' tells more of each of these, of a function, as 'help len', of an option, as 'help ig', of a\nresult's field, as 'help jaccard', of a mistake by its number, as 'help E0201' ('help mistakes' lists them), and of\n  "
                + topics + "\n";
    }

    private String line(String word) {
        Optional<Declaration> declaration = declaration(word);
        if (declaration.isEmpty()) return languagePage(word).orElseThrow().doc();
        return declaration.get().doc();
    }

    /** The page of a word, or nothing where there is none. */
    public Optional<String> page(String word) {
        List<String> parts = new ArrayList<>();
        declaration(word).map(HelpText::of).ifPresent(parts::add);
        languagePage(word).map(HelpText::of).ifPresent(parts::add);
        ErrorPages.find(word).map(ErrorPage::text).ifPresent(parts::add);
        if (word.equals(MISTAKES)) parts.add(mistakes());
        if (declaration(word).isEmpty()) {
            optionsNamed(word).ifPresent(parts::add);
            fieldsNamed(word).ifPresent(parts::add);
        }
        Optional.ofNullable(StandardLibrary.get().tasks().get(word))
                .ifPresent(task -> parts.add("task " + word
                        + "\n  Data and metric together; 'help task' tells more. The standard library has it so:\n\n"
                        + task.definition().span().text().indent(2)));
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", parts));
    }

    /** What a word means as an option, or as what an option may be: each meaning with the statements that have it so. */
    private Optional<String> optionsNamed(String word) {
        String key = word.endsWith("=") ? word.substring(0, word.length() - 1) : word;
        Map<String, List<String>> statements = new LinkedHashMap<>();
        for (Declaration declaration : declarations) {
            for (Declaration.Argument option : declaration.options()) {
                if (!option.name().equals(key) && !option.allowed().contains(key)) continue;
                String written = option.name() + "=" + (option.name().equals(key) ? "" : key);
                String meaning = written + "\n  " + HelpText.sentence(HelpText.meaning(option)) + "\n";
                statements.computeIfAbsent(meaning, it -> new ArrayList<>()).add(declaration.word());
            }
        }
        List<String> lines = new ArrayList<>();
        statements.forEach(
                (meaning, words) -> lines.add(meaning + "  An option of " + String.join(", ", words) + ".\n"));
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    /** Which results have a field of that name, or have it in their lists. */
    private Optional<String> fieldsNamed(String word) {
        Map<String, List<String>> statements = new LinkedHashMap<>();
        for (Declaration declaration : declarations) {
            Type type = declaration.result().get(word);
            if (type == null) continue;
            String what = type == Type.ANY ? "" : " (" + type.phrase() + ")";
            statements
                    .computeIfAbsent("." + word + what, it -> new ArrayList<>())
                    .add(declaration.word());
        }
        List<String> lines = new ArrayList<>();
        statements.forEach((field, words) ->
                lines.add(field + "\n  A field of the results of " + String.join(", ", words) + ".\n"));
        ITEMS.forEach((list, fields) -> {
            if (fields.contains(word)) lines.add("." + word + "\n  A field of each item of " + list + ".\n");
        });
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    private static String mistakes() {
        return ErrorPages.all().stream()
                        .map(page -> page.number() + "  " + page.title() + "\n")
                        .collect(Collectors.joining())
                + "\n'help E0201' tells more of one\n";
    }

    /** @throws Mistake where a script asks for help on a word that has none */
    public static void require(String word, Span statement, List<Declaration> declarations) {
        HelpPages pages = new HelpPages(declarations);
        if (pages.page(word).isPresent()) return;
        Span topic =
                new Span(statement.source(), statement.end() - word.codePointCount(0, word.length()), statement.end());
        throw Mistake.value("no-help", "there is no help on `" + word + "`", topic, pages.insteadOf(word));
    }

    /** The way out where a word has no page. */
    public String insteadOf(String word) {
        List<String> nearest = Spelling.nearest(word, words(), 2);
        if (nearest.isEmpty()) nearest = ErrorPages.nearest(word);
        return nearest.isEmpty() ? "`help` lists what there is" : Spelling.question(nearest);
    }
}
