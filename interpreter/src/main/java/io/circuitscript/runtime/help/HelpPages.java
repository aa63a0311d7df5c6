package io.circuitscript.runtime.help;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.source.ErrorCode;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pages of {@code help} as plain text: an overview, and a page for each word. Statements are described by their
 * declarations, everything else by a {@link LanguagePage}.
 */
public final class HelpPages {
    /** A part of the overview. @param words statements, and titles of language pages */
    public record Group(String title, List<String> words) {}

    private static final Declaration HELP = Declaration.of("help", "shows these pages", "help attribute")
            .takes(Declaration.Argument.optional("word", Kind.NAME, "a statement, or a part of the language"))
            .build();

    /** The word that lists every number. */
    private static final String MISTAKES = "mistakes";

    private final List<Declaration> declarations;
    private final List<LanguagePage> pages = LanguagePage.all();

    /** @param declarations of every statement that has one */
    public HelpPages(List<Declaration> declarations) {
        this.declarations = new ArrayList<>(declarations);
        this.declarations.add(HELP);
    }

    /** The statements in groups, each where its declaration says. */
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (HelpGroup group : HelpGroup.values()) {
            List<String> words = new ArrayList<>(known(group.before()));
            declarations.stream()
                    .filter(it -> it.group() == group && !it.equals(HELP))
                    .map(Declaration::word)
                    .forEach(words::add);
            words.addAll(known(group.after()));
            if (!words.isEmpty()) groups.add(new Group(group.title(), words));
        }
        return List.copyOf(groups);
    }

    private List<String> known(List<String> words) {
        return words.stream()
                .filter(word ->
                        declaration(word).isPresent() || languagePage(word).isPresent())
                .toList();
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

    /** A function of the language, or of metrics, by its word. */
    public static Optional<LanguageFunction> function(String word) {
        return functions().filter(it -> it.word().equals(word)).findFirst();
    }

    private static Stream<LanguageFunction> functions() {
        return Stream.concat(Functions.all().stream(), Functions.ofMetrics().stream());
    }

    /** Every word that has a page. */
    public List<String> words() {
        Set<String> words = new LinkedHashSet<>();
        groups().forEach(group -> words.addAll(group.words()));
        pages.forEach(page -> words.addAll(page.words()));
        functions().map(LanguageFunction::word).forEach(words::add);
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
                + "'help WORD' explains each of these. It also explains a function (help len), an option (help ig), a field of a\nresult (help jaccard), an error by its number (help E0201; 'help mistakes' lists them), and\n  "
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
        function(word).map(HelpText::of).ifPresent(parts::add);
        concept(word).map(it -> "'help " + it + "' explains them\n").ifPresent(parts::add);
        ErrorPages.find(word).map(ErrorPage::text).ifPresent(parts::add);
        if (word.equals(MISTAKES)) parts.add(mistakes());
        if (declaration(word).isEmpty()) {
            optionsNamed(word).ifPresent(parts::add);
            fieldsNamed(word).ifPresent(parts::add);
        }
        Optional.ofNullable(StandardLibrary.get().tasks().get(word))
                .ifPresent(task -> parts.add("task " + word
                        + "\n  Data and metric together; 'help task' explains tasks. This is its definition in the standard library:\n\n"
                        + task.definition().span().text().indent(2)));
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", parts));
    }

    /** The page on what a statement is about, where that is named by the plural of its word: {@code metrics} of {@code metric}. */
    private Optional<String> concept(String word) {
        boolean statement = declaration(word).isPresent() && languagePage(word).isEmpty();
        return Optional.of(word + "s")
                .filter(it -> statement && languagePage(it).isPresent());
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
        Map<List<String>, List<String>> lists = new LinkedHashMap<>();
        for (Declaration declaration : declarations)
            declaration
                    .items()
                    .forEach((list, fields) -> lists.computeIfAbsent(fields, it -> new ArrayList<>())
                            .add(list));
        lists.forEach((fields, named) -> {
            if (fields.contains(word))
                lines.add("." + word + "\n  A field of each item of " + String.join(", ", named) + ".\n");
        });
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    private static String mistakes() {
        return ErrorPages.all().stream()
                        .map(page -> page.number() + "  " + page.title() + "\n")
                        .collect(Collectors.joining())
                + "\n'help E0201' explains one\n";
    }

    /** @throws Mistake where a script asks for help on a word that has none */
    public static void require(String word, Span statement, List<Declaration> declarations) {
        HelpPages pages = new HelpPages(declarations);
        if (pages.page(word).isPresent()) return;
        Span topic =
                new Span(statement.source(), statement.end() - word.codePointCount(0, word.length()), statement.end());
        throw Mistake.value(ErrorCode.NO_HELP, "there is no help on `" + word + "`", topic, pages.insteadOf(word));
    }

    /** The way out where a word has no page. */
    public String insteadOf(String word) {
        List<String> nearest = Spelling.nearest(word, words(), 2);
        if (nearest.isEmpty()) nearest = ErrorPages.nearest(word);
        return nearest.isEmpty() ? "`help` lists what there is" : Spelling.question(nearest);
    }
}
