package io.circuitscript.editor.document;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpText;
import io.circuitscript.runtime.help.LanguagePage;
import io.circuitscript.source.ErrorPage;

/** The pages of help as Markdown. */
public final class Markdown {
    /** The language's name behind a fence. */
    private static final String LANGUAGE = "circuitscript";

    private Markdown() {}

    /** A text of the language. */
    public static String script(String text) {
        String fence = text.contains("```") ? "````" : "```";
        return fence + LANGUAGE + "\n" + text.strip() + "\n" + fence + "\n";
    }

    /** Text of the help pages, of which only what is between backticks has a meaning. */
    public static String plain(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if ("\\*_[]<>#|".indexOf(c) >= 0) escaped.append('\\');
            escaped.appendCodePoint(c);
        });
        return escaped.toString();
    }

    private static String code(String text) {
        String fence = text.contains("`") ? "``" : "`";
        return fence + text + fence;
    }

    public static String page(ErrorPage page) {
        String meaning = page.meaning().isEmpty() ? "" : page.meaning() + "\n\n";
        return "# " + page.number() + " " + page.word() + "\n\n**" + page.title() + "**\n\n" + meaning
                + (page.exampleIsScript() ? script(page.example()) : "```sh\n" + page.example() + "\n```\n") + "\n"
                + page.mend() + "\n";
    }

    /** A page's explanation, without its example. */
    public static String explanation(ErrorPage page) {
        String meaning = page.meaning().isEmpty() ? "" : "\n\n" + page.meaning();
        return "**" + page.number() + "** " + page.title() + "." + meaning + "\n\n" + page.mend() + "\n";
    }

    public static String page(Declaration declaration) {
        StringBuilder text = new StringBuilder(script(HelpText.usage(declaration)));
        text.append(HelpText.sentence(plain(declaration.doc()))).append("\n\n");
        for (Declaration.Argument argument : HelpText.arguments(declaration))
            text.append("- ")
                    .append(code(HelpText.label(argument, declaration)))
                    .append(" ")
                    .append(plain(HelpText.meaning(argument)))
                    .append('\n');
        if (declaration.hasResult())
            text.append("\nResult: ")
                    .append(plain(HelpText.result(declaration)))
                    .append("\n");
        if (!declaration.needs().isEmpty())
            text.append("\nNeeds: ").append(plain(HelpText.needs(declaration))).append("\n");
        return text.append("\nExample:\n\n")
                .append(script(declaration.example()))
                .toString();
    }

    /** What an option, or another argument, is. */
    public static String argument(Declaration.Argument argument, Declaration declaration) {
        return code(declaration.word() + " " + HelpText.label(argument, declaration)) + "\n\n"
                + HelpText.sentence(plain(HelpText.meaning(argument))) + "\n";
    }

    public static String page(LanguagePage page) {
        String more = page.text().isEmpty() ? "" : plain(page.text()) + "\n\n";
        return script(page.usage()) + HelpText.sentence(plain(page.doc())) + "\n\n" + more + "Example:\n\n"
                + script(page.example());
    }

    public static String page(LanguageFunction function) {
        StringBuilder text = new StringBuilder(script(function.usage()));
        text.append(HelpText.sentence(plain(function.doc()))).append("\n\n");
        for (LanguageFunction.Option option : function.options())
            text.append("- ")
                    .append(code(option.name() + "="))
                    .append(" ")
                    .append(plain(option.doc()))
                    .append('\n');
        return text.append("\nExample:\n\n").append(script(function.example())).toString();
    }

    /** A function's option. */
    public static String option(LanguageFunction.Option option, LanguageFunction function) {
        return code(function.word() + " " + option.name() + "=") + "\n\n" + plain(option.doc()) + "\n";
    }
}
