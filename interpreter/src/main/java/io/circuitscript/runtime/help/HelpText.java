package io.circuitscript.runtime.help;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes one page of help as text. The reference page uses the same text. */
public final class HelpText {
    private HelpText() {}

    /** A statement's page: how it is written, what it does, what it takes, what it gives. */
    static String of(Declaration declaration) {
        StringBuilder text = new StringBuilder();
        text.append(usage(declaration)).append('\n');
        text.append(indented(sentence(declaration.doc())));
        List<Declaration.Argument> arguments = arguments(declaration);
        if (!arguments.isEmpty()) {
            text.append('\n');
            int width = arguments.stream()
                    .mapToInt(it -> label(it, declaration).length())
                    .max()
                    .orElse(0);
            for (Declaration.Argument argument : arguments) {
                String label = label(argument, declaration);
                text.append("  ")
                        .append(label)
                        .append(" ".repeat(width + 2 - label.length()))
                        .append(meaning(argument))
                        .append('\n');
            }
        }
        List<String> facts = new ArrayList<>();
        if (declaration.hasResult()) facts.add("result: " + result(declaration));
        if (!declaration.needs().isEmpty()) facts.add("needs: " + needs(declaration));
        if (!facts.isEmpty()) text.append('\n').append(indented(String.join("\n", facts)));
        return text.append("\n  example\n")
                .append(indented(indented(declaration.example())))
                .toString();
    }

    /** A page of the language. */
    static String of(LanguagePage page) {
        String text = page.text().isEmpty() ? "" : "\n" + indented(page.text());
        return page.usage() + "\n" + indented(sentence(page.doc())) + text + "\n  example\n"
                + indented(indented(page.example()));
    }

    /** A function's page. */
    static String of(LanguageFunction function) {
        StringBuilder text = new StringBuilder(function.usage()).append('\n');
        text.append(indented(sentence(function.doc())));
        int width = function.options().stream()
                .mapToInt(it -> it.name().length())
                .max()
                .orElse(0);
        if (width > 0) text.append('\n');
        for (LanguageFunction.Option option : function.options()) {
            String padding = " ".repeat(width - option.name().length());
            text.append(indented(option.name() + "=" + padding + "  " + option.doc()));
        }
        return text.append("\n  example\n")
                .append(indented(indented(function.example())))
                .toString();
    }

    /** {@code attribute [method=eap-ig] [ig=5]}. */
    public static String usage(Declaration declaration) {
        StringBuilder text = new StringBuilder(declaration.word());
        for (Declaration.Argument parameter : declaration.parameters()) {
            String place = placeholder(parameter);
            text.append(' ').append(parameter.optional() ? "[" + place + "]" : place);
        }
        for (Declaration.Argument option : declaration.options()) {
            text.append(" [")
                    .append(option.name())
                    .append('=')
                    .append(byDefault(option))
                    .append(']');
        }
        return text.toString();
    }

    /** What a statement takes, its own words first. */
    public static List<Declaration.Argument> arguments(Declaration declaration) {
        List<Declaration.Argument> all = new ArrayList<>(declaration.parameters());
        all.addAll(declaration.options());
        return all;
    }

    /** How a statement's argument is called: a word by what it stands for, an option by its key. */
    public static String label(Declaration.Argument argument, Declaration declaration) {
        return declaration.parameters().contains(argument) ? placeholder(argument) : argument.name() + "=";
    }

    /** What an argument is, what it takes, and its default. */
    public static String meaning(Declaration.Argument argument) {
        List<String> facts = new ArrayList<>();
        facts.add(argument.allowed().isEmpty() ? argument.kind().phrase() : String.join(", ", argument.allowed()));
        if (argument.most() != Integer.MAX_VALUE) facts.add("up to " + argument.most());
        argument.byDefault().ifPresent(value -> facts.add("default " + shown(value)));
        return argument.doc() + " (" + String.join("; ", facts) + ")";
    }

    /** The fields of a result, each with what it is. */
    public static String result(Declaration declaration) {
        return declaration.result().entrySet().stream()
                .map(field -> field.getKey()
                        + (field.getValue() == Type.ANY
                                ? ""
                                : " (" + field.getValue().phrase() + ")"))
                .collect(Collectors.joining(", "));
    }

    /** What must be there before a statement. */
    public static String needs(Declaration declaration) {
        return declaration.needs().stream()
                .sorted(Comparator.naturalOrder())
                .map(Need::phrase)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String placeholder(Declaration.Argument argument) {
        return switch (argument.kind()) {
            case PROSE, INPUT_FILE, DATA_NAME, OUTPUT_FILE -> "\"" + argument.name() + "\"";
            default -> argument.name().toUpperCase(java.util.Locale.ROOT);
        };
    }

    private static String byDefault(Declaration.Argument option) {
        return option.byDefault().map(HelpText::shown).orElse("…");
    }

    private static String shown(Value value) {
        return value instanceof Value.Text text ? text.value() : value.display();
    }

    /** A sentence begins large and ends with a point. */
    public static String sentence(String text) {
        int first = text.codePointAt(0);
        boolean word = Character.isLetter(first) && !text.startsWith("eap");
        String begun = word
                ? Character.toString(Character.toUpperCase(first)) + text.substring(Character.charCount(first))
                : text;
        return begun + ".";
    }

    private static String indented(String text) {
        return text.lines()
                .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
                .collect(Collectors.joining());
    }
}
