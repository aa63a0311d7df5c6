package io.circuitscript.cli.repl;

import io.circuitscript.runtime.Declaration;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code help} shows at the prompt, out of the declarations. */
final class HelpText {
    private final List<Declaration> declarations;

    HelpText(List<Declaration> declarations) {
        this.declarations = declarations.stream().filter(declaration -> !declaration.later()).toList();
    }

    /** Every statement with a few words on it. */
    List<String> overview() {
        int width = declarations.stream().mapToInt(declaration -> declaration.word().length()).max().orElse(0) + 2;
        List<String> lines = new ArrayList<>();
        for (Declaration declaration : declarations) lines.add(row(declaration.word(), declaration.doc(), width));
        for (Keywords.Keyword keyword : Keywords.ALL) lines.add(row(keyword.word(), keyword.doc(), width));
        lines.add("");
        lines.add("help attribute explains one of them; :help lists what the prompt itself understands");
        return lines;
    }

    private static String row(String word, String doc, int width) {
        return "  " + word + " ".repeat(width - word.length()) + doc;
    }

    /** @throws UserError where there is no such statement */
    List<String> of(String word) {
        Optional<Keywords.Keyword> keyword = Keywords.find(word);
        if (keyword.isPresent()) return List.of(keyword.get().usage(), "  " + keyword.get().doc());
        return declarations.stream().filter(declaration -> declaration.word().equals(word)).findFirst().map(HelpText::of).orElseThrow(() -> {
            List<String> words = new ArrayList<>(declarations.stream().map(Declaration::word).toList());
            Keywords.ALL.forEach(known -> words.add(known.word()));
            List<String> near = Spelling.nearest(word, words, 3);
            return UserError.input("unknown-topic", "there is no statement " + word, near.isEmpty() ? "help lists all" : Spelling.question(near));
        });
    }

    private static List<String> of(Declaration declaration) {
        List<String> lines = new ArrayList<>();
        lines.add(Usage.of(declaration));
        lines.add("  " + declaration.doc());
        List<Declaration.Argument> all = new ArrayList<>(declaration.parameters());
        declaration.options().stream().filter(option -> !option.later()).forEach(all::add);
        int width = all.stream().mapToInt(argument -> argument.name().length()).max().orElse(0) + 2;
        for (Declaration.Argument argument : all) {
            String values = argument.allowed().isEmpty() ? "" : " (" + String.join(", ", argument.allowed()) + ")";
            lines.add(row(argument.name(), argument.doc() + values, width));
        }
        if (declaration.hasResult()) lines.add("  its result has " + String.join(", ", declaration.result().keySet()));
        lines.add("  as in  " + declaration.example());
        return lines;
    }
}
